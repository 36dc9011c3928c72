"""When a Dockerfile is not split at all: each reason with its code and what would lift it."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.programs import dev_server
from dfmigrate.model import Build, Command, StageModel, is_within
from dfmigrate.model.closure import started_in_development
from dfmigrate.model.node_scripts import Argv
from dfmigrate.model.preparing import preparations
from dfmigrate.model.process import effective_process, process_commands
from dfmigrate.model.reach import project_roots
from dfmigrate.model.starts import served, unserved
from dfmigrate.rules.rule import Declined, declined

from . import RULE

_BUILD_FIRST = "build in a RUN and start the result"
_PLAIN_START = {
    "C2": "start the built application instead, or let that service build another Dockerfile",
    "C10": "write it as a plain command, or in a script of the project",
    "C13": "write it as a plain command",
}
_NEEDS_KNOWN_BASE = "say in .dfmigrate.toml, under [images], which known image it mirrors or is like"


def check(build: Build) -> ImageFacts:
    """Pass, with what is known of the base image, or raise ``Declined``."""
    if len(build.stages) != 1:
        raise declined(
            "MULTI_STAGE",
            RULE,
            "the Dockerfile already has several stages",
            "nothing to do: its stages are kept as they are",
        )
    stage = build.final
    if stage.base is None:
        name = stage.reference or stage.node.image.text
        raise declined(
            "D11",
            RULE,
            f"the base image `{name}` is not one whose content is known here",
            _NEEDS_KNOWN_BASE,
            stage.line,
        )
    if stage.base.onbuild or stage.final.onbuild:
        raise declined(
            "D9",
            RULE,
            "ONBUILD triggers run at every FROM, so a second stage would run them again",
            "use a base without ONBUILD triggers",
            stage.line,
        )
    if stage.node.from_.flags:
        raise declined(
            "B13",
            RULE,
            "FROM has a --platform flag, so builder and runtime may differ in platform",
            "split by hand",
            stage.line,
        )
    if build.context is None or not build.context.complete:
        raise declined(
            "F12",
            RULE,
            "what the application reads and calls is not known without its build context",
            "run with the build context at hand (--context DIR)",
            stage.line,
        )
    _check_process(build, stage)
    return stage.base


def _check_process(build: Build, stage: StageModel) -> None:
    process = effective_process(stage.final)
    if (process is None or _is_idle(process, stage)) and len(served(stage.final, build.context)) == 1:
        _check_outside(build, stage)
        raise declined(
            "E17",
            RULE,
            "no CMD or ENTRYPOINT starts an application: this is an image to build on, not to run",
            "nothing to do",
            stage.line,
        )
    line = (process.line if process is not None else None) or stage.line
    commands = process_commands(stage.final, build.context)
    if commands is None:
        message = "what the start command runs could not be read"
        hint = "write it as a JSON list, with double quotes, or in a script of the project"
        raise declined("C10", RULE, message, hint, line)
    for argv in commands:
        why = dev_server(argv)
        if why is not None:
            raise declined(
                "C2",
                RULE,
                why,
                "start the built application instead",
                line,
            )
    for one in preparations(build):
        where = None if one.path is not None else line
        raise declined("C3", RULE, f"{one.why} when the container starts", _BUILD_FIRST, where, one.path)
    server = started_in_development(build)
    if server is not None:
        message = "a server of Next.js in development mode compiles each page when it is asked for"
        raise declined("C2", RULE, message, "set NODE_ENV=production in the Dockerfile", server.line, server.path)
    _check_program(build, commands, line)


def _check_outside(build: Build, stage: StageModel) -> None:
    """Without a command of its own, what starts the image from outside says why it stays whole."""
    for one in unserved(stage.final, build.context):
        message = f"{one.start.name} starts the image: {one.why}"
        raise declined(one.code, RULE, message, _PLAIN_START.get(one.code, _BUILD_FIRST), None, one.start.path)


def _check_program(build: Build, commands: tuple[Argv, ...], line: int) -> None:
    """A program below the working directory that no instruction puts there cannot be started today either."""
    stage = build.final
    for argv in commands:
        word = argv[0] if argv else None
        path = stage.final.absolute(word) if word is not None and "/" in word else None
        roots = project_roots(stage.layers, stage.final.workdir)
        if path is None or stage.files.opaque or not any(is_within(path, root) for root in roots):
            continue
        if not stage.files.candidates(path) and not stage.files.is_directory(path):
            made = sorted(
                write.path
                for layer in stage.layers
                for action in layer.actions
                if action.role == "build"
                for write in action.writes
                if not write.scratch and write.path != action.cwd
            )
            instead = f"; what is built is {', '.join(made[:3])}" if made else ""
            message = f"no instruction makes {path}, which the start command names{instead}"
            raise declined("A1", RULE, message, "name the program that is there in CMD", line)


def _is_idle(process: Command, stage: StageModel) -> bool:
    """The base image's own default (a shell or an interpreter's prompt) says nothing about an application."""
    if process.line is not None:
        return False
    return stage.base is None or stage.base.root_required is None


def gone(reference: str, line: int) -> Declined:
    return declined("D11", RULE, f"`{reference}` can no longer be pulled", "move to a maintained base image", line)
