"""Write `ENV name value` and `LABEL name value` as `name=value`.

## What it does

The blank between the name and the value becomes `=`, and the value is put in quotes where it has blanks of its own.

## Why

The form without `=` is deprecated, sets only one variable a line, and takes every further word into the value.

## When it declines

When the value has blanks together with quotes or backslashes, so that no way to write it is plainly the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.migration import Decline
from dfmigrate.model import Build
from dfmigrate.model.rewritten import same_pairs
from dfmigrate_grammar import Instruction, parse

from .rule import Example, Proposal, Rule

NAME = "pairs-with-equals"


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for all such instructions whose value can be written otherwise."""
    tree = build.dockerfile
    names: list[str] = []
    for instruction in build.dockerfile.instructions:
        if instruction.name not in ("ENV", "LABEL") or not any(pair.legacy for pair in instruction.pairs):
            continue
        new = _rewritten(instruction, build.dockerfile.escape)
        if new is None:
            message = f"no plain way to write the value of {instruction.pairs[0].name} after `=` is surely the same"
            yield Decline("D1", NAME, message, "write it with quotes yourself", build.dockerfile.line_of(instruction))
            continue
        tree = tree.replace(instruction, new)
        names.append(instruction.pairs[0].name)
    if names:
        yield Proposal(
            tree, f"`name=value` for {', '.join(dict.fromkeys(names))}", "the form without `=` is deprecated"
        )


def _rewritten(instruction: Instruction, escape: str) -> Instruction | None:
    pair = instruction.pairs[0]
    value, (start, end) = pair.value or "", pair.value_span
    gap = instruction.logical[pair.span[0] : start].removeprefix(pair.name)
    if gap.strip(" \t") or not gap:
        return None
    for quote in ("", '"'):
        if quote and re.search(r"""["'\\]""", value):
            continue
        try:
            new = instruction.edit((end, end), quote) if quote else instruction
            new = new.edit((pair.span[0] + len(pair.name), start), f"={quote}")
        except ValueError:
            continue
        again = parse(f"FROM x\n{new.text}")
        if not again.problems and len(again.instructions) == 2 and same_pairs(instruction, new, escape):
            return new
    return None


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            'FROM alpine:3.20\nENV LANG C.UTF-8\nENV GREETING hello big world\nCMD ["sh"]\n',
            'FROM alpine:3.20\nENV LANG=C.UTF-8\nENV GREETING="hello big world"\nCMD ["sh"]\n',
        ),
        Example('FROM alpine:3.20\nENV SAID he said "no" \\  twice\n', None, codes=("D1",)),
    ),
    optional=True,
)
