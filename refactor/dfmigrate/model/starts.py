"""The ways in which an image is started: by its own ENTRYPOINT and CMD, and by others from outside of the file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dfmigrate.context import Context
from dfmigrate.context.node import node_project
from dfmigrate.context.node_start import start
from dfmigrate.context.outside_start import OutsideStart, Words
from dfmigrate.context.start_elsewhere import outside_starts
from dfmigrate.knowledge.languages import is_shell
from dfmigrate.knowledge.programs import compiles_at_start, dev_server, role

from .commands import commands_of
from .image import Command, Config
from .node_scripts import Argv, node_script, runs_file

_OUTSIDE = 0
"""The line of a command that another file sets: it is no line of the Dockerfile, and not the base image's either."""


_PREPARES = frozenset({"dependency-install", "system-packages", "build", "test"})
"""Roles of commands that may need a compiler, headers or packages for development."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A start from outside that no rule may count on, with the code of the reason."""

    start: OutsideStart
    code: str
    why: str


_Pair = tuple[Command | None, Command | None]


def served(config: Config, context: Context | None) -> tuple[Config, ...]:
    """The configuration itself, and what becomes of it in each start from outside that is understood."""
    found = _outside(config, context)
    own = config.entrypoint, config.command
    pairs = [one for one in found if not isinstance(one, Unserved) and one != own]
    return (config, *(replace(config, entrypoint=entrypoint, command=command) for entrypoint, command in pairs))


def unserved(config: Config, context: Context | None) -> tuple[Unserved, ...]:
    """The starts from outside that are not understood, are those of a developer, or compile."""
    return tuple(one for one in _outside(config, context) if isinstance(one, Unserved))


def needs_shell(config: Config, context: Context | None) -> bool:
    """Whether one of the starts goes through a shell, be it by its own name."""
    for one in served(config, context):
        for command in (one.entrypoint, one.command):
            words = () if command is None else command.process()
            if any(is_shell(posixpath.basename(word)) for word in words):
                return True
    return False


def starts_itself(config: Config) -> bool:
    """Whether the file, and not only its base image, says what is started."""
    return any(each is not None and each.line is not None for each in (config.entrypoint, config.command))


def prepares(argv: Argv) -> str | None:
    """In words, why a command that starts a container compiles or installs there; None when it is not seen to."""
    compiles = compiles_at_start(argv)
    if compiles is not None:
        return compiles
    # What stands in a script of package.json is among the commands itself.
    facts = role(argv) if node_script(argv) is None and not runs_file(argv) else None
    if facts is None or facts.by_application or facts.role not in ("dependency-install", "build"):
        return None
    return f"`{facts.program}` installs or builds"


def _outside(config: Config, context: Context | None) -> tuple[_Pair | Unserved, ...]:
    if context is None or not outside_starts(context):
        return ()
    # Many files are asked for one by one whether a start names them.
    variables = tuple(config.environment.items())
    key = ("starts", config.entrypoint, config.command, config.workdir, config.shell, variables)
    answers = context.answers
    if key not in answers:
        own = starts_itself(config)
        starts = [one for one in outside_starts(context) if not (own and one.without_command)]
        answers[key] = tuple(_understood(one, config, context) for one in starts)
    found: tuple[_Pair | Unserved, ...] = answers[key]
    return found


def _understood(found: OutsideStart, config: Config, context: Context) -> _Pair | Unserved:
    if found.unknown is not None:
        return Unserved(found, "C13", found.unknown)
    if found.workdir is not None and config.absolute(found.workdir) != config.workdir:
        return Unserved(found, "C13", f"it works in {found.workdir}")
    if found.entrypoint is None and found.command is None:
        return config.entrypoint, config.command
    entrypoint, command = _command(found.entrypoint, config), _command(found.command, config)
    started = replace(config, entrypoint=entrypoint or config.entrypoint, command=command)
    commands = own_commands(started, context)
    if commands is None:
        return Unserved(found, "C10", "what its command runs could not be read")
    project = node_project(context)
    for argv in commands:
        script = node_script(argv)
        if script is not None and (project is None or script not in project.scripts):
            return Unserved(found, "C13", f"package.json has no script `{script}`")
        development, compiles = dev_server(argv), compiles_at_start(argv)
        if development is not None:
            return Unserved(found, "C2", development)
        if compiles is not None:
            return Unserved(found, "C3", f"{compiles} when the container starts")
        # What stands in a script of package.json is among the commands itself.
        facts = role(argv) if script is None else None
        if facts is not None and facts.role in _PREPARES and not facts.by_application:
            return Unserved(found, "C3", f"`{facts.program}` installs, builds or tests when the container starts")
    return started.entrypoint, started.command


def _command(words: Words | None, config: Config) -> Command | None:
    if words is None:
        return None
    text = words if isinstance(words, str) else " ".join(words)
    return Command(None if isinstance(words, str) else words, text, config.shell, _OUTSIDE)


def own_commands(config: Config, context: Context | None) -> tuple[Argv, ...] | None:
    """The commands behind one ENTRYPOINT and CMD, where they are set above the base image; None when the text of one
    of them was not understood."""
    found: list[Argv] = []
    for command in _own(config):
        commands = commands_of(command, config)
        if commands is None:
            return None
        for argv in commands:
            found.append(argv)
            found.extend(_scripts(argv, context))
    return tuple(found)


def _own(config: Config) -> tuple[Command, ...]:
    """ENTRYPOINT and CMD where the file sets them; CMD as mere arguments unless ENTRYPOINT may run it."""
    entrypoint, command = config.entrypoint, config.command
    own = tuple(each for each in (entrypoint, command) if each is not None and each.line is not None)
    if len(own) < 2 or entrypoint is None or command is None or entrypoint.argv is None or command.argv is None:
        return own
    whole = Command((*entrypoint.argv, *command.argv), "", entrypoint.shell, entrypoint.line)
    first = posixpath.basename(entrypoint.argv[0]) if entrypoint.argv else ""
    runs_arguments = first.endswith(".sh") or "entrypoint" in first or is_shell(first)
    return (whole, command) if runs_arguments and not command.argv[0].startswith("-") else (whole,)


def _scripts(argv: Argv, context: Context | None) -> Iterator[Argv]:
    name = node_script(argv)
    project = node_project(context) if context is not None and name is not None else None
    if project is not None and name is not None:
        for program in start(project, name).programs:
            yield program.words
