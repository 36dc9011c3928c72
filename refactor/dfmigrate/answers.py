"""The words in which answers are given, wherever they stand: on the command line, in a file, in a comment."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from dfmigrate.settings import RUNGS, Answers

LISTS = ("artifact", "keep", "accept", "ignore")
WORDS = ("runtime", "user", "max-rung")
_CODE = re.compile(r"[A-H]\d{1,2}")
_USER = re.compile(r"root|\d+(:\d+)?")


class AnswerError(ValueError):
    """An answer that cannot be one: ``message`` says what is wrong, ``hint`` what to write."""

    def __init__(self, message: str, hint: str, name: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.name = name


def answers(said: Mapping[str, Sequence[str]], rules: Sequence[str]) -> Answers:
    """Read answers by name; ``rules`` are the names that ``ignore`` may hold. Raises ``AnswerError``."""
    for name, values in said.items():
        if name not in (*LISTS, *WORDS):
            near = difflib.get_close_matches(name, [*LISTS, *WORDS], n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join((*LISTS, *WORDS))}"
            raise AnswerError(f"unknown answer {name!r}", hint, name)
        if name in WORDS and len(values) > 1:
            raise AnswerError(f"{name}: there can be only one", "name one", name)
    return Answers(
        artifacts=_paths("artifact", said),
        runtime=_word("runtime", said),
        user=_user(_word("user", said)),
        keep=_paths("keep", said),
        accept=frozenset(_codes(said)),
        max_rung=_rung(_word("max-rung", said)),
        ignore=frozenset(_rules(said, rules)),
    )


def _word(name: str, said: Mapping[str, Sequence[str]]) -> str | None:
    values = said.get(name, ())
    if values and (not values[0] or values[0] != values[0].strip()):
        raise AnswerError(f"{name}: {values[0]!r} is no answer", "give a value without spaces around it", name)
    return values[0] if values else None


def _paths(name: str, said: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    for path in said.get(name, ()):
        if not path.startswith("/") or path.rstrip("/") == "" or ".." in path.split("/"):
            raise AnswerError(f"{name}: {path!r} is no path in the image", "give an absolute path", name)
    return tuple(path.rstrip("/") for path in said.get(name, ()))


def _codes(said: Mapping[str, Sequence[str]]) -> Sequence[str]:
    codes = [code.upper() for value in said.get("accept", ()) for code in value.split(",")]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise AnswerError(
                f"accept: {code!r} is no code", "give a code such as C10, as a decline names it", "accept"
            )
    return codes


def _user(value: str | None) -> str | None:
    if value is None or value == "root":
        return value
    if not _USER.fullmatch(value):
        hint = "give numbers, UID or UID:GID, or root to leave the user as it is"
        raise AnswerError(f"user: {value!r} is not a number", hint, "user")
    return value if ":" in value else f"{value}:{value}"


def _rung(value: str | None) -> str | None:
    if value is not None and value.upper() not in RUNGS:
        raise AnswerError(f"max-rung: {value!r} is no rung", f"one of {', '.join(RUNGS)}", "max-rung")
    return value.upper() if value is not None else None


def _rules(said: Mapping[str, Sequence[str]], rules: Sequence[str]) -> Sequence[str]:
    for name in said.get("ignore", ()):
        if name not in rules:
            near = difflib.get_close_matches(name, rules, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(rules)}"
            raise AnswerError(f"ignore: no rule {name!r}", hint, "ignore")
    return tuple(said.get("ignore", ()))
