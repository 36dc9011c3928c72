from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .logical import join, split_command
from .whitespace import SPACE

if TYPE_CHECKING:
    from .instruction import Instruction

_NEWLINE = re.compile(r"\r*\n?\Z")


def edited_head(instruction: Instruction, span: tuple[int, int], text: str) -> str:
    """Return the physical text with a span of the logical text replaced."""
    start, end = span
    logical = instruction.logical
    if not 0 <= start <= end <= len(logical):
        raise ValueError(f"span {span} is outside of the {len(logical)} characters of the instruction's arguments")
    head = instruction.head
    offset = instruction._command.start
    first, last = instruction.joined.physical_span(offset + start, offset + end)
    edited = head[:first] + text + head[last:]
    _check(instruction, edited, logical[:start] + text + logical[end:])
    return edited


def _check(instruction: Instruction, edited: str, expected: str) -> None:
    """Refuse an edit whose text would be read differently in its place, such as a newline or a final backslash."""
    command = split_command(join(edited, instruction.escape).line)
    if command.keyword != instruction.keyword or command.rest != expected.strip(SPACE):
        raise ValueError(f"{expected!r} would be read as {command.rest!r}")


def head_with_arguments(instruction: Instruction, text: str) -> str:
    """Return the physical text with everything after the keyword replaced."""
    head = instruction.head
    command = instruction._command
    newline = _NEWLINE.search(head)
    end = "" if newline is None else newline[0]
    if command.rest:
        start = instruction.joined.physical(command.start)
        return head[:start] + text + end
    return head[: len(head) - len(end)].rstrip(SPACE) + " " + text + end
