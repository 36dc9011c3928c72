"""Name the language version once, as a build argument that all stages share.

## What it does

Where two stages start from images of the same family and version, `ARG NODE_VERSION=18` goes ahead of the first `FROM`,
and both read `${NODE_VERSION}`.

## Why

Builder and runtime must never drift apart: native modules and bytecode fit one version only. And CI can try the next
version with `--build-arg`.

## When it declines

When only one stage uses the version, or a tag already contains a variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.migration import Decline
from dfmigrate.model import Build, StageModel
from dfmigrate_grammar import Comment, Instruction

from .rule import Example, Proposal, Rule

NAME = "base-version-as-arg"
_PRAGMA = re.compile(r"#?\s*(hadolint|check=|checkov:|tally|trivy:|kics-scan|dfmigrate:)", re.IGNORECASE)


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for the first version that several stages share."""
    shared = _shared(build)
    if not shared:
        return
    facts = shared[0][1]
    argument = facts.version_argument
    declared = {pair.name for instruction in build.dockerfile.global_args for pair in instruction.pairs}
    if argument in declared or facts.version is None:
        return
    tree = build.dockerfile
    for stage, image in shared:
        node = stage.node.from_
        start, end = image.version_span or (0, 0)
        offset = node.logical.index(image.reference)
        tree = tree.replace(node, node.edit((offset + start, offset + end), f"${{{argument}}}"))
    first = tree.stages[0].from_
    style = build.dockerfile.style
    header, own = _header(first)
    argument_line = style.instruction("ARG", f"{argument}={facts.version}").with_leading(*header)
    tree = tree.replace(first, argument_line, first.with_leading(*own))
    yield Proposal(
        tree,
        f"one build argument {argument} for both stages",
        "builder and runtime cannot drift apart, and CI can build with another version",
    )


def _header(first: Instruction) -> tuple[tuple[Comment, ...], tuple[Comment, ...]]:
    """The comments at the head of the file, and those that speak to a linter about FROM and stay with it."""
    comments = first.leading
    cut = len(comments)
    while cut and _PRAGMA.match(comments[cut - 1].text):
        cut -= 1
    return comments[:cut], comments[cut:]


def _shared(build: Build) -> list[tuple[StageModel, ImageFacts]]:
    usable = [
        (stage, stage.base)
        for stage in build.stages
        if stage.base is not None
        and stage.parent is None
        and stage.base.version is not None
        and stage.base.version_span is not None
        and stage.base.reference in stage.node.from_.logical
        and "@" not in stage.base.reference
    ]
    for _stage, facts in usable:
        group = [
            (other, image) for other, image in usable if image.family == facts.family and image.version == facts.version
        ]
        if len(group) > 1:
            return group
    return []


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            'FROM node:18 AS builder\nRUN npm --version\n\nFROM node:18-slim\nCMD ["node", "server.js"]\n',
            'ARG NODE_VERSION=18\nFROM node:${NODE_VERSION} AS builder\nRUN npm --version\n\nFROM node:${NODE_VERSION}-slim\nCMD ["node", "server.js"]\n',
        ),
        Example('FROM node:18\nCMD ["node", "server.js"]\n', None),
    ),
)
