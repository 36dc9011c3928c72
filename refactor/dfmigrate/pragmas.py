"""Answers in comments of the Dockerfile: ``# dfmigrate: accept=C10 keep=/data``, or ``# dfmigrate: skip-file``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dfmigrate.answers import LISTS, AnswerError, answers
from dfmigrate.settings import Answers
from dfmigrate_grammar import Comment, Dockerfile, Instruction

_PRAGMA = re.compile(r"dfmigrate:\s*(.*)")
SKIP = "skip-file"


class PragmaError(ValueError):
    """A pragma that says nothing that can be understood, with its line."""

    def __init__(self, message: str, hint: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line


def skip_line(dockerfile: Dockerfile) -> int | None:
    """The line that says the file is to be left alone, or None."""
    return next((line for line, text in _pragmas(dockerfile) if SKIP in text.split()), None)


def pragma_answers(dockerfile: Dockerfile, rules: Sequence[str]) -> Answers:
    """The answers of all pragmas of a file. Raises ``PragmaError``."""
    found = Answers()
    for line, text in _pragmas(dockerfile):
        said: dict[str, list[str]] = {}
        for word in text.split():
            name, equals, value = word.partition("=")
            if not equals:
                raise PragmaError(f"{word!r} is no pragma", "write NAME=VALUE, or skip-file", line)
            said.setdefault(name, []).extend(value.split(",") if name in LISTS else [value])
        try:
            found = answers(said, rules).over(found)
        except AnswerError as error:
            raise PragmaError(error.message, error.hint, line) from None
    return found


def _pragmas(dockerfile: Dockerfile) -> Sequence[tuple[int, str]]:
    comments = [
        comment
        for item in dockerfile.items
        for comment in (item.leading if isinstance(item, Instruction) else (item,))
        if isinstance(comment, Comment)
    ]
    found = [(comment, _PRAGMA.fullmatch(comment.text)) for comment in comments]
    return [(dockerfile.line_of(comment), match[1]) for comment, match in found if match is not None]
