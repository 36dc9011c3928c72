"""What a container starts: ENTRYPOINT with CMD, the health check, and the commands that they lead to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.context.node import node_project
from dfmigrate.context.node_start import start
from dfmigrate_grammar import expand
from dfmigrate_grammar.shell import parse_script

from .image import Command, Config
from .node_scripts import Argv, node_script

_WRAPPERS = {"exec": 1, "env": 1, "nohup": 1, "tini": 1, "dumb-init": 1, "time": 1, "nice": 1, "gosu": 2, "su-exec": 2}


def effective_process(config: Config) -> Command | None:
    """The command that says what runs: CMD, unless ENTRYPOINT alone does."""
    if config.entrypoint is not None and config.entrypoint.line is not None:
        return config.entrypoint
    return config.command or config.entrypoint


def started(config: Config) -> tuple[str, ...] | None:
    """The whole argument vector: ENTRYPOINT, then CMD as its arguments. None when nothing is started."""
    entrypoint = config.entrypoint.process() if config.entrypoint is not None else ()
    if config.entrypoint is not None and config.entrypoint.is_shell_form:
        return entrypoint
    command = config.command.process() if config.command is not None else ()
    return (*entrypoint, *command) or None


def commands_of(command: Command, config: Config) -> tuple[Argv, ...] | None:
    """The simple commands of a process; None when its shell text was not understood."""
    if command.argv is not None:
        return (_unwrapped(command.argv),) if not _is_shell(command.argv) else _script(command.argv[-1], config)
    return _script(command.text, config)


def process_commands(config: Config, context: Context | None) -> tuple[Argv, ...] | None:
    """Every command that the file's own ENTRYPOINT and CMD lead to, through package.json's scripts too.

    None when the text of one of them was not understood.
    """
    found: list[Argv] = []
    for command in (config.entrypoint, config.command):
        if command is None or command.line is None:
            continue
        commands = commands_of(command, config)
        if commands is None:
            return None
        for argv in commands:
            found.append(argv)
            found.extend(_scripts(argv, context))
    return tuple(found)


def healthcheck_commands(config: Config) -> tuple[Argv, ...] | None:
    """The commands of the health check; None when they could not be read, empty when there is none."""
    if config.healthcheck is None:
        return ()
    words = config.healthcheck.split()
    if "NONE" in (word.upper() for word in words[:1]):
        return ()
    upper = [word.upper() for word in words]
    if "CMD" not in upper:
        return None
    position = config.healthcheck.upper().index("CMD") + 3
    rest = config.healthcheck[position:].strip()
    if rest.startswith("["):
        import json

        try:
            argv = json.loads(rest)
        except ValueError:
            return None
        return (_unwrapped(tuple(argv)),) if isinstance(argv, list) and all(isinstance(w, str) for w in argv) else None
    return _script(rest, config)


def _scripts(argv: Argv, context: Context | None) -> Iterator[Argv]:
    name = node_script(argv)
    project = node_project(context) if context is not None and name is not None else None
    if project is not None and name is not None:
        for program in start(project, name).programs:
            yield program.words


def _is_shell(argv: tuple[str, ...]) -> bool:
    return (
        len(argv) == 3
        and posixpath.basename(argv[0]) in ("sh", "bash", "ash", "dash")
        and argv[1] in ("-c", "-ec", "-exc")
    )


def _script(text: str, config: Config) -> tuple[Argv, ...] | None:
    script = parse_script(text)
    if script.opaque is not None:
        return None
    known = {name: value for name, value in config.environment.items() if value is not None}
    found = []
    for command in script.commands:
        argv = tuple(
            word.literal
            if word.literal is not None
            else expand(word.text, known)
            if word.variables
            and all(name in known for name in word.variables)
            and "$(" not in word.text
            and "`" not in word.text
            else None
            for word in command.simple.words
        )
        if argv:
            found.append(_unwrapped(argv))
    return tuple(found)


def _unwrapped(argv: Argv) -> Argv:
    """The command behind ``exec``, ``tini --``, ``env A=b`` and their like."""
    while argv and argv[0] is not None and posixpath.basename(argv[0]) in _WRAPPERS:
        rest = list(argv[_WRAPPERS[posixpath.basename(argv[0])] :])
        while rest and rest[0] is not None and (rest[0].startswith("-") or "=" in rest[0]):
            rest.pop(0)
        if not rest:
            return argv
        argv = tuple(rest)
    return argv
