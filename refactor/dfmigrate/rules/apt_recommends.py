"""Install system packages without those that they only recommend.

## What it does

`apt-get install` gets `--no-install-recommends`.

## Why

Recommended packages are often half of what is installed: documentation, mail servers, desktop parts.

## When it declines

This can take away a package that the application uses, so it is a change to be reviewed and tried. It is known of
`curl`, `wget` and `git` without `ca-certificates`, and `python3-pip` without a compiler.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.knowledge.certificates import has_certificates
from dfmigrate.migration import Decline
from dfmigrate.model import Action, Build, Layer, StageModel
from dfmigrate.model.packages import installation, package_name
from dfmigrate_grammar import Instruction

from .rule import Example, Proposal, Rule

NAME = "apt-no-recommends"
_NEEDS = {
    "curl": "ca-certificates",
    "wget": "ca-certificates",
    "git": "ca-certificates",
    "python3-pip": "build-essential",
    "python-pip": "build-essential",
}
"""What a package recommends and mostly does not work without."""


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for all installs with recommended packages."""
    if "Install-Recommends" in build.dockerfile.source:
        return
    tree, packages = build.dockerfile, list[str]()
    for stage in build.stages:
        for layer in stage.layers:
            found = [a for a in layer.actions if layer.name == "RUN" and _recommends(a)]
            if not found:
                continue
            missing = _missing(stage, layer, found)
            if missing is not None:
                yield missing
                continue
            new = _without(layer.instruction, found)
            if new is not None:
                tree = tree.replace(layer.instruction, new)
                packages += _names(found)
    if packages:
        yield Proposal(
            tree,
            "install without recommended packages",
            "what is only recommended is mostly not used, and then only makes the image larger",
            frozenset({"recommends"}),
            warnings=(f"what {', '.join(dict.fromkeys(packages))} only recommend is no longer installed: try it out",),
        )


def _recommends(action: Action) -> bool:
    done = installation(action.argv)
    if done is None or done.manager not in ("apt", "apt-get") or not done.packages:
        return False
    return not any("recommends" in option.lower() for option in done.options)


def _names(actions: list[Action]) -> list[str]:
    return [package_name(p) for a in actions if (done := installation(a.argv)) is not None for p in done.packages]


def _missing(stage: StageModel, layer: Layer, found: list[Action]) -> Decline | None:
    certain = stage.base is not None and has_certificates(stage.base)
    for name in _names(found):
        need = _NEEDS.get(name)
        if need is None or need in stage.packages or (need == "ca-certificates" and certain):
            continue
        message = f"{name} would be installed without {need}, which it mostly needs"
        return Decline("H1", NAME, message, f"install {need} by name", layer.line)
    return None


def _without(instruction: Instruction, found: list[Action]) -> Instruction | None:
    """With the option behind the word ``install`` of each command, last one first."""
    if instruction.bodies or instruction.json is not None:
        return None
    new = instruction
    try:
        for action in sorted(found, key=lambda a: a.span[0], reverse=True):
            place = re.compile(r"\binstall\b").search(instruction.arguments, action.span[0], action.span[1])
            if place is None:
                return None
            at = instruction.arguments_start + place.end()
            new = new.edit((at, at), " --no-install-recommends")
    except ValueError:
        return None
    return new


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            'FROM debian:bookworm\nRUN apt-get update && apt-get install -y ffmpeg\nCMD ["ffmpeg", "-version"]\n',
            "FROM debian:bookworm\nRUN apt-get update && apt-get install --no-install-recommends -y ffmpeg\n"
            'CMD ["ffmpeg", "-version"]\n',
        ),
        Example("FROM debian:bookworm\nRUN apt-get update && apt-get install -y git\n", None, codes=("H1",)),
    ),
    safety="review",
    optional=True,
)
