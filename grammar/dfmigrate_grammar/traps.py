"""What reads like one thing and is another: not refused, or refused with words that do not say why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecoder
from typing import NamedTuple

from .csv_fields import BadCsv, csv_fields
from .dockerfile import Dockerfile, Stage
from .instruction import Instruction
from .places import place
from .problem import Problem
from .whitespace import SPACE
from .words import split_quoted

_QUOTED = r"""(?:'[^']*'|"(?:[^"\\]|\\.)*")"""
_QUOTED_LIST = re.compile(rf"\[\s*+{_QUOTED}(?:\s*+,\s*+{_QUOTED})*+(?:\s*+,)?+\s*+\]")
# `[ "$x" ] && y` is a test of the shell, though `[ "$x" ]` alone would be JSON.
_SHELL_TEST = re.compile(rf"\[\s++{_QUOTED}\s++\]\s*+(?:&&|\|\||;)")
_JSON_FORMS = {"ADD": "a plain list", "COPY": "a plain list", "VOLUME": "a plain list", "SHELL": "no array"}
_JSON_FORMS |= dict.fromkeys(("CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN"), "shell form")

_NO_COMMENTS = frozenset(
    {"ADD", "ARG", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
# Quotations, escapes, arithmetic and here-strings are passed over, to find what the shell takes for a here-document.
_SHELL_MARKER = re.compile(
    rf"""{_QUOTED}|\\.|\(\([^()]*+\)\)|<<<|(?P<mark><<-?)(?P<gap>[ \t]*)\\?(?P<quote>['"]?)(?P<name>[A-Za-z_][\w.]*)"""
)
# A number of a file descriptor may stand between.
_BEGINS_WORD = re.compile(r"(?:\s|^)[0-9]*\Z")
_LONGEST_FD = 25


@dataclass(frozen=True, slots=True)
class Trap:
    """One place that is easily misread, with a short explanation; columns count characters from 1."""

    code: str
    message: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class _Found(NamedTuple):
    code: str
    message: str
    at: int | None  # In the instruction's `logical` text.


def find_traps(dockerfile: Dockerfile) -> tuple[Trap, ...]:
    """Return every trap of a file, in the order of its lines."""
    found = [(instruction, one) for instruction in dockerfile.instructions for one in _own(instruction)]
    found += _stage_case(dockerfile.stages)
    found += _arg_over_env(dockerfile)
    traps = [Trap(one.code, one.message, *place(dockerfile, instruction, one.at)) for instruction, one in found]
    return tuple(sorted(traps, key=lambda trap: (trap.line, trap.column)))


def explain(dockerfile: Dockerfile, problem: Problem) -> Trap | None:
    """Return the trap that a refused instruction fell into, to be told after the problem's own message."""
    traps = find_traps(dockerfile)
    starts = {dockerfile.line_of(instruction): instruction for instruction in dockerfile.instructions}
    refused = starts.get(problem.start_line)
    end = 0 if refused is None else dockerfile.end_line_of(refused)
    for trap in traps:
        if problem.start_line <= trap.line <= end:
            return trap
    # The lines that no here-document took are read as instructions, and the first of them is refused.
    above = [trap for trap in traps if trap.code == "no-heredoc" and trap.line < problem.line]
    return above[-1] if above and problem.message.startswith("unknown instruction") else None


def _own(instruction: Instruction) -> Iterator[_Found]:
    """The traps that one instruction shows by itself, or in what an ONBUILD keeps."""
    nested = instruction.nested
    if nested is None:
        yield from _json_form(instruction)
        yield from _no_comment(instruction)
        yield from _no_heredoc(instruction)
        yield from _mount_index(instruction)
        return
    for one in _own(nested) if nested.name != "ONBUILD" else ():
        yield one._replace(at=instruction.arguments_start + nested.physical_offset(one.at))


def _json_form(instruction: Instruction) -> Iterator[_Found]:
    form = _JSON_FORMS.get(instruction.name)
    check = instruction.healthcheck
    text, at = (check.rest, check.span[0]) if check else (instruction.arguments, instruction.arguments_start)
    if form is None or not text.startswith("[") or _SHELL_TEST.match(text):
        return
    end = _array_end(text)
    if end is not None and text[end:].strip(SPACE):
        message = f"the text after `]` makes this {form}"
        since = ", since frontend 1.9; before, the text was ignored" if form == "shell form" else ""
        yield _Found("trailing-text", f"{message}{since}", at + end)
    elif end is None and (found := _QUOTED_LIST.match(text)) and "'" in found[0]:
        yield _Found("single-quotes", f"JSON needs double quotes; with single quotes this is {form}", at)


def _array_end(text: str) -> int | None:
    """Return where an array of strings ends that a text begins with."""
    try:
        values, end = JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return end if all(isinstance(value, str) for value in values) else None


def _no_comment(instruction: Instruction) -> Iterator[_Found]:
    if instruction.name not in _NO_COMMENTS or instruction.json is not None or "#" not in instruction.arguments:
        return
    pairs = instruction.pairs
    if instruction.name == "LABEL" and pairs and pairs[0].legacy:
        # The value of `LABEL name the rest of the line` is prose.
        return
    # Where BuildKit accepts it, `#red` may well be meant.
    refused = instruction.name == "FROM" or (instruction.name in ("ENV", "LABEL") and not pairs)
    words = split_quoted(instruction.arguments, instruction.arguments_start, instruction.escape)
    for word in words[1:]:
        if word.text == "#" or (refused and word.text.startswith("#")):
            message = f"a comment needs a line of its own; here `#` is part of what {instruction.name} gets"
            yield _Found("no-comment", message, word.span[0])
            return


def _no_heredoc(instruction: Instruction) -> Iterator[_Found]:
    if instruction.name != "RUN" or instruction.json is not None:
        return
    text = instruction.arguments
    for found in _SHELL_MARKER.finditer(text):
        if not found["mark"]:
            continue
        attached = not _BEGINS_WORD.search(text, max(found.start() - _LONGEST_FD, 0), found.start())
        if not attached and instruction.bodies:
            continue
        if attached:
            why = "it does not begin a word; put a space before it"
        elif found["mark"] == "<<-" and found["gap"]:
            why = "a space follows the dash"
        else:
            why = "the line has an open quote or a `${...}` that BuildKit cannot read"
        shown = f"{found['mark']}{found['gap']}{found['name']}"
        yield _Found("no-heredoc", f"`{shown}` is no here-document: {why}", instruction.arguments_start + found.start())
        return


def _mount_index(instruction: Instruction) -> Iterator[_Found]:
    for flag in instruction.flags if instruction.name == "RUN" else ():
        if flag.name != "mount":
            continue
        for field in _fields(flag.value or ""):
            key, _, value = field.partition("=")
            if key.lower() == "from" and value.isascii() and value.isdecimal():
                message = f"`from={value}` in a mount is an image named `{value}`, not a stage; name the stage"
                yield _Found("mount-index", message, flag.span[0])


def _fields(value: str) -> tuple[str, ...]:
    try:
        return tuple(csv_fields(value))
    except BadCsv:
        return ()


def _stage_case(stages: tuple[Stage, ...]) -> Iterator[tuple[Instruction, _Found]]:
    names: set[str] = set()
    for stage in stages:
        text = stage.image.text
        if text.lower() != text and text.lower() in names:
            message = f"`{text}` is looked for as an image; the stage is called `{text.lower()}`, whatever case AS has"
            yield stage.from_, _Found("stage-case", message, stage.from_.words[0].span[0])
        if stage.name is not None:
            names.add(stage.name)


def _arg_over_env(dockerfile: Dockerfile) -> Iterator[tuple[Instruction, _Found]]:
    stages: dict[str, dict[str, int]] = {}
    for stage in dockerfile.stages:
        lines = dict(stages.get(stage.image.text, {}))
        for instruction in stage.instructions:
            for pair in instruction.pairs if instruction.name in ("ARG", "ENV") else ():
                if instruction.name == "ENV":
                    lines[pair.name] = dockerfile.line_of(instruction)
                elif pair.name in lines:
                    when = "" if pair.value is not None else ", when it has a value,"
                    message = (
                        f"ARG {pair.name}{when} overrides the ENV of line {lines[pair.name]} "
                        "for the RUNs below; the image keeps the ENV"
                    )
                    yield instruction, _Found("arg-over-env", message, pair.span[0])
        if stage.name is not None:
            stages[stage.name] = lines
