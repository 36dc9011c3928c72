"""The words in which answers are given, wherever they stand: on the command line, in a file, in a comment."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from dfmigrate.settings import RUNGS, Answers

LISTS = ("artifact", "keep", "accept", "ignore", "select")
WORDS = ("runtime", "user", "max-rung")
SWITCHES = ("guards",)
"""``true`` or ``false``."""
NAMES = (*LISTS, *WORDS, *SWITCHES)
_CODE = re.compile(r"[A-H][0-9]{1,2}")
_USER = re.compile(r"[1-9][0-9]*(:[0-9]+)?")
_HIGHEST_ID = (1 << 31) - 1
"""An engine takes no higher one."""
_PATH = re.compile(r"/[^\x00-\x20\x7f$*?\[\]\\\"'`]+")
"""What stands in COPY for itself: no variable, wildcard, quote or space."""
_OF_THE_ENGINE = ("proc", "sys", "dev")


class AnswerError(ValueError):
    """An answer that cannot be one: ``message`` says what is wrong, ``hint`` what to write."""

    def __init__(self, message: str, hint: str, name: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.name = name


def answers(said: Mapping[str, Sequence[str]], rules: Sequence[str]) -> Answers:
    """Read answers by name; ``rules`` are the names that ``ignore`` and ``select`` may hold. Raises ``AnswerError``."""
    for name, values in said.items():
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(NAMES)}"
            raise AnswerError(f"unknown answer {name!r}", hint, name)
        if name not in LISTS and len(values) > 1:
            raise AnswerError(f"{name}: there can be only one", "name one", name)
    return Answers(
        artifacts=_paths("artifact", said) if "artifact" in said else None,
        runtime=_word("runtime", said),
        user=_user(_word("user", said)),
        keep=_paths("keep", said),
        accept=frozenset(_codes(said)),
        max_rung=_rung(_word("max-rung", said)),
        ignore=frozenset(_rules("ignore", said, rules)),
        select=frozenset(_rules("select", said, rules)),
        guards=_switch("guards", said),
    )


def _word(name: str, said: Mapping[str, Sequence[str]]) -> str | None:
    values = said.get(name, ())
    if values and (not values[0] or values[0] != values[0].strip()):
        raise AnswerError(f"{name}: {values[0]!r} is no answer", "give a value without spaces around it", name)
    return values[0] if values else None


def _paths(name: str, said: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    found = []
    for path in said.get(name, ()):
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not _PATH.fullmatch(path) or not parts or ".." in parts or parts[0] in _OF_THE_ENGINE:
            hint = "give an absolute path without variables, wildcards, quotes and spaces"
            raise AnswerError(f"{name}: {path!r} is no path in the image", hint, name)
        found.append("/" + "/".join(parts))
    return tuple(found)


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
    if not _USER.fullmatch(value) or any(len(part) > 10 or int(part) > _HIGHEST_ID for part in value.split(":")):
        hint = "give numbers above 0, UID or UID:GID, or root to leave the user as it is"
        raise AnswerError(f"user: {value!r} is no user to run as", hint, "user")
    return value if ":" in value else f"{value}:{value}"


def _rung(value: str | None) -> str | None:
    if value is not None and value.upper() not in RUNGS:
        raise AnswerError(f"max-rung: {value!r} is no rung", f"one of {', '.join(RUNGS)}", "max-rung")
    return value.upper() if value is not None else None


def _switch(name: str, said: Mapping[str, Sequence[str]]) -> bool | None:
    value = _word(name, said)
    if value not in (None, "true", "false"):
        raise AnswerError(f"{name}: {value!r} is neither true nor false", f"write {name}=true", name)
    return None if value is None else value == "true"


def _rules(answer: str, said: Mapping[str, Sequence[str]], rules: Sequence[str]) -> Sequence[str]:
    for name in said.get(answer, ()):
        if name not in rules:
            near = difflib.get_close_matches(name, rules, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(rules)}"
            raise AnswerError(f"{answer}: no rule {name!r}", hint, answer)
    return tuple(said.get(answer, ()))
