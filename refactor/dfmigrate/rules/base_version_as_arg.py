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
from collections.abc import Iterator, Sequence

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.migration import Decline
from dfmigrate.model import Build, StageModel
from dfmigrate_grammar import Comment, Dockerfile, Instruction

from .rule import Example, Proposal, Rule

NAME = "base-version-as-arg"
_DISTRIBUTIONS = frozenset({"debian", "ubuntu", "alpine", "buildpack-deps", "distroless"})
"""Their packages are named for one release, so that the version alone cannot be changed."""
_PRAGMA = re.compile(r"#?\s*(hadolint|check=|checkov:|tally|trivy:|kics-scan|dfmigrate:)", re.IGNORECASE)


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for all versions that several stages share."""
    tree, arguments = build.dockerfile, list[str]()
    declared = {pair.name for instruction in tree.global_args for pair in instruction.pairs}
    for group in _shared(build):
        version, argument = group[0][1].version, group[0][1].version_argument
        if version is None or argument in declared:
            continue
        tree = _named_once(tree, group, argument, version)
        declared.add(argument)
        arguments.append(argument)
    if arguments:
        yield Proposal(
            tree,
            f"one build argument {' and '.join(arguments)} for the stages that share a version",
            "builder and runtime cannot drift apart, and CI can build with another version",
        )


def _named_once(
    tree: Dockerfile, group: Sequence[tuple[StageModel, ImageFacts]], argument: str, version: str
) -> Dockerfile:
    for stage, image in group:
        node = tree.stages[stage.node.index].from_
        start, end = image.version_span or (0, 0)
        offset = node.logical.index(image.reference)
        tree = tree.replace(node, node.edit((offset + start, offset + end), f"${{{argument}}}"))
    first = tree.stages[0].from_
    header, own = _header(first)
    line = tree.style.instruction("ARG", f"{argument}={version}").with_leading(*header)
    return tree.replace(first, line, first.with_leading(*own))


def _header(first: Instruction) -> tuple[tuple[Comment, ...], tuple[Comment, ...]]:
    """The comments at the head of the file, and those that speak to a linter about FROM and stay with it."""
    comments = first.leading
    cut = len(comments)
    while cut and _PRAGMA.match(comments[cut - 1].text):
        cut -= 1
    return comments[:cut], comments[cut:]


def _shared(build: Build) -> list[list[tuple[StageModel, ImageFacts]]]:
    """The stages that name the same version of the same family, two or more to a group."""
    groups: dict[tuple[str, str | None], list[tuple[StageModel, ImageFacts]]] = {}
    for stage in build.stages:
        facts = stage.base
        if (
            facts is None
            or facts.family in _DISTRIBUTIONS
            or stage.parent is not None
            or facts.version_span is None
            or "@" in facts.reference
        ):
            continue
        if facts.reference in stage.node.from_.logical:
            groups.setdefault((facts.family, facts.version), []).append((stage, facts))
    return [group for group in groups.values() if len(group) > 1]


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            """\
FROM node:18 AS builder
RUN npm --version

FROM node:18-slim
CMD ["node", "server.js"]
""",
            """\
ARG NODE_VERSION=18
FROM node:${NODE_VERSION} AS builder
RUN npm --version

FROM node:${NODE_VERSION}-slim
CMD ["node", "server.js"]
""",
        ),
        Example('FROM node:18\nCMD ["node", "server.js"]\n', None),
    ),
)
