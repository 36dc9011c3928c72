"""What a container starts: ENTRYPOINT with CMD, the health check, and the commands that they lead to."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.context.compose import services_of
from dfmigrate.context.yaml_subset import Unknown

from .commands import leads_to, script_commands
from .image import Command, Config
from .node_scripts import Argv
from .starts import own_commands, served


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


def process_commands(config: Config, context: Context | None) -> tuple[Argv, ...] | None:
    """Every command that the file's own ENTRYPOINT and CMD lead to, and those that start the image from outside,
    through package.json's scripts too.

    None when the text of one of them was not understood.
    """
    found: list[Argv] = []
    for one in served(config, context):
        commands = own_commands(one, context)
        if commands is None:
            return None
        found.extend(commands)
    return tuple(found)


def started_words(config: Config, context: Context | None) -> tuple[str, ...]:
    """The words of every argument vector that may be started, also from outside; a shell's text is one word."""
    return tuple(word for one in served(config, context) for word in started(one) or ())


def healthcheck_commands(config: Config) -> tuple[Argv, ...] | None:
    """The commands of the health check; None when they could not be read, empty when there is none."""
    if config.healthcheck is None:
        return ()
    if config.healthcheck.is_off:
        return ()
    if config.healthcheck.is_shell_form:
        return script_commands(config.healthcheck.text, config, 0)
    return leads_to(config.healthcheck.test[1:], config, 0)


def composed_checks(config: Config, context: Context) -> Iterator[tuple[str, tuple[Argv, ...] | None]]:
    """The health checks that compose files add, which run inside of the container: the file, and its commands."""
    for service in services_of(context):
        check = service.health_check
        if check is None:
            continue
        if isinstance(check, Unknown):
            yield service.path, None
        elif isinstance(check, str) or len(check) == 1:
            yield service.path, script_commands(check if isinstance(check, str) else check[0], config, 0)
        else:
            yield service.path, leads_to(check, config, 0)
