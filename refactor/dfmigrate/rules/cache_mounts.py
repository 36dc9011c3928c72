"""Keep the package manager's cache between builds, and out of the image.

## What it does

`RUN npm ci` becomes `RUN --mount=type=cache,target=/root/.npm npm ci`, likewise for pip, bundler, Go and Cargo. Where a
later RUN builds from the same folder (Go's modules, Cargo's registry), it gets the mount too.

## Why

After a change of the dependencies only what is new is downloaded, and no cache is left in a layer.

## When it declines

When anything but these RUNs reads the folder: a later command without the mount, a COPY, a path in the Dockerfile, the
start command. When the RUN is not root's, empties the cache itself, or is told to use none. When `# syntax` names a
version of the language without mounts. It needs BuildKit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.migration import Decline
from dfmigrate.model import Build, Layer, StageModel
from dfmigrate.model.cache_mounts import caches_of, who_needs
from dfmigrate.model.mounts import mount_targets
from dfmigrate_grammar import Instruction

from .rule import Example, Proposal, Rule

NAME = "cache-mounts"
_OLD = re.compile(r"docker/dockerfile:1\.[01](?:\.\d+)?(?:@|\Z)")


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal: every cache that nobody else reads, mounted where it is filled."""
    if build.dockerfile.frontend is not None and _OLD.search(build.dockerfile.frontend):
        message = f"`# syntax={build.dockerfile.frontend}` has no cache mounts"
        yield Decline("D13", NAME, message, "name docker/dockerfile:1", 1)
        return
    planned: dict[int, tuple[Layer, list[str]]] = {}
    for stage in build.stages:
        for target in dict.fromkeys(path for layer in stage.layers for path in caches_of(layer)):
            layers = [layer for layer in stage.layers if _takes(layer, target)]
            if not any(target not in mount_targets(layer.instruction, layer.before) for layer in layers):
                continue
            why = _hindrance(build, stage, layers, target)
            if why is not None:
                yield why
                continue
            for layer in layers:
                if target not in mount_targets(layer.instruction, layer.before):
                    planned.setdefault(id(layer), (layer, []))[1].append(target)
    if not planned:
        return
    tree = build.dockerfile
    for layer, targets in planned.values():
        tree = tree.replace(layer.instruction, _mounted(layer.instruction, targets))
    folders = dict.fromkeys(target for _, targets in planned.values() for target in targets)
    yield Proposal(
        tree,
        f"mount the cache {', '.join(folders)} instead of leaving it in a layer",
        "a change of the dependencies downloads only what is new",
        warnings=("cache mounts need BuildKit: Docker 23, or DOCKER_BUILDKIT=1",),
    )


def _takes(layer: Layer, target: str) -> bool:
    return layer.name == "RUN" and target in caches_of(layer)


def _hindrance(build: Build, stage: StageModel, layers: list[Layer], target: str) -> Decline | None:
    line = layers[0].line
    if not any(a.role == "dependency-install" for layer in layers for a in layer.actions):
        return Decline("G3", NAME, f"no RUN of its own installs what {target} caches", "nothing to do", line)
    if not all(layer.before.is_root for layer in layers):
        return Decline("G3", NAME, f"{target} is root's, and the RUN is not", "mount the user's cache yourself", line)
    if any(a.role == "cleanup" and re.search(r"\bcache\b", a.text) for layer in layers for a in layer.actions):
        return Decline("G3", NAME, f"the RUN empties {target} itself", "drop that command", line)
    why = who_needs(build, stage, layers, target)
    return None if why is None else Decline("G3", NAME, f"{target} is needed: {why}", "nothing to do", line)


def _mounted(instruction: Instruction, targets: list[str]) -> Instruction:
    start = instruction.arguments_start
    flags = "".join(f"--mount=type=cache,target={target} " for target in targets)
    return instruction.edit((start, start), flags)


_GO = "FROM golang:1.22\nWORKDIR /app\nCOPY . .\n"

RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            "FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\n"
            'CMD ["python", "-V"]\n',
            "FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt ./\n"
            "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n"
            'CMD ["python", "-V"]\n',
            {"requirements.txt": "flask==3.0.0\n"},
        ),
        Example(
            f'{_GO}RUN go mod download\nRUN make\nCMD ["./app"]\n',
            None,
            {"go.mod": "module a\n", "Makefile": "all:\n\tgo build -o app .\n"},
            ("G3",),
        ),
    ),
    optional=True,
)
