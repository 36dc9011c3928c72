"""Commands that compile or install when the container starts, and so need there what a build needs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.context.remembered import remembered
from dfmigrate.context.scripts import entry_script

from .called import By, called_programs
from .interpret import Build
from .process import process_commands
from .starts import prepares


@dataclass(frozen=True, slots=True)
class Preparation:
    """One such command: ``why`` says in words what it does."""

    why: str
    path: str | None = None
    """The start script that it stands in; None for the command of the Dockerfile itself."""


@remembered
def preparations(build: Build) -> tuple[Preparation, ...]:
    """What is seen to compile or install at start: by ENTRYPOINT and CMD, commands from outside, and start scripts."""
    return tuple(dict.fromkeys(_found(build)))


def _found(build: Build) -> Iterator[Preparation]:
    for argv in process_commands(build.final.final, build.context) or ():
        why = prepares(argv)
        if why is not None:
            yield Preparation(why)
    for call in called_programs(build):
        if call.by is not By.SCRIPT or call.path is None or build.context is None:
            continue
        script = entry_script(build.context, call.path)
        commands = script.commands if script is not None else ()
        named = [argv for argv in commands if argv and posixpath.basename(argv[0] or "") == call.program]
        yield from (Preparation(why, call.path) for argv in named if (why := prepares(argv)) is not None)
