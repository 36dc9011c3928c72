"""Say who maintains the image with a label, as `MAINTAINER` is deprecated.

## What it does

`MAINTAINER Jane Doe <jane@example.com>` becomes `LABEL org.opencontainers.image.authors="Jane Doe <jane@example.com>"`,
the form that Docker's own manual gives for it.

## Why

`MAINTAINER` is deprecated and warned of at every build; tools read the label.

## When it declines

When the file, or its base image as far as it is known, sets that label already.
"""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.migration import Decline
from dfmigrate.model import Build
from dfmigrate.model.rewritten import AUTHORS

from .rule import Example, Proposal, Rule

NAME = "maintainer-to-label"


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for every MAINTAINER of the file."""
    found = [i for i in build.dockerfile.instructions if i.name == "MAINTAINER"]
    if not found:
        return
    if any(AUTHORS in stage.final.labels for stage in build.stages):
        line = build.dockerfile.line_of(found[0])
        yield Decline("D6", NAME, f"the label {AUTHORS} is set already", "remove the MAINTAINER yourself", line)
        return
    tree = build.dockerfile
    for instruction in found:
        label = tree.style.instruction("LABEL", f'{AUTHORS}="{_quoted(instruction.value)}"')
        tree = tree.replace(instruction, label.with_leading(*instruction.leading))
    yield Proposal(
        tree,
        "a label instead of MAINTAINER",
        "MAINTAINER is deprecated; the label is what tools read",
        frozenset({"labels"}),
    )


def _quoted(value: str) -> str:
    """MAINTAINER takes its text as it is; LABEL removes quotes and fills in variables."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            'FROM alpine:3.20\nMAINTAINER Jane "JD" Doe <jane@example.com>\nCMD ["sh"]\n',
            'FROM alpine:3.20\nLABEL org.opencontainers.image.authors="Jane \\"JD\\" Doe <jane@example.com>"\n'
            'CMD ["sh"]\n',
        ),
        Example(
            "FROM alpine:3.20\nMAINTAINER a\nLABEL org.opencontainers.image.authors=b\n",
            None,
            codes=("D6",),
        ),
    ),
    optional=True,
)
