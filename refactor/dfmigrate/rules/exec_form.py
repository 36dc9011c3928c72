"""Start the application directly, without a shell around it.

## What it does

`CMD node server.js` becomes `CMD ["node", "server.js"]`, and `ENTRYPOINT` likewise.

## Why

In shell form the shell is process 1: on some images the application never sees the signal with which it is stopped, and
is killed after ten seconds.

## When it declines

Signals reach the application now, and it is process 1, so it is a change to be reviewed. It declines when the shell
does anything (variables, wildcards, quotes, operators, built-ins), when the command is a file of the project that may
have no `#!` line, when `SHELL` is not the usual one, and when ENTRYPOINT and CMD are put together, which changes with
the form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from dfmigrate.migration import Decline
from dfmigrate.model import Build
from dfmigrate.model.rewritten import plain_words

from .rule import Example, Proposal, Rule

NAME = "exec-form"


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal: what the final image starts, in exec form."""
    stage = build.final
    own = [layer for layer in stage.layers if layer.name in ("CMD", "ENTRYPOINT")]
    if not own or own[-1].instruction.json is not None:
        return
    layer = own[-1]
    words = plain_words(stage, build.context)
    if words is None:
        message = f"`{layer.instruction.arguments[:60]}` needs its shell, or is not shown to do without"
        yield Decline("H4", NAME, message, "write the exec form yourself", layer.line)
        return
    new = layer.instruction.with_arguments(json.dumps(words, ensure_ascii=False))
    yield Proposal(
        build.dockerfile.replace(layer.instruction, new),
        f"start {words[0]} without a shell around it",
        "the signal that stops the container reaches the application itself",
        frozenset({"command"}),
        warnings=(f"{words[0]} is process 1 now: see that it stops on the signal, and leaves no zombies",),
    )


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            "FROM node:20-slim\nWORKDIR /app\nCOPY server.js ./\nCMD node server.js\n",
            'FROM node:20-slim\nWORKDIR /app\nCOPY server.js ./\nCMD ["node", "server.js"]\n',
            {"server.js": ""},
        ),
        Example("FROM node:20-slim\nCMD node server.js --port $PORT\n", None, codes=("H4",)),
        Example("FROM node:20-slim\nCMD cd /app && node server.js\n", None, codes=("H4",)),
    ),
    safety="review",
    optional=True,
)
