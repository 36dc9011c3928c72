"""Check in the build that what runs is there.

## What it does

Adds one RUN to the final stage that writes nothing: the started program is there and may be executed (`command -v`,
`test -x`), what a compiler made finds its libraries (`ldd`), PHP's extensions load (`php -m`), and a few modules of
Python and Node can be found. `--guards` selects it.

## Why

A file that a split leaves behind is missed when the container starts, or later. With the check the build fails instead.

## When it declines

Where there is one stage only, where the image has no shell, and where nothing can be checked that is sure to hold. A
RUN of such checks that is there already is kept as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.migration import Decline
from dfmigrate.model import Build
from dfmigrate.model.checks import is_guard
from dfmigrate.model.guards import guards

from .rule import Example, Proposal, Rule

NAME = "build-guards"
_COMMENT = "Fails the build, not the start, when something that runs is missing"


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal: one RUN ahead of USER, behind everything that puts files in place."""
    stage = build.final
    carries = any(layer.instruction.flag("from") is not None for layer in stage.layers if layer.name == "COPY")
    if len(build.stages) < 2 or not carries or any(is_guard(layer.instruction) for layer in stage.layers):
        return
    checks = guards(build)
    if not checks:
        return
    style = build.dockerfile.style
    run = style.run(checks)
    guard = run.with_leading(style.comment(_COMMENT))
    last = next(layer for layer in reversed(stage.layers) if layer.name in ("COPY", "ADD", "RUN", "WORKDIR"))
    yield Proposal(
        build.dockerfile.insert_after(last.instruction, guard),
        f"check in the build that {len(checks)} thing{'s' if len(checks) > 1 else ''} that run are there",
        "what is missing fails the build, not the start",
    )


_GO = {"go.mod": "module example.com/a\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n"}

RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            "FROM golang:1.22-bookworm AS builder\nWORKDIR /app\nCOPY . .\nRUN go build -o server .\n\n"
            "FROM debian:bookworm-slim\nWORKDIR /app\nCOPY --from=builder /app/server ./server\n"
            'CMD ["./server"]\n',
            "FROM golang:1.22-bookworm AS builder\nWORKDIR /app\nCOPY . .\nRUN go build -o server .\n\n"
            "FROM debian:bookworm-slim\nWORKDIR /app\nCOPY --from=builder /app/server ./server\n"
            "# Fails the build, not the start, when something that runs is missing\n"
            "RUN test -x /app/server \\\n"
            "    && ! ldd /app/server 2>&1 | grep -q -e 'not found' -e 'Error loading'\n"
            'CMD ["./server"]\n',
            _GO,
        ),
        Example('FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o server .\nCMD ["./server"]\n', None, _GO),
    ),
    optional=True,
)
