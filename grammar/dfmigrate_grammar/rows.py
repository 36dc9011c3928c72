from __future__ import annotations

from typing import Any

from .dockerfile import Dockerfile
from .instruction import Instruction
from .keywords import IN_WORDS, KEY_VALUES, KEYWORDS
from .logical import has_blank_line
from .nodes import Comment
from .problems import NO_STAGE
from .quoting import NOT_UNICODE


def rows(dockerfile: Dockerfile) -> dict[str, Any]:
    """Return what BuildKit's own parser says of a file, for JSON: its errors, or one row an instruction."""
    parse_error = next((problem.message for problem in dockerfile.problems if problem.kind == "parse"), None)
    if parse_error is not None:
        return _report(parse_error, None, "", [], [])
    instructions, warnings = [], []
    comments = _comments_above(dockerfile)
    for instruction in dockerfile.instructions:
        instructions.append(_row(instruction, dockerfile, comments[id(instruction)]))
        if has_blank_line(instruction.head):
            warnings.append(_text(f"Empty continuation line found in: {instruction.joined.line}"))
    return _report(None, _instruction_error(dockerfile), dockerfile.escape, warnings, instructions)


def _report(
    parse_error: str | None,
    instruction_error: str | None,
    escape: str,
    warnings: list[str],
    instructions: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "parse_error": None if parse_error is None else _text(parse_error),
        "instruction_error": instruction_error,
        "escape": escape,
        "warnings": warnings,
        "instructions": instructions,
    }


def _instruction_error(dockerfile: Dockerfile) -> str | None:
    if not dockerfile.problems:
        return None
    problem = dockerfile.problems[0]
    if problem.message == NO_STAGE:
        return NO_STAGE
    return _text(f"dockerfile parse error on line {problem.start_line}: {problem.message}")


def _row(instruction: Instruction, dockerfile: Dockerfile, comments: list[str]) -> dict[str, Any]:
    return {
        "keyword": _text(instruction.keyword),
        "start": dockerfile.line_of(instruction),
        "end": dockerfile.end_line_of(instruction),
        "flags": [_text(flag.text) for flag in instruction.flags],
        "args": [_text(argument) for argument in _arguments(instruction)],
        "json": _is_json(instruction),
        "original": _text(instruction.joined.line),
        "comments": [_text(comment) for comment in comments],
        "heredocs": [
            {
                "name": _text(heredoc.name),
                "fd": heredoc.fd,
                "expand": heredoc.expand,
                "chomp": heredoc.chomp,
                "content": _text(heredoc.body),
            }
            for heredoc in instruction.heredocs
        ],
    }


def _text(text: str) -> str:
    """Bytes that are no UTF-8 become replacement characters, as in Go's JSON."""
    if text.isascii() or not NOT_UNICODE.search(text):
        return text
    # Joined lines may bring the halves of one character together.
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return NOT_UNICODE.sub("\ufffd", whole)


def _is_json(instruction: Instruction) -> bool:
    check = instruction.healthcheck
    return instruction.json is not None or (check is not None and check.json is not None)


def _arguments(instruction: Instruction) -> list[str]:
    """Return the arguments as BuildKit's syntax tree lists them."""
    kept = instruction
    keywords = []
    while kept.nested is not None:
        kept = kept.nested
        keywords.append(f"SUB:{kept.keyword}")
    return keywords + _own_arguments(kept)


def _own_arguments(instruction: Instruction) -> list[str]:
    if instruction.name in KEY_VALUES:
        signs = {True: "", False: "="}
        return [part for pair in instruction.pairs for part in (pair.name, pair.value or "", signs[pair.legacy])]
    if instruction.name not in KEYWORDS:
        return [""]
    check = instruction.healthcheck
    if check is not None:
        rest = (check.rest,) if check.rest and check.json is None else check.json or ()
        return [check.written, *rest]
    if instruction.name in IN_WORDS or instruction.json is not None:
        return [word.text for word in instruction.words]
    return [instruction.arguments] if instruction.arguments else []


def _comments_above(dockerfile: Dockerfile) -> dict[int, list[str]]:
    """Return the comments that BuildKit attaches to each instruction, by its identity.

    They reach up over blank lines to the instruction before; an empty comment discards those above it. Only the
    first character of a line is taken for the comment sign, so that an indented comment keeps its own.
    """
    attached: dict[int, list[str]] = {}
    comments: list[str] = []
    for item in dockerfile.items:
        for comment in item.leading if isinstance(item, Instruction) else (item,):
            if isinstance(comment, Comment):
                text = comment.attached_text
                comments = [*comments, text] if text else []
        if isinstance(item, Instruction):
            attached[id(item)] = comments
            comments = []
    return attached
