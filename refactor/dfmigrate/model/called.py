"""Which programs the running container starts, as far as the text of the project shows."""

from __future__ import annotations

import enum
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.scripts import EntryScript, entry_script
from dfmigrate.context.sources import runtime_hints

from .interpret import Build
from .process import effective_process, healthcheck_commands, process_commands

_BY_FAMILY = {"golang": "go", "node": "node", "python": "python", "php": "php", "dotnet": "dotnet"} | dict.fromkeys(
    ("maven", "gradle", "openjdk", "eclipse-temurin", "amazoncorretto"), "java"
)
_BY_PROGRAM = (
    dict.fromkeys(("npm", "yarn", "pnpm"), "node")
    | dict.fromkeys(("pip", "pip3"), "python")
    | dict.fromkeys(("mvn", "mvnw", "gradle", "gradlew", "javac"), "java")
    | dict.fromkeys(("make", "cmake", "gcc", "g++", "cc", "c++", "clang"), "c")
    | {"go": "go", "dotnet": "dotnet", "composer": "php"}
)
_DAEMONS = frozenset({"nginx", "httpd", "apache2", "apache2-foreground", "caddy", "haproxy"})


class By(enum.Enum):
    """Where a call stands."""

    PROCESS = "the start command"
    HEALTH = "the health check"
    SCRIPT = "a start script"
    SOURCE = "a source file"


@dataclass(frozen=True, slots=True)
class Called:
    """A program that the running container starts; ``program`` None: its name, or what calls it, is unknown."""

    program: str | None
    by: By
    path: str | None = None
    """The context file that calls it; None means the Dockerfile."""
    line: int | None = None


def languages(build: Build) -> tuple[str, ...]:
    """The languages of the application, in the names of ``context.sources``."""
    stage = build.stages[0]
    found = [_BY_FAMILY[stage.base.family]] if stage.base is not None and stage.base.family in _BY_FAMILY else []
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
    commands = process_commands(config, build.context)
    if commands is None:
        found.append(Called(None, By.PROCESS))
    for argv in commands or ():
        found.append(Called(argv[0] if argv else None, By.PROCESS))
        found.extend(_of_script(argv, build))
    checks = healthcheck_commands(config)
    if checks is None:
        found.append(Called(None, By.HEALTH))
    found.extend(Called(argv[0] if argv else None, By.HEALTH) for argv in checks or ())
    if build.context is not None:
        found.extend(_in_all_sources(build, build.context))
    return tuple(dict.fromkeys(found))


def calls(build: Build) -> Callable[[str], bool]:
    """A predicate: may the running container call this program? True where that cannot be known."""
    known = called_programs(build)
    unknown = build.context is None or any(call.program is None for call in known)
    names = {posixpath.basename(call.program) for call in known if call.program is not None}
    return lambda program: unknown or program in names


def start_scripts(build: Build) -> tuple[EntryScript, ...]:
    """The scripts of the context that the start command runs, as far as they are found there."""
    found = []
    for argv in process_commands(build.final.final, build.context) or ():
        for word in argv[:2]:
            path = _script_path(word, build)
            script = _context_script(path, build) if path is not None else None
            if script is not None:
                found.append(script)
    return tuple(found)


def _script_path(word: str | None, build: Build) -> str | None:
    named = word is not None and (word.endswith(".sh") or ("/" in word and not word.startswith("-")))
    return build.final.final.absolute(word) if named and word is not None else None


def _context_script(path: str, build: Build) -> EntryScript | None:
    """The script as the context holds it: a later ``sed`` or ``chmod`` makes it no other program."""
    if build.context is None:
        return None
    writes = [w for w in build.final.files.writes if w.path == path and w.origin.source == "context"]
    return entry_script(build.context, writes[-1].origin.detail) if writes else None


def _of_script(argv: tuple[str | None, ...], build: Build) -> Iterator[Called]:
    """What an entry-point script calls."""
    for word in argv[:2]:
        path = _script_path(word, build)
        if path is None:
            continue
        script = _context_script(path, build)
        if script is None:
            # A file that a command wrote: a script of unknown content, or a program that the build made.
            if path.endswith(".sh"):
                yield Called(None, By.SCRIPT)
            continue
        if not script.understood:
            if script.is_shell or path.endswith(".sh"):
                yield Called(None, By.SCRIPT, script.path)
            continue
        names = {*script.programs, *script.drops_privileges, *script.needs_root}
        yield from (Called(name, By.SCRIPT, script.path) for name in sorted(names))
        if script.dynamic or script.reads:
            yield Called(None, By.SCRIPT, script.path)


def _in_all_sources(build: Build, context: Context) -> Iterator[Called]:
    known = languages(build)
    process = effective_process(build.final.final)
    program = posixpath.basename(process.process()[0]) if process is not None and process.process() else ""
    if not known and program not in _DAEMONS:
        yield Called(None, By.SOURCE)
    for language in known:
        hints = runtime_hints(context, language)
        if not hints.complete:
            yield Called(None, By.SOURCE)
        for hit in hints.hits:
            if hit.kind.name != "PROGRAM":
                continue
            yield Called(hit.text, By.SOURCE, hit.place.path, hit.place.line)
            yield from _of_script((hit.text,), build)
