"""Use COPY where ADD does nothing else.

## What it does

`ADD` of local files and folders becomes `COPY`, with the same flags, sources and destination.

## Why

ADD also downloads, and unpacks archives by what is in them; a reader of COPY knows that neither happens.

## When it declines

For addresses, repositories and archives, for wildcards and variables that may become one, and for a file whose content
is not known: ADD looks at its bytes, not at its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.migration import Decline
from dfmigrate.model import Build
from dfmigrate.model.rewritten import adds_like_copy, with_keyword

from .rule import Example, Proposal, Rule

NAME = "add-to-copy"


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for every ADD that is shown to be a COPY."""
    tree, count = build.dockerfile, 0
    for instruction in build.dockerfile.instructions:
        if instruction.name != "ADD":
            continue
        why = adds_like_copy(instruction, build.context)
        new = with_keyword(instruction, "COPY") if why is None else None
        if new is None:
            hint = "change it yourself, if it neither downloads nor unpacks"
            line = build.dockerfile.line_of(instruction)
            yield Decline("H3", NAME, why or "the keyword is written over two lines", hint, line)
            continue
        tree = tree.replace(instruction, new)
        count += 1
    if count:
        yield Proposal(tree, "COPY instead of ADD", "COPY neither downloads nor unpacks, and nothing here needs that")


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            'FROM python:3.11-slim\nWORKDIR /app\nADD --chown=1000:1000 app.py ./\nADD . .\nCMD ["python", "app.py"]\n',
            "FROM python:3.11-slim\nWORKDIR /app\nCOPY --chown=1000:1000 app.py ./\nCOPY . .\n"
            'CMD ["python", "app.py"]\n',
            {"app.py": "print(1)\n"},
        ),
        Example("FROM alpine:3.20\nADD https://example.com/a.conf /etc/a.conf\n", None, codes=("H3",)),
        Example("FROM alpine:3.20\nADD site.tar.gz /srv/\n", None, codes=("H3",)),
    ),
    optional=True,
)
