from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .heredoc import Heredoc, marker_or_none

if TYPE_CHECKING:
    from .dockerfile import Dockerfile
    from .instruction import Instruction


class Place(NamedTuple):
    """A line and a column of the file, both from 1; a column is a character."""

    line: int
    column: int


def place(dockerfile: Dockerfile, instruction: Instruction, at: int | None) -> Place:
    """Return where an offset of the instruction's `logical` text stands in the file; None is the keyword."""
    offset = instruction.physical_offset(at)
    line = dockerfile.line_of(instruction) + instruction.head.count("\n", 0, offset)
    return Place(line, offset - instruction.head.rfind("\n", 0, offset))


def nested_place(dockerfile: Dockerfile, onbuild: Instruction, at: int | None) -> Place:
    """The same for the `logical` text of the instruction that an ONBUILD keeps."""
    assert onbuild.nested is not None
    return place(dockerfile, onbuild, onbuild.arguments_start + onbuild.nested.physical_offset(at))


def script_place(dockerfile: Dockerfile, instruction: Instruction, at: int) -> Place:
    """Return where an offset of the instruction's `script_text`, or of what its ONBUILD keeps, stands in the file.

    When a here-document has no end, what the shell would get ends in a line that the file does not have.
    """
    owner = instruction.nested or instruction
    own_place = place if owner is instruction else nested_place
    if owner.healthcheck is not None:
        return own_place(dockerfile, instruction, owner.healthcheck.span[0] + at)
    first_body_line = dockerfile.line_of(instruction) + instruction.head.count("\n")
    if owner.bodies and marker_or_none(owner.arguments) is not None:
        return _in_only_body(owner.heredocs[0], first_body_line, at)
    if at < len(owner.arguments):
        return own_place(dockerfile, instruction, owner.arguments_start + at)
    # The bodies stand below the line in the script as in the file.
    text = owner.script_text or ""
    line = first_body_line + text.count("\n", 0, at) - 1
    return Place(min(line, dockerfile.end_line_of(instruction)), at - text.rfind("\n", 0, at))


def _in_only_body(heredoc: Heredoc, first_line: int, at: int) -> Place:
    above = heredoc.content.count("\n", 0, at)
    column = at - heredoc.content.rfind("\n", 0, at)
    if heredoc.chomp:
        line = heredoc.body.split("\n")[above]
        column += len(line) - len(line.lstrip("\t"))
    return Place(first_line + above, column)
