"""Which programs the running container starts, as far as the text of the project shows."""

from __future__ import annotations

import enum
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.php_text import php_text
from dfmigrate.context.remembered import remembered
from dfmigrate.context.scripts import EntryScript, entry_script
from dfmigrate.context.source_text import ENDINGS, language_files
from dfmigrate.context.sources import Hints, runtime_hints
from dfmigrate.knowledge.buildfiles import is_build_file
from dfmigrate.knowledge.dependencies import dependency
from dfmigrate.knowledge.languages import (
    code_option,
    compiled_languages,
    is_daemon,
    is_shell,
    is_supervisor,
    is_unread_family,
    is_unread_interpreter,
    language_of_family,
    language_of_program,
    scanned_interpreters,
)

from .dependencies import dependencies
from .fetched_sources import known_sources
from .files import is_within
from .gems import manifests_that_call_git
from .image_scripts import image_script_calls, pages_start_programs
from .interpret import Build
from .launchers import launcher_calls
from .process import composed_checks, effective_process, healthcheck_commands, process_commands
from .starts import served
from .static_site import static_site


class By(enum.Enum):
    """Where a call stands."""

    PROCESS = "the start command"
    HEALTH = "the health check"
    SCRIPT = "a start script"
    SOURCE = "a source file"
    LIBRARY = "a library"


@dataclass(frozen=True, slots=True)
class Called:
    """A program that the running container starts; ``program`` None: its name, or what calls it, is unknown."""

    program: str | None
    by: By
    path: str | None = None
    """The context file that calls it; None means the Dockerfile."""
    line: int | None = None


@remembered
def languages(build: Build) -> tuple[str, ...]:
    """The languages of the application, in the names of ``context.sources``."""
    stage = build.stages[0]
    own = language_of_family(stage.base.family) if stage.base is not None else None
    found = [own] if own is not None else []
    for layer in stage.layers:
        for action in layer.actions:
            language = language_of_program(action.program or "")
            if language is not None and language not in found:
                found.append(language)
    return tuple(found)


def builds_what_nobody_read(build: Build) -> bool:
    """Whether a program is compiled though none of its sources is in the context: a command has fetched them."""
    known = languages(build)
    if build.context is None or compiled_languages().isdisjoint(known):
        return False
    return not any(language_files(build.context, language) for language in known)


@remembered
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
    for argv in checks or ():
        found.append(Called(argv[0] if argv else None, By.HEALTH))
        found.extend(_of_script(argv, build))
    if build.context is not None:
        found.extend(_in_composed_checks(build, build.context))
    if build.context is not None and static_site(build) is None:
        found.extend(_in_all_sources(build, build.context))
    for need in dependencies(build) or ():
        facts = dependency(need.ecosystem, need.name)
        found.extend(
            Called(program, By.LIBRARY, need.path) for program in (facts.programs if facts is not None else ())
        )
    for manifest in manifests_that_call_git(build.stages[0].layers, build.context):
        found.append(Called("git", By.LIBRARY, manifest))
    return tuple(dict.fromkeys(found))


def _in_composed_checks(build: Build, context: Context) -> Iterator[Called]:
    for path, commands in composed_checks(build.final.final, context):
        if commands is None:
            yield Called(None, By.HEALTH, path)
        for argv in commands or ():
            yield Called(argv[0] if argv else None, By.HEALTH, path)
            yield from _of_script(argv, build)


@remembered
def calls(build: Build) -> Callable[[str], bool]:
    """A predicate: may the running container call this program? True where that cannot be known."""
    known = called_programs(build)
    unknown = build.context is None or any(call.program is None for call in known)
    names = {posixpath.basename(call.program) for call in known if call.program is not None}
    return lambda program: unknown or program in names


@remembered
def start_scripts(build: Build) -> tuple[EntryScript, ...]:
    """The scripts of the context that the start command runs, as far as they are found there."""
    found: dict[str, EntryScript] = {}
    for argv in process_commands(build.final.final, build.context) or ():
        for path in _script_paths(argv, build):
            script = _context_script(path, build)
            if script is not None:
                found[script.path] = script
    return tuple(found.values())


def _script_paths(argv: tuple[str | None, ...], build: Build) -> tuple[str, ...]:
    """Where the program, or the script that a shell is given, may lie in the image."""
    config = build.final.final
    words = [
        word for word in argv[: 2 if argv and is_shell(posixpath.basename(argv[0] or "")) else 1] if word is not None
    ]
    found: list[str] = []
    for word in words:
        folders = [config.workdir or "/"] if "/" in word else [*(config.search_path or ()), config.workdir or "/"]
        found.extend(posixpath.normpath(posixpath.join(folder, word)) for folder in folders)
    return tuple(dict.fromkeys(found))


def _context_script(path: str, build: Build) -> EntryScript | None:
    """The script as the context holds it: a later ``sed`` or ``chmod`` makes it no other program."""
    if build.context is None:
        return None
    if _is_built(path, build):
        return None
    writes = [w for w in build.final.files.writes if w.path == path and w.origin.source == "context"]
    return entry_script(build.context, writes[-1].origin.detail) if writes else None


def _is_built(path: str, build: Build) -> bool:
    """Whether a build command writes exactly this file, after whatever the context sent there."""
    found = None
    for layer in build.final.layers:
        if any(write.path == path and write.origin.source == "context" for write in layer.writes):
            found = False
        if any(write.path == path for action in layer.actions if action.role == "build" for write in action.writes):
            found = True
    return found is True


def _of_script(argv: tuple[str | None, ...], build: Build, seen: frozenset[str] = frozenset()) -> Iterator[Called]:
    """What a start script calls, and the scripts that it calls in turn."""
    name = posixpath.basename(argv[0] or "") if argv else ""
    option = code_option(name)
    runs_text = option is not None and len(argv) > 2 and argv[1] in (option, None)
    if is_supervisor(name) or is_unread_interpreter(name) or runs_text:
        yield Called(None, By.PROCESS)
    behind = _behind(name, argv)
    if behind is not None:
        yield Called(behind[0] if behind and not (behind[0] or "-").startswith("-") else None, By.PROCESS)
        yield from _of_script(behind, build, seen)
    paths = _script_paths(argv, build)
    known = image_script_calls(paths, argv, build)
    if known is not None:
        yield from (Called(program, By.SCRIPT) for program in known)
        return
    yield from (Called(program, By.SCRIPT) for path in paths for program in launcher_calls(path, build))
    scripts = [script for path in paths if (script := _context_script(path, build)) is not None]
    given = argv[1] if is_shell(name) and len(argv) > 1 else argv[0] if argv else None
    if not scripts and any(_is_made_by_command(path, build) for path in paths):
        yield Called(None, By.SCRIPT)
    if not scripts and given is not None and (given.endswith(".sh") or (is_shell(name) and len(argv) > 1)):
        # A script that a command wrote.
        yield Called(None, By.SCRIPT)
    for script in scripts:
        if script.runs_arguments and len(argv) > 1 and not is_shell(name):
            text = build.context.read(script.path) if build.context is not None else None
            shifts = text is None or re.search(r"\bshift\b", text) is not None
            yield Called(None if shifts else argv[1], By.SCRIPT, script.path)
        if script.path not in seen:
            yield from _inside(script, build, seen | {script.path})


def _behind(name: str, argv: tuple[str | None, ...]) -> tuple[str | None, ...] | None:
    """The command that ``bundle exec`` or ``elixir -S`` runs."""
    if name == "bundle" and argv[1:2] == ("exec",):
        return argv[2:]
    return argv[argv.index("-S") + 1 :] if name in ("elixir", "iex", "ruby") and "-S" in argv else None


def _is_made_by_command(path: str, build: Build) -> bool:
    """A program that a RUN copied, linked, wrote or fetched: what it calls is not known. What was compiled is."""
    newest = next((w for w in reversed(build.final.files.writes) if w.path == path), None)
    if newest is None or newest.origin.source != "run":
        return False
    actions = [action for layer in build.final.layers for action in layer.actions]
    built = [write.path for action in actions if action.role == "build" for write in action.writes]
    for action in actions:
        if action.text != newest.origin.detail or action.role not in ("file-operation", "inspection", "download"):
            continue
        names = [word for word in action.argv[1:-1] if word is not None and not word.startswith("-")]
        sources = [posixpath.normpath(posixpath.join(action.cwd or "/", name)) for name in names]
        copies = action.program in ("cp", "mv", "install") and bool(sources)
        if not copies or not all(any(is_within(source, one) for one in built) for source in sources):
            return True
    return False


def _inside(script: EntryScript, build: Build, seen: frozenset[str]) -> Iterator[Called]:
    if not script.is_shell and script.interpreter is not None:
        yield Called(script.interpreter, By.SCRIPT, script.path)
        language = script.interpreter.rstrip("0123456789.")
        if language not in scanned_interpreters() or build.context is None:
            yield Called(None, By.SCRIPT, script.path)
        elif not script.path.endswith(ENDINGS[language]):
            # Sources are found by their names, and this one has another: `bin/rails`.
            yield from _of_hints(runtime_hints(build.context, language, (script.path,)), build, seen)
        return
    text = build.context.read(script.path) if build.context is not None else None
    if not script.understood or text is None or script.dynamic or script.reads or re.search(r"\beval\b", text):
        yield Called(None, By.SCRIPT, script.path)
    for name in sorted({*script.programs, *script.drops_privileges, *script.needs_root}):
        yield Called(name, By.SCRIPT, script.path)
        if is_shell(posixpath.basename(name)) or (
            "/" in name and not name.startswith("/") and re.search(r"(^|[;&\s])(cd|pushd)\s", text or "")
        ):
            yield Called(None, By.SCRIPT, script.path)
        elif "/" in name or name.endswith(".sh") or is_supervisor(name):
            yield from _of_script((name,), build, seen)


def _in_all_sources(build: Build, context: Context) -> Iterator[Called]:
    known = languages(build)
    processes = [effective_process(one) for one in served(build.final.final, context)]
    words = [process.process() if process is not None else () for process in processes]
    programs = {posixpath.basename(argv[0]) if argv else "" for argv in words}
    base = build.stages[0].base
    unread = base is not None and is_unread_family(base.family)
    if (not known and not all(is_daemon(program) for program in programs)) or unread:
        yield Called(None, By.SOURCE)
    for path in language_files(context, "php") if "php" in known else ():
        if php_text(context.read(path) or "", path).runs_commands:
            yield Called(None, By.SOURCE, path)
    if "java" in known and pages_start_programs(context):
        yield Called(None, By.SOURCE)
    if builds_what_nobody_read(build):
        yield from _of_fetched(build, context)
    for language in known:
        yield from _of_hints(runtime_hints(context, language), build, frozenset())


def _of_fetched(build: Build, context: Context) -> Iterator[Called]:
    """What sources start that a command has fetched, where they are known by their address."""
    sources = known_sources(build)
    if not sources:
        yield Called(None, By.SOURCE)
    texts = [context.read(path) or "`" for path in context.files if not is_build_file(path, ())] if sources else []
    config = build.final.final
    texts += [f"{name}={value}" for name, value in config.environment.items()]
    texts += [command.text for command in (config.entrypoint, config.command) if command is not None]
    for source in sources or ():
        yield from (Called(program, By.LIBRARY) for program in source.programs)
        if any(map(source.starts.search, texts)):
            yield Called(None, By.SOURCE)


def _of_hints(hints: Hints, build: Build, seen: frozenset[str]) -> Iterator[Called]:
    if not hints.complete:
        yield Called(None, By.SOURCE)
    for hit in hints.hits:
        if hit.kind.name != "PROGRAM":
            continue
        yield Called(hit.text, By.SOURCE, hit.place.path, hit.place.line)
        if is_shell(posixpath.basename(hit.text or "")):
            yield Called(None, By.SOURCE, hit.place.path, hit.place.line)
        yield from _of_script((hit.text,), build, seen)
