"""What the running application calls and depends on, as far as the text of the project shows."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.go import go_project
from dfmigrate.context.node import node_project
from dfmigrate.context.python import python_project
from dfmigrate.context.scripts import entry_script
from dfmigrate.context.sources import runtime_hints

from .interpret import Build
from .process import healthcheck_commands, process_commands

_LANGUAGES = {
    "go": "go",
    "node": "node",
    "python": "python",
    "php": "php",
    "java": "java",
    "maven": "java",
    "gradle": "java",
}
_BY_PROGRAM = {
    "go": "go",
    "npm": "node",
    "mvn": "java",
    "dotnet": "dotnet",
    "make": "c",
    "gcc": "c",
    "composer": "php",
    "pip": "python",
}
_INTERPRETED_SHELL = frozenset({"sh", "bash", "ash", "dash"})


@dataclass(frozen=True, slots=True)
class Called:
    """A program that the running container starts; ``program`` None: its name is computed."""

    program: str | None
    path: str | None
    """The context file that calls it; None means the Dockerfile."""
    line: int | None
    health: bool = False


def languages(build: Build) -> tuple[str, ...]:
    """The languages of the application, in the names of ``context.sources``."""
    stage = build.stages[0]
    found = [_LANGUAGES[stage.base.family]] if stage.base is not None and stage.base.family in _LANGUAGES else []
    if stage.base is not None and stage.base.family == "dotnet":
        found.append("dotnet")
    for layer in stage.layers:
        for action in layer.actions:
            language = _BY_PROGRAM.get(action.program or "")
            if language is not None and language not in found:
                found.append(language)
    return tuple(found)


def called_programs(build: Build) -> tuple[Called, ...]:
    """Every program that the container is seen to start: by CMD and its scripts, the health check, and the sources."""
    config = build.final.final
    found: list[Called] = []
    for argv in process_commands(config, build.context):
        found.append(Called(argv[0] if argv else None, None, None))
        found.extend(_of_script(argv, build))
    checks = healthcheck_commands(config)
    found.extend(Called(argv[0], None, None, True) for argv in checks or ())
    if checks is None:
        found.append(Called(None, None, None, True))
    if build.context is not None:
        for language in languages(build):
            found.extend(_in_sources(build.context, language))
    return tuple(dict.fromkeys(found))


def _of_script(argv: tuple[str | None, ...], build: Build) -> Iterator[Called]:
    """What an entry-point script of the context calls."""
    if build.context is None:
        return
    for word in argv[:2]:
        path = build.final.final.absolute(word) if word is not None and ("/" in word or word.endswith(".sh")) else None
        write = build.final.files.owner_of(path) if path is not None else None
        if write is None or write.origin.source != "context":
            continue
        script = entry_script(build.context, write.origin.detail)
        if script is None or not script.understood:
            yield Called(None, write.origin.detail, None)
            continue
        names = {*script.programs, *script.drops_privileges, *script.needs_root}
        yield from (Called(name, script.path, None) for name in sorted(names))
        if script.dynamic:
            yield Called(None, script.path, None)


def _in_sources(context: Context, language: str) -> Iterator[Called]:
    hints = runtime_hints(context, language)
    if not hints.complete:
        yield Called(None, None, None)
    for hit in hints.hits:
        if hit.kind.name == "PROGRAM":
            yield Called(hit.text, hit.place.path, hit.place.line)


def calls(build: Build) -> Callable[[str], bool]:
    """A predicate: may the running container call this program? True where that cannot be known."""
    known = called_programs(build)
    unknown = build.context is None or any(call.program is None for call in known)
    names = {posixpath.basename(call.program) for call in known if call.program is not None}
    return lambda program: unknown or program in names


@dataclass(frozen=True, slots=True)
class Dependency:
    ecosystem: str
    name: str
    path: str
    direct: bool


def dependencies(build: Build) -> tuple[Dependency, ...] | None:
    """The libraries that the application installs, by ecosystem; None when they cannot be listed."""
    found: list[Dependency] = []
    stage = build.stages[0]
    programs = {action.program for layer in stage.layers for action in layer.actions}
    if build.context is None:
        return None if programs & {"pip", "pip3", "npm", "yarn", "pnpm", "go"} else ()
    if programs & {"npm", "yarn", "pnpm"}:
        node = node_project(build.context)
        if node is not None:
            names = (
                node.production_packages
                if node.production_packages is not None
                else {*node.dependencies, *node.optional_dependencies}
            )
            found.extend(Dependency("npm", name, node.path, name in node.dependencies) for name in sorted(names))
    if programs & {"pip", "pip3"}:
        python = python_project(build.context)
        if python is not None:
            found.extend(
                Dependency("pypi", name, python.files[0].path if python.files else "requirements.txt", True)
                for name in sorted(python.names)
            )
        found.extend(Dependency("pypi", name, "Dockerfile", True) for name in _pip_words(build))
    if "go" in programs:
        go = go_project(build.context)
        if go is not None:
            found.extend(
                Dependency("go", require, posixpath.join(go.folder, "go.mod"), True) for require in go.requires
            )
    return tuple(dict.fromkeys(found))


def _pip_words(build: Build) -> Iterator[str]:
    """Packages named on pip's own command line."""
    import re

    for layer in build.stages[0].layers:
        for action in layer.actions:
            words = [word for word in action.argv if word is not None]
            if action.program not in ("pip", "pip3"):
                continue
            if "install" not in words:
                continue
            rest = words[words.index("install") + 1 :]
            skip = False
            for word in rest:
                if skip:
                    skip = False
                elif word in (
                    "-r",
                    "--requirement",
                    "-c",
                    "--constraint",
                    "-i",
                    "--index-url",
                    "--extra-index-url",
                    "-f",
                    "--find-links",
                    "--no-binary",
                    "--only-binary",
                    "--timeout",
                    "--trusted-host",
                ):
                    skip = True
                elif not word.startswith("-"):
                    name = re.match(r"[A-Za-z0-9][\w.-]*", word)
                    if name is not None:
                        yield re.sub(r"[-_.]+", "-", name[0]).lower()
