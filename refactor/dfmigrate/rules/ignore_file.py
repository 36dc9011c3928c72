"""Tell which entries `.dockerignore` lacks.

## What it does

Names the entries that are certain: `.git` where nothing asks git, and `node_modules` where the Dockerfile installs it.

## Why

What is sent to the builder makes every build slower, changes the cache, and may lie over what was installed.

## When it declines

It changes nothing: the file is another one than the Dockerfile, and a build of another Dockerfile beside it may need
the folder. Without the build context nothing is told.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.migration import Decline
from dfmigrate.model import Build
from dfmigrate_grammar import Instruction

from .rule import Example, Proposal, Rule

NAME = "dockerignore"
_INSTALLERS = frozenset({"npm", "yarn", "pnpm", "bun"})


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """What is missing; never a proposal."""
    context = build.context
    if context is None or not context.complete:
        return
    broad = next((layer for stage in build.stages for layer in stage.layers if _is_broad(layer.instruction)), None)
    if broad is None:
        return
    missing = [name for name in _certain(build, context) if not context.is_ignored(name)]
    if missing:
        message = f"`{' '.join(broad.instruction.sources)}` sends {' and '.join(missing)}, which no step needs"
        hint = f"add {' and '.join(missing)} to .dockerignore"
        yield Decline("MANUAL", NAME, message, hint, broad.line)


def _is_broad(instruction: Instruction) -> bool:
    if instruction.name not in ("COPY", "ADD"):
        return False
    sources = [posixpath.normpath("/" + source) for source in instruction.sources]
    return instruction.flag("from") is None and "/" in sources


def _certain(build: Build, context: Context) -> Iterator[str]:
    text = build.dockerfile.source
    actions = [action for stage in build.stages for layer in stage.layers for action in layer.actions]
    opaque = any(layer.opaque is not None for stage in build.stages for layer in stage.layers)
    if context.has_git and "git" not in text and not opaque and not _asks_git(context):
        yield ".git"
    if any(a.program in _INSTALLERS and a.role == "dependency-install" for a in actions):
        yield "node_modules"


def _asks_git(context: Context) -> bool:
    """Whether a manifest or a script names git: versions are taken from tags by many tools."""
    for path in context.files:
        name = posixpath.basename(path)
        if name.endswith((".toml", ".cfg", ".py", ".json", ".sh", ".xml", ".gradle", ".kts", ".go", ".rs", ".rb")) or (
            name in ("Makefile", "Rakefile", "mix.exs")
        ):
            found = context.read(path)
            if found is None or "git" in found:
                return True
    return False


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["node", "server.js"]\n',
            None,
            {"package.json": "{}", "server.js": ""},
            ("MANUAL",),
        ),
    ),
    safety="manual",
    optional=True,
)
