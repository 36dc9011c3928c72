"""Remove apt's package lists in the RUN that fetched them.

## What it does

`&& rm -rf /var/lib/apt/lists/*` goes to the end of a RUN that calls `apt-get update` and installs packages.

## Why

The lists are some twenty megabytes of a layer, are out of date after a day, and nothing that runs reads them.

## When it declines

When a later RUN installs packages without an update of its own, when the RUN is no plain chain of `&&`, and when the
lists lie in a cache mount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.migration import Decline
from dfmigrate.model import Build, Layer
from dfmigrate.model.packages import verb
from dfmigrate.model.rewritten import CLEANUP, installs_without_lists
from dfmigrate_grammar import Instruction
from dfmigrate_grammar.shell import parse_script

from .rule import Example, Proposal, Rule

NAME = "apt-lists-cleanup"
_APT = ("apt-get", "apt", "aptitude")


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for all RUNs that leave lists behind."""
    tree, count = build.dockerfile, 0
    for stage in build.stages:
        for layer in stage.layers:
            if layer.name != "RUN" or not _leaves_lists(layer):
                continue
            late = installs_without_lists(build, stage, layer)
            if late is not None:
                message = f"line {late} installs packages with the lists that this RUN fetched"
                yield Decline("H2", NAME, message, "put an `apt-get update` into that RUN", layer.line)
                continue
            new = _cleaned(layer.instruction)
            if new is not None:
                tree = tree.replace(layer.instruction, new)
                count += 1
    if count:
        yield Proposal(tree, "remove apt's package lists where they were fetched", "they are of no use in the image")


def _leaves_lists(layer: Layer) -> bool:
    updates = any(a.program in _APT and verb(a.argv) == "update" for a in layer.actions)
    installs = any(a.program in _APT and "install" in a.argv for a in layer.actions)
    text = layer.instruction.logical
    return updates and installs and "/var/lib/apt" not in text and "/var/lib/ " not in f"{text} "


def _cleaned(instruction: Instruction) -> Instruction | None:
    script = instruction.script
    if instruction.bodies or script is None or script.chain is None or instruction.json is not None:
        return None
    if any(link.operator not in ("&&", "") for link in script.chain):
        return None
    end = len(instruction.logical.rstrip())
    lines = re.findall(r"\n([ \t]+)(&& )?", instruction.head)
    if not lines:
        text = f" && {CLEANUP}"
    else:
        leading = any(ands for _, ands in lines)
        indent = next((blank for blank, ands in lines if ands), lines[-1][0])
        joint = f" {instruction.escape}\n{indent}&& " if leading else f" && {instruction.escape}\n{indent}"
        text = joint.replace("\n", "\r\n" if "\r\n" in instruction.head else "\n") + CLEANUP
    try:
        new = instruction.edit((end, end), text)
    except ValueError:
        return None
    again = parse_script(new.arguments).chain
    return new if again is not None and len(again) == len(script.chain) + 1 else None


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            'FROM debian:bookworm\nRUN apt-get update && \\\n    apt-get install -y curl\nCMD ["curl", "--version"]\n',
            "FROM debian:bookworm\nRUN apt-get update && \\\n    apt-get install -y curl && \\\n"
            '    rm -rf /var/lib/apt/lists/*\nCMD ["curl", "--version"]\n',
        ),
        Example(
            "FROM debian:bookworm\nRUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git\n",
            None,
            codes=("H2",),
        ),
    ),
    optional=True,
)
