from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from .whitespace import INLINE, SEPARATORS, SPACE

_COMMAND = re.compile(rf"[{SPACE}]*([^{SEPARATORS}]*)(?:[{SEPARATORS}]+(.*))?", re.DOTALL)


class Joined(NamedTuple):
    """One logical line, as BuildKit joins it, and where each part of it stands in the physical text."""

    line: str
    starts: tuple[int, ...]  # Where each physical piece starts in `line`.
    origins: tuple[int, ...]  # Where the same piece starts in the physical text.

    def physical(self, offset: int) -> int:
        """Return the physical offset of the character at `offset`."""
        piece = bisect_right(self.starts, offset) - 1
        return self.origins[piece] + offset - self.starts[piece]

    def physical_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest physical span that holds the logical span; an empty one clings to what is before it."""
        if start < end:
            return self.physical(start), self.physical(end - 1) + 1
        if start == 0:
            return self.origins[0], self.origins[0]
        after = self.physical(start - 1) + 1
        return after, after


class Command(NamedTuple):
    """A logical line cut into its keyword and the rest; `start` is where the rest begins in the line."""

    keyword: str
    rest: str
    start: int


@lru_cache(maxsize=4)
def _continuation(escape: str) -> re.Pattern[str]:
    """The escape character ends a line that goes on, unless another one stands before it."""
    token = re.escape(escape)
    return re.compile(rf"(?<!{token}){token}[ \t]*\Z")


def continues(line: str, escape: str) -> bool:
    """Return whether a physical line goes on in the next one."""
    return _continuation(escape).search(line.rstrip("\r\n")) is not None


def without_continuation(line: str, escape: str) -> str:
    """Return what a physical line adds to the joined one."""
    return _continuation(escape).sub("", line.rstrip("\r\n"))


def join(text: str, escape: str) -> Joined:
    """Join the physical lines of one instruction: no continuation characters, inner comments or inner blank lines."""
    start = len(text) - len(text.lstrip(SPACE))
    end = text.find("\n", start)
    if end < 0 or end == len(text) - 1:
        line = text[start:].rstrip("\r\n")
        if line.endswith((escape, " ", "\t")):
            line = _continuation(escape).sub("", line)
        return Joined(line, (0,), (start,))
    return _join_lines(text, start, _continuation(escape))


def _join_lines(text: str, start: int, continuation: re.Pattern[str]) -> Joined:
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = 0
    position = start
    while position < len(text):
        newline = text.find("\n", position)
        end = len(text) if newline < 0 else newline
        line = text[position:end].rstrip("\r\n")
        bare = line.lstrip(INLINE)
        if not pieces or (bare and bare[0] != "#"):
            joined = continuation.sub("", line)
            pieces.append(joined)
            starts.append(length)
            origins.append(position)
            length += len(joined)
        position = end + 1
    return Joined("".join(pieces), tuple(starts), tuple(origins))


def open_end(text: str, escape: str) -> tuple[int, int] | None:
    """Return the span of a continuation that the end of the text leaves open, so that the next line would join."""
    continuation = _continuation(escape)
    found: tuple[int, int] | None = None
    position = 0
    while position < len(text):
        newline = text.find("\n", position)
        end = len(text) if newline < 0 else newline
        line = text[position:end].rstrip("\r\n")
        bare = line.lstrip(INLINE)
        if position == 0 or (bare and bare[0] != "#"):
            mark = continuation.search(line)
            found = None if mark is None else (position + mark.start(), position + mark.end())
        position = end + 1
    return found


def has_blank_line(text: str) -> bool:
    """Return whether the joined line was made over a blank line, which BuildKit warns about."""
    lines = text.removesuffix("\n").split("\n")
    return len(lines) > 1 and any(not line.strip(SPACE) for line in lines[1:])


def split_command(line: str) -> Command:
    """Cut a logical line into keyword and rest; the keyword ends at the first white space."""
    found = _COMMAND.match(line.rstrip(SPACE))
    if found is None or found[2] is None:
        return Command(line.strip(SPACE), "", len(line.rstrip(SPACE)))
    return Command(found[1], found[2], found.start(2))
