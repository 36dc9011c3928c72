from __future__ import annotations

from .errors import ExpansionError
from .exec_form import NotStrings, exec_form
from .faults import Fault
from .heredoc import find_markers
from .instruction import Instruction
from .keywords import JSON_ALLOWED, KEY_VALUES
from .quoting import NOT_UNICODE, go_quote
from .words import split_quoted

UNTERMINATED = "unterminated heredoc"


def syntax_fault(instruction: Instruction) -> Fault | None:
    """Return why BuildKit's parser cannot read an instruction."""
    return line_fault(instruction) or _heredoc_fault(instruction)


def line_fault(instruction: Instruction) -> Fault | None:
    """The same for its joined line alone."""
    kept = instruction
    while kept.nested is not None:
        kept = kept.nested
    fault = _own_fault(kept)
    return fault if fault is None or kept is instruction else Fault(fault.message, instruction.arguments_start)


def _own_fault(instruction: Instruction) -> Fault | None:
    if instruction.name in KEY_VALUES:
        return _pairs_fault(instruction)
    if instruction.name in JSON_ALLOWED:
        return _array_fault(instruction.arguments, instruction.arguments_start)
    check = instruction.healthcheck
    return None if check is None else _array_fault(check.rest, check.span[0])


def _array_fault(text: str, at: int) -> Fault | None:
    try:
        exec_form(text)
    except NotStrings as error:
        return Fault(str(error), at)
    return None


def _pairs_fault(instruction: Instruction) -> Fault | None:
    words = split_quoted(instruction.arguments, instruction.arguments_start, instruction.escape)
    if not words or instruction.pairs:
        return None
    if "=" not in words[0].text:
        return Fault(f"{instruction.name} must have two arguments", words[0].span[0])
    word = next(word for word in words if "=" not in word.text)
    shown = go_quote(NOT_UNICODE.sub("\ufffd", word.text))
    message = f"Syntax error - can't find = in {shown}. Must be of the form: name=value"
    return Fault(message, word.span[0])


def _heredoc_fault(instruction: Instruction) -> Fault | None:
    if "<<" not in instruction.head:
        return None
    try:
        find_markers(instruction.joined.line, instruction.escape)
    except ExpansionError as error:
        return Fault(str(error), instruction.arguments_start)
    if all(heredoc.terminated for heredoc in instruction.heredocs):
        return None
    return Fault(UNTERMINATED, instruction.arguments_start)
