from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from .whitespace import SPACE
from .words import Word

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotStrings(ValueError):
    """The text is a JSON array, but not of strings only."""


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        # Go refuses a number that it cannot hold; the text is then no JSON for it.
        raise ValueError(text)
    return value


def _no_constant(text: str) -> float:
    raise ValueError(text)


@cache
def _decode() -> Callable[[str], Any]:
    # Many files hold no array, and the import takes longer than to read such a file.
    from json import JSONDecoder

    return JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_no_constant).decode


def exec_form(arguments: str) -> tuple[str, ...] | None:
    """Return the strings when BuildKit takes the arguments as a JSON array, None when it takes them as plain text."""
    text = arguments.lstrip(SPACE)
    if not text.startswith("["):
        return None
    try:
        values = _decode()(text)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        raise NotStrings("when using JSON array syntax, arrays must be comprised of strings only")
    return tuple(_SURROGATE.sub("\ufffd", value) for value in values)


def exec_words(arguments: str, start: int) -> tuple[Word, ...]:
    """Return the decoded strings of an array of strings, each with the span of its literal."""
    values = exec_form(arguments) or ()
    literals = _STRING.finditer(arguments)
    return tuple(
        Word(value, (start + literal.start(), start + literal.end()))
        for value, literal in zip(values, literals, strict=True)
    )
