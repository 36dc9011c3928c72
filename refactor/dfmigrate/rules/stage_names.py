"""Give a stage that is copied from by number a name.

## What it does

`COPY --from=0` becomes `COPY --from=builder`, and the stage gets that name where it has none.

## Why

A number means another stage as soon as one is added above it.

## When it declines

Never: a stage that has a name keeps it, and `--target` by number still works.
"""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.migration import Decline
from dfmigrate.model import Build
from dfmigrate_grammar import Dockerfile, Instruction

from .rule import Example, Proposal, Rule

NAME = "stage-names"


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for all numbers."""
    tree = build.dockerfile
    count = len(tree.stages)
    used = {n for i in tree.instructions for n in _numbers(i) if n < count}
    if not used:
        return
    names = _names(tree, used)
    for instruction in build.dockerfile.instructions:
        new = _named(instruction, names)
        if new is not instruction:
            tree = tree.replace(instruction, new)
    for index in sorted(used):
        stage = build.dockerfile.stages[index]
        if stage.name is None:
            node = stage.from_
            word = "as" if tree.style.keyword_case == "lower" else "AS"
            end = node.words[-1].span[1]
            tree = tree.replace(node, node.edit((end, end), f" {word} {names[index]}"))
    yield Proposal(
        tree,
        f"the name {' and '.join(names[index] for index in sorted(used))} instead of a number",
        "a number means another stage as soon as one is added above it",
    )


def _numbers(instruction: Instruction) -> Iterator[int]:
    for flag in instruction.flags:
        value = flag.value or ""
        if flag.name == "from" and instruction.name == "COPY" and value.isdecimal():
            yield int(value)


def _names(tree: Dockerfile, used: set[int]) -> dict[int, str]:
    taken = {stage.name or stage.image.text for stage in tree.stages} | {stage.image.text for stage in tree.stages}
    taken |= {instruction.flag("from") or "" for instruction in tree.instructions}
    names: dict[int, str] = {}
    for index in sorted(used):
        own = tree.stages[index].name
        wanted = ("builder", "build", f"builder-{index}", f"stage-{index}")
        names[index] = own or next(name for name in wanted if name not in taken)
        taken.add(names[index])
    return names


def _named(instruction: Instruction, names: dict[int, str]) -> Instruction:
    new = instruction
    for flag in reversed(instruction.flags):
        value = flag.value or ""
        if flag.name == "from" and instruction.name == "COPY" and value.isdecimal() and int(value) in names:
            new = new.edit(flag.span, f"--from={names[int(value)]}")
    return new


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            'FROM golang:1.22\nRUN go env\n\nFROM debian:bookworm-slim\nCOPY --from=0 /go/bin /go/bin\nCMD ["sh"]\n',
            "FROM golang:1.22 AS builder\nRUN go env\n\nFROM debian:bookworm-slim\n"
            'COPY --from=builder /go/bin /go/bin\nCMD ["sh"]\n',
        ),
        Example("FROM golang:1.22 AS a\n\nFROM alpine:3.20\nCOPY --from=a /go /go\n", None),
    ),
    optional=True,
)
