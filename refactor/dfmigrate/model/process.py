"""What a container starts: ENTRYPOINT with CMD, the health check, and the commands that they lead to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from dfmigrate.context import Context
from dfmigrate.context.compose import compose_files
from dfmigrate.context.node import node_project
from dfmigrate.context.node_start import start
from dfmigrate.context.yaml_subset import Unknown
from dfmigrate.knowledge.programs import started_by
from dfmigrate_grammar import ExpansionError, expand
from dfmigrate_grammar.shell import Word, parse_script

from .image import Command, Config
from .node_scripts import Argv, node_script

_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_BUILTINS = frozenset(
    {"exit", "cd", "export", "set", "[", "test", "true", "false", "echo", "wait", "trap", ":", "read"}
)
_BUILTINS |= {"printf", "ulimit", "umask", "unset", "shift", "return", "local", "sleep"}
_DEPTH = 4


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
        return _leads_to(command.argv, config, 0)
    return _script(command.text, config, 0)


def process_commands(config: Config, context: Context | None) -> tuple[Argv, ...] | None:
    """Every command that the file's own ENTRYPOINT and CMD lead to, through package.json's scripts too.

    None when the text of one of them was not understood.
    """
    found: list[Argv] = []
    for command in _own_commands(config):
        commands = commands_of(command, config)
        if commands is None:
            return None
        for argv in commands:
            found.append(argv)
            found.extend(_scripts(argv, context))
    return tuple(found)


def _own_commands(config: Config) -> tuple[Command, ...]:
    """ENTRYPOINT and CMD where the file sets them; CMD as mere arguments unless ENTRYPOINT may run it."""
    entrypoint, command = config.entrypoint, config.command
    own = tuple(each for each in (entrypoint, command) if each is not None and each.line is not None)
    if len(own) < 2 or entrypoint is None or command is None or entrypoint.argv is None or command.argv is None:
        return own
    whole = Command((*entrypoint.argv, *command.argv), "", entrypoint.shell, entrypoint.line)
    first = posixpath.basename(entrypoint.argv[0]) if entrypoint.argv else ""
    runs_arguments = first.endswith(".sh") or "entrypoint" in first or first in _SHELLS
    return (whole, command) if runs_arguments and not command.argv[0].startswith("-") else (whole,)


def healthcheck_commands(config: Config) -> tuple[Argv, ...] | None:
    """The commands of the health check; None when they could not be read, empty when there is none."""
    if config.healthcheck is None:
        return ()
    if config.healthcheck.is_off:
        return ()
    if config.healthcheck.is_shell_form:
        return _script(config.healthcheck.text, config, 0)
    return _leads_to(config.healthcheck.test[1:], config, 0)


def composed_checks(config: Config, context: Context) -> Iterator[tuple[str, tuple[Argv, ...] | None]]:
    """The health checks that compose files add, which run inside of the container: the file, and its commands."""
    for service in compose_files(context).services:
        check = service.health_check
        if check is None:
            continue
        if isinstance(check, Unknown):
            yield service.path, None
        elif isinstance(check, str) or len(check) == 1:
            yield service.path, _script(check if isinstance(check, str) else check[0], config, 0)
        else:
            yield service.path, _leads_to(check, config, 0)


def _scripts(argv: Argv, context: Context | None) -> Iterator[Argv]:
    name = node_script(argv)
    project = node_project(context) if context is not None and name is not None else None
    if project is not None and name is not None:
        for program in start(project, name).programs:
            yield program.words


def _leads_to(argv: Argv, config: Config, depth: int) -> tuple[Argv, ...] | None:
    """The commands behind wrappers and shells; None when one of them is not literal or a script is not understood."""
    argv = started_by(argv)
    name = posixpath.basename(argv[0]) if argv and argv[0] is not None else None
    if name == "find" and any(word in ("-exec", "-execdir", "-ok") for word in argv):
        return None
    if name in ("eval", "source", "."):
        return None
    if name not in _SHELLS:
        return (argv,) if argv else ()
    rest = list(argv[1:])
    while rest:
        word = rest.pop(0)
        if word is None:
            return None
        if word.startswith("-") and not word.startswith("--") and "c" in word:
            return _script(rest[0], config, depth + 1) if rest and rest[0] is not None else None
        if not word.startswith(("-", "+")):
            # A script: what it calls is looked up where the project's files are known.
            return ((argv[0], word),)
    return (argv,)


def _script(text: str, config: Config, depth: int) -> tuple[Argv, ...] | None:
    script = parse_script(text)
    if script.opaque is not None or depth > _DEPTH:
        return None
    known = {name: value for name, value in config.environment.items() if value is not None}
    found: list[Argv] = []
    folder = ""
    for command in script.commands:
        argv = tuple(_value(word, known) for word in command.simple.words)
        if argv[:1] == ("cd",):
            target = argv[1] if len(argv) == 2 else None
            if target is None:
                return None
            folder = posixpath.join(folder, target)
        if not argv or argv[0] in _BUILTINS:
            continue
        if folder and argv[0] is not None and "/" in argv[0] and not argv[0].startswith("/"):
            argv = (posixpath.join(folder, argv[0]), *argv[1:])
        led = _leads_to(argv, config, depth + 1)
        if led is None:
            return None
        found.extend(led)
    return tuple(found)


def _value(word: Word, known: Mapping[str, str]) -> str | None:
    if word.literal is not None:
        return word.literal
    plain = "$(" not in word.text and "`" not in word.text
    if plain and word.variables and all(name in known for name in word.variables):
        try:
            return expand(word.text, known)
        except ExpansionError:
            return None
    return None
