"""Go's ``filepath.Match`` patterns, one path segment at a time, in time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MAX_PATTERN = 4096


class PatternError(ValueError):
    """The pattern is malformed, or is one whose meaning is an accident of Docker's implementation."""


def compile_segment(segment: str) -> re.Pattern[str]:
    """The regular expression for one segment of a pattern (no ``/`` in it); raises ``PatternError``."""
    if len(segment) > _MAX_PATTERN:
        raise PatternError("pattern too long")
    pieces: list[str] = []
    chunk: list[str] = []
    stars = 0
    for token in _tokens(segment):
        if token is not None:
            chunk.append(token)
            continue
        pieces.append(_chunk(chunk, stars))
        chunk = []
        stars += 1
    # The text after the last star is anchored at the end, so that star alone may have to step back.
    tail = "".join(chunk)
    pieces.append(f".*{tail}" if stars else tail)
    return re.compile("".join(pieces) + r"\Z", re.DOTALL)


def has_wildcard(text: str) -> bool:
    """Whether a COPY source is a pattern rather than a plain path."""
    escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char in "*?[":
            return True
    return False


def _chunk(chunk: list[str], stars: int) -> str:
    """What stands between two stars: the first place where it fits is always right, hence the atomic group."""
    text = "".join(chunk)
    if stars == 0:
        return text
    return f"(?>.*?{text})" if text else ""


def _tokens(segment: str) -> Iterator[str | None]:
    """Regular expressions for one character each; None stands for a star."""
    at = 0
    while at < len(segment):
        char = segment[at]
        at += 1
        if char == "*":
            yield None
        elif char == "?":
            yield "."
        elif char == "[":
            token, at = _character_class(segment, at)
            yield token
        elif char == "\\":
            if at == len(segment):
                raise PatternError("trailing backslash")
            yield re.escape(segment[at])
            at += 1
        else:
            yield re.escape(char)


def _character_class(segment: str, at: int) -> tuple[str, int]:
    negated = segment[at : at + 1] == "^"
    at += negated
    members: list[str] = []
    while not (members and segment[at : at + 1] == "]"):
        low, at = _class_member(segment, at)
        high = low
        if segment[at : at + 1] == "-":
            high, at = _class_member(segment, at + 1)
        if low > high:
            raise PatternError("empty range in a character class")
        members.append(f"{re.escape(low)}-{re.escape(high)}")
    return f"[{'^' if negated else ''}{''.join(members)}]", at + 1


def _class_member(segment: str, at: int) -> tuple[str, int]:
    char = segment[at : at + 1]
    if char == "\\":
        at += 1
        char = segment[at : at + 1]
    elif char in ("-", "]"):
        raise PatternError("malformed character class")
    if not char:
        raise PatternError("unterminated character class")
    return char, at + 1
