from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .logical import continues, join, open_end, split_command, without_continuation
from .whitespace import SPACE

if TYPE_CHECKING:
    from .instruction import Instruction

_QUOTED = re.compile(r"""\\.|'[^']*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_LINE_END = re.compile(r"\r*\n?\Z")


def edited_head(instruction: Instruction, span: tuple[int, int], text: str) -> str:
    """Return the physical text with a span of the logical text replaced."""
    start, end = span
    logical, head, escape = instruction.logical, instruction.head, instruction.escape
    if not 0 <= start <= end <= len(logical):
        raise ValueError(f"span {span} is outside of the {len(logical)} characters of the instruction's arguments")
    *lines, last_line = text.split("\n")
    if not all(continues(line, escape) for line in lines):
        raise ValueError(f"a line of {text!r} ends without a continuation, and would be read as another instruction")
    first, last = instruction.physical_span(start, end)
    edited = head[:first] + text + head[last:]
    if not text and _is_unquoted(logical[:start]):
        edited = _without_empty_line(edited, first, escape)
    if open_end(head, escape) is None:
        edited = _closed(edited, escape)
    inserted = "".join([without_continuation(line, escape) for line in lines]) + last_line
    _check(instruction, edited, logical[:start] + inserted + logical[end:], spaces=bool(text))
    return edited


def _is_unquoted(before: str) -> bool:
    """Return whether what stands before a place leaves no quotation open there; a doubt counts as open."""
    return not set(_QUOTED.sub("", before)) & set("'\"`") and "$(" not in before


def _without_empty_line(head: str, at: int, escape: str) -> str:
    """Take away the line in which nothing but a continuation is left."""
    start = head.rfind("\n", 0, at) + 1
    end = head.find("\n", at) + 1
    left = head[start:end]
    if start and end and continues(left, escape) and left.strip(SPACE) == escape:
        return head[:start] + head[end:]
    return head


def _closed(head: str, escape: str) -> str:
    """Take away a continuation that nothing follows any more, with the blank and comment lines below it."""
    span = open_end(head, escape)
    if span is None:
        return head
    return head[: span[0]].rstrip(" \t") + _line_end(head)


def _line_end(head: str) -> str:
    found = _LINE_END.search(head)
    return "" if found is None else found[0]


def _check(instruction: Instruction, edited: str, expected: str, *, spaces: bool) -> None:
    """Refuse an edit whose text would be read differently in its place, such as one that ends with a backslash."""
    command = split_command(join(edited, instruction.escape).line)
    same = command.rest == expected.strip(SPACE) if spaces else command.rest.split() == expected.split()
    if command.keyword != instruction.keyword or not same:
        raise ValueError(f"{expected!r} would be read as {command.rest!r}")


def head_with_arguments(instruction: Instruction, text: str) -> str:
    """Return the physical text with everything after the keyword replaced."""
    head = instruction.head
    if instruction.logical:
        start, _ = instruction.physical_span(0, 1)
        return head[:start] + text + _line_end(head)
    start = instruction.physical_offset(None) + len(instruction.keyword)
    return head[:start] + " " + text + _line_end(head)
