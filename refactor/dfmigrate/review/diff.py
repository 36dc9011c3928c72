"""Unified diffs as bytes, which ``git apply`` and ``patch -p1`` turn into exactly the bytes they were made from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.review.align import Change, changes

CONTEXT = 3
"""Unchanged lines around a change, as in every other tool."""

# Only a line feed ends a line: form feeds, lone carriage returns and U+2028 stand inside of RUN instructions.
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
# Git writes a name that holds one of these as a C string; patch(1) reads such names since 2.7.
_QUOTED = re.compile(rb'[\x00-\x1f"\\\x7f]')
_ESCAPES = {b'"': b'\\"', b"\\": b"\\\\", b"\t": b"\\t", b"\n": b"\\n", b"\r": b"\\r"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk; the positions are indices into the two texts, None where the line is not part of one."""

    text: bytes
    before: int | None
    after: int | None

    @property
    def sign(self) -> bytes:
        if self.before is None:
            return b"+"
        return b"-" if self.after is None else b" "


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of changed lines with the unchanged ones around them."""

    lines: tuple[Line, ...]
    before_start: int
    after_start: int

    @property
    def header(self) -> bytes:
        before = _range(self.before_start, sum(line.before is not None for line in self.lines))
        after = _range(self.after_start, sum(line.after is not None for line in self.lines))
        return b"@@ -%s +%s @@" % (before, after)


def split_lines(text: bytes) -> list[bytes]:
    """The lines of a text, each with its line feed; the last one may lack it."""
    return _LINE.findall(text)


def hunks(before: bytes, after: bytes, context: int = CONTEXT) -> tuple[Hunk, ...]:
    """The changes between two texts, those close to each other taken together."""
    old, new = split_lines(before), split_lines(after)
    groups: list[list[Change]] = []
    for change in changes(old, new):
        if groups and change[0] - groups[-1][-1][1] <= 2 * context:
            groups[-1].append(change)
        else:
            groups.append([change])
    return tuple(_hunk(old, new, group, context) for group in groups)


def patch(path: str, before: bytes | None, after: bytes | None) -> bytes:
    """The change of one file as a patch; None means that the file does not exist on that side.

    The headers are plain ones: ``git apply`` silently does nothing when a ``diff --git`` header names a path relative
    to a sub-directory. The one thing that they cannot say is an empty new file.
    """
    if before == after:
        return b""
    # A path outside of the working folder is absolute; it can be applied from the root.
    name = os.fsencode(path).lstrip(b"/")
    old = b"/dev/null" if before is None else _label(b"a/" + name)
    new = b"/dev/null" if after is None else _label(b"b/" + name)
    body = b"".join(_render(hunk) for hunk in hunks(before or b"", after or b""))
    return b"--- %s\n+++ %s\n%s" % (old, new, body)


def paint(text: bytes) -> bytes:
    """A patch in git's colours, each line as a whole."""
    styles = {b"@": b"36", b"-": b"31", b"+": b"32"}
    lines = split_lines(text)
    headers = [_colored(line, b"1") for line in lines[:2]]
    return b"".join([*headers, *(_colored(line, styles.get(line[:1], b"")) for line in lines[2:])])


def _colored(line: bytes, style: bytes) -> bytes:
    return b"\x1b[%sm%s\x1b[m\n" % (style, line.removesuffix(b"\n")) if style else line


def _hunk(old: list[bytes], new: list[bytes], group: list[Change], context: int) -> Hunk:
    first, last = group[0], group[-1]
    lead = min(context, first[0])
    start, shift = first[0] - lead, first[2] - first[0]
    end = min(len(old), last[1] + context)
    return Hunk(tuple(_lines(old, new, group, start, end, shift)), start, start + shift)


def _lines(old: list[bytes], new: list[bytes], group: list[Change], start: int, end: int, shift: int) -> Iterator[Line]:
    at = start
    for i1, i2, j1, j2 in group:
        yield from (Line(old[i], i, i + shift) for i in range(at, i1))
        yield from (Line(old[i], i, None) for i in range(i1, i2))
        yield from (Line(new[j], None, j) for j in range(j1, j2))
        at, shift = i2, j2 - i2
    yield from (Line(old[i], i, i + shift) for i in range(at, end))


def _render(hunk: Hunk) -> bytes:
    parts = [hunk.header, b"\n"]
    for line in hunk.lines:
        parts += [line.sign, line.text]
        if not line.text.endswith(b"\n"):
            parts.append(b"\n\\ No newline at end of file\n")
    return b"".join(parts)


def _range(start: int, count: int) -> bytes:
    # An empty range names the line before it, all others their first line, counted from 1.
    first = start + 1 if count else start
    return b"%d" % first if count == 1 else b"%d,%d" % (first, count)


def _label(name: bytes) -> bytes:
    quoted = _quote(name)
    # A tab ends a name that holds blanks; without it patch(1) would stop reading at the first one.
    return quoted + b"\t" if quoted == name and b" " in name else quoted


def _quote(name: bytes) -> bytes:
    if not _QUOTED.search(name):
        return name
    return b'"%s"' % _QUOTED.sub(lambda found: _ESCAPES.get(found[0]) or b"\\%03o" % found[0][0], name)
