from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from .faults import Fault
from .instruction import Instruction
from .instruction_checks import instruction_fault
from .nodes import Directive
from .problem import Problem
from .syntax_checks import UNTERMINATED, syntax_fault

if TYPE_CHECKING:
    from .dockerfile import Dockerfile

NO_STAGE = "no build stage in current context"
_NO_INSTRUCTIONS = "file with no instructions"
_LONGEST_LINE = 65535


def find_problems(dockerfile: Dockerfile) -> tuple[Problem, ...]:
    """Return what BuildKit refuses, at most one problem an instruction; it would stop at the first one."""
    lines = dockerfile.source.removeprefix(dockerfile.bom).split("\n")
    syntax = {id(item): fault for item in dockerfile.instructions if (fault := syntax_fault(item))}
    found = [*_file_problems(dockerfile, lines)]
    for instruction in dockerfile.instructions:
        if fault := syntax.get(id(instruction)):
            found.append(_problem("parse", fault, instruction, dockerfile, lines))
    found.sort(key=lambda problem: problem.line)
    for instruction, fault in _instruction_faults(dockerfile):
        if id(instruction) not in syntax:
            found.append(_problem("instruction", fault, instruction, dockerfile, lines))
    return tuple(found)


def _file_problems(dockerfile: Dockerfile, lines: list[str]) -> Iterator[Problem]:
    for number, message in _directive_faults(dockerfile):
        yield Problem("parse", message, number, 1, lines[number - 1].rstrip("\r"), number)
    for number, line in enumerate(lines, 1):
        if len(line) * 4 > _LONGEST_LINE and len(line.encode("utf-8", "surrogatepass")) > _LONGEST_LINE:
            yield Problem("parse", _too_long(dockerfile, number), number, 1, line.rstrip("\r"), number)
    if not dockerfile.instructions:
        last = max(len(lines) - (not lines[-1]), 1)
        yield Problem("parse", _NO_INSTRUCTIONS, last, 1, lines[last - 1].rstrip("\r"), last)


def _too_long(dockerfile: Dockerfile, number: int) -> str:
    """Return what BuildKit says when it stops reading at a line that is too long: that depends on where it was."""
    above = [item for item in dockerfile.instructions if dockerfile.line_of(item) < number]
    if not above:
        return _NO_INSTRUCTIONS
    last_line = dockerfile.line_of(above[-1]) + above[-1].head.count("\n") - 1
    if above[-1].bodies and last_line < number <= dockerfile.end_line_of(above[-1]):
        return UNTERMINATED
    return f"dockerfile line greater than max allowed size of {_LONGEST_LINE}"


def _directive_faults(dockerfile: Dockerfile) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for number, item in enumerate(dockerfile.items, 1):
        if not isinstance(item, Directive):
            return
        if item.name in seen:
            yield number, f"only one {item.name} parser directive can be used"
        elif item.name == "escape" and item.value not in ("`", "\\"):
            yield number, f"invalid escape token '{item.value}' does not match ` or \\"
        seen.add(item.name)


def _instruction_faults(dockerfile: Dockerfile) -> Iterator[tuple[Instruction, Fault]]:
    in_stage = told = False
    for instruction in dockerfile.instructions:
        fault = instruction_fault(instruction)
        if fault is not None:
            yield instruction, fault
        in_stage = in_stage or instruction.name == "FROM"
        if fault is None and not in_stage and not told and instruction.name != "ARG":
            told = True
            yield instruction, Fault(NO_STAGE)


def _problem(
    kind: Literal["parse", "instruction"],
    fault: Fault,
    instruction: Instruction,
    dockerfile: Dockerfile,
    lines: list[str],
) -> Problem:
    offset = instruction.physical_offset(fault.at)
    number = dockerfile.line_of(instruction) + instruction.head.count("\n", 0, offset)
    column = offset - (instruction.head.rfind("\n", 0, offset) + 1)
    line = lines[number - 1].rstrip("\r")
    return Problem(kind, fault.message, number, column + 1, line, dockerfile.line_of(instruction))
