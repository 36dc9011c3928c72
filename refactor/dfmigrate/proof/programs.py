"""Every program that the container starts is found in the runtime, from the same provider as before."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context.node_start import Need, command_need
from dfmigrate.context.scripts import EntryScript
from dfmigrate.knowledge.packages import build_only_unless_called, is_build_only, is_in_no_image
from dfmigrate.migration import Proved
from dfmigrate.model import Kind, Layer, StageModel
from dfmigrate.model.called import By, Called, builds_what_nobody_read, called_programs, start_scripts
from dfmigrate.model.called import calls as all_calls
from dfmigrate.model.closure import application
from dfmigrate.model.mentions import quotes
from dfmigrate.model.preparing import preparations
from dfmigrate.model.process import started
from dfmigrate.model.providers import SYSTEM, providers
from dfmigrate.model.python_installs import left_to_the_build
from dfmigrate.model.started_paths import started_paths
from dfmigrate.model.starts import needs_shell, own_commands, served

from .case import Answers, Case, Open

_SHELL_WORDS = frozenset({"set", "cd", "export", ":", "true", "test", "[", "umask", "echo", "exit", "command"})

_OF_THE_SYSTEM = (
    "/usr/",
    "/bin/",
    "/sbin/",
    "/lib",
    "/etc/",
    "/dev/",
    "/proc/",
    "/opt/java/",
    "/var/run/",
    "/run/",
    "/tmp/",
)
_FILE = re.compile(r"[\w./-]+\.(?:[cm]?js|ts|py|rb|php|sh|pl|exs?|jar|war|dll)")
_UNREAD = "which programs are started is not known, as none of the sources that are compiled is in the build context"


def check(case: Case) -> Answers:
    """Resolve each program on PATH in the old and in the new image."""
    if not case.split:
        return
    calls = called_programs(case.starting)
    left = {f"run:{text}" for text in left_to_the_build(case.before, all_calls(case.before))}
    opened = False
    shown: list[str] = []
    for call in calls:
        if call.program is None:
            if not _same_tools(case) and not _loses_nothing_named(call, case):
                opened = True
                where = "a program is started whose name is computed"
                unread = call.path is None and builds_what_nobody_read(case.before)
                yield _open(call, "C10", _UNREAD if unread else where, case)
            continue
        # What serves the build alone brings none of the programs that are called.
        old = providers(call.program, case.old) - left
        new = providers(call.program, case.new)
        if not old:
            old, new = _of_packages(call.program, case.old, case), _of_packages(call.program, case.new, case)
        if old and not old <= new:
            opened = True
            yield _open(
                call,
                "C8" if call.by is By.HEALTH else "C10",
                f"`{call.program}` would be missing from {case.new.reference}",
                case,
            )
        elif not old and (not _same_tools(case) or _is_own(call.program)) and not _was_never_there(call.program, case):
            opened = True
            yield _open(
                call,
                "C10",
                f"where `{call.program}` comes from is not known, so it may be missing from {case.new.reference}",
                case,
            )
        else:
            shown.append(call.program)
    for answer in (*_preparing(case), *_build_tools(case), *_shells(case), *_started_files(case)):
        opened = True
        yield answer
    if not opened:
        yield Proved(
            "programs",
            ("C1", "C8", "C9", "C10"),
            f"everything that the container starts is in the runtime: {', '.join(dict.fromkeys(shown)) or '-'}",
        )


def _preparing(case: Case) -> Iterator[Open]:
    """What installs or compiles at start may need any program and any header that the image had."""
    if _same_tools(case):
        return
    for one in preparations(case.starting):
        message = f"{one.why} when the container starts, for which {case.new.reference} may lack something"
        yield Open("programs", "C3", message, "build in a RUN and start the result", None, one.path)


def _build_tools(case: Case) -> Iterator[Open]:
    """What the runtime's own RUN instructions call must be there too."""
    for layer in case.new.layers:
        for action in layer.actions:
            name = action.program
            if name is None or name in _SHELL_WORDS or action.role == "system-packages":
                continue
            # What a command leaves behind does not start the command itself.
            own = {f"run:{action.text}"}
            old, new = providers(name, case.old) - own, providers(name, case.new) - own
            if new and (SYSTEM in new or SYSTEM not in old):
                continue
            yield Open(
                "programs",
                "A2",
                f"the runtime would run `{name}`, which it does not have",
                "keep the package that brings it",
                _line(layer, case),
            )


def _started_files(case: Case) -> Iterator[Open]:
    """Files that the start command names, the program's arguments included, are where they were."""
    for word, from_outside in _named_words(case):
        path = case.old.final.absolute(word) if not word.startswith("-") and " " not in word else None
        if path is None or path == case.old.final.workdir:
            continue
        if not case.old.files.candidates(path) and not case.old.files.is_directory(path):
            if from_outside and _FILE.fullmatch(word):
                # Nothing says that this start works today: the file may come from a mount, or from nowhere.
                message = f"what writes {path}, which a command from outside of the Dockerfile names, is not known"
                yield Open("programs", "C13", message, "let it name a file of the image", case.old.line)
                continue
            given = word == (started(case.old.final) or ("",))[0] or not _is_nowhere(path, case.old)
            if given and word.startswith("/") and word.count("/") > 1 and not word.startswith(_OF_THE_SYSTEM):
                message = f"what writes {path}, which the start command names, is not known"
                yield Open("programs", "A2", message, "write it below the working directory", case.old.line)
            continue
        exact = any(write.path == path and write.kind is not Kind.TREE for write in case.old.files.writes)
        named = "/" in word or "." in word
        if (exact or named) and not case.new.files.candidates(path) and not case.new.files.is_directory(path):
            yield Open(
                "programs",
                "A1",
                f"the start command names {path}, which would be missing",
                "carry it over",
                case.old.line,
            )


def _is_nowhere(path: str, stage: StageModel) -> bool:
    """Whether nothing puts the path there, its base image included: it is mounted where it is needed."""
    return not stage.files.opaque and not stage.files.brings(posixpath.dirname(path))


def _led_to(case: Case) -> Iterator[Open]:
    """Folders and files inside of what a build makes that a class path or an option names."""
    for path in sorted(started_paths(case.before)):
        made = [write for write in case.old.files.candidates(path) if write.origin.source == "run"]
        if not made or case.new.files.candidates(path) or case.new.files.is_directory(path):
            continue
        # A word is a path only where a folder is in front of it, or it is one that something writes.
        if made[0].path == path or posixpath.dirname(path) != case.old.final.workdir:
            message = f"the start command leads to {path}, which would be missing"
            yield Open("programs", "A1", message, "carry it over", case.old.line)
            return


def _named_words(case: Case) -> Iterator[tuple[str, bool]]:
    """The words of the argument vectors; of commands from outside, those behind a shell's text too."""
    for word in started(case.old.final) or ():
        yield word, False
    for one in served(case.old.final, case.context)[1:]:
        for argv in own_commands(one, case.context) or ():
            yield from ((word, True) for word in argv if word)


def _shells(case: Case) -> Iterator[Open]:
    """An image without a shell runs no RUN and no command in shell form."""
    if case.new.base is None or case.new.base.shell:
        return
    config = case.new.final
    shell_form = needs_shell(config, case.context) or any(_is_for_shell(one) for one in start_scripts(case.before))
    check = config.healthcheck is not None and config.healthcheck.is_shell_form
    if shell_form or check or any(layer.name == "RUN" for layer in case.new.layers):
        message = f"{case.new.reference} has no shell, which a command in shell form needs"
        yield Open("programs", "C9", message, "write the command as a JSON list", case.old.line)


def _is_for_shell(script: EntryScript) -> bool:
    """Whether the kernel, or another program for want of a first line, gives it to a shell."""
    return script.is_shell or script.interpreter is None


def _line(layer: Layer, case: Case) -> int | None:
    return next((old.line for old in case.old.layers if old.instruction.logical == layer.instruction.logical), None)


def _open(call: Called, code: str, message: str, case: Case) -> Open:
    hint = "name the program in the source or install its package in the Dockerfile"
    return Open("programs", code, message, hint, call.line if call.path is not None else None, call.path)


def _loses_nothing_named(call: Called, case: Case) -> bool:
    """All programs that the runtime lacks are known, are those of the compiler, and no text of the project quotes one:
    a name that a source computes can be none of them."""
    if call.by not in (By.SOURCE, By.LIBRARY) or case.context is None or case.old.base is None:
        return False
    options = [option for option in case.old.base.runtimes if option.reference == case.new.reference]
    if not options or options[0].lost is None or not set(case.old.packages) <= set(case.new.packages):
        return False
    return not any(quotes(case.context, name) for name in options[0].lost)


def _of_packages(program: str, stage: StageModel, case: Case) -> frozenset[str]:
    """What laid down ``node_modules``, for a command that a package of the project is known to bring there."""
    node = application(case.before)
    if node is None or "/" in program or command_need(node, program)[0] not in (Need.PRODUCTION, Need.DEVELOPMENT):
        return frozenset()
    path = posixpath.join(case.old.final.workdir or "/", "node_modules/.bin", program)
    return frozenset(f"{write.origin.source}:{write.origin.detail}" for write in stage.files.candidates(path))


def _same_tools(case: Case) -> bool:
    """The runtime has the same base image and no package fewer."""
    return case.old.reference == case.new.reference and set(case.old.packages) <= set(case.new.packages)


def _was_never_there(program: str, case: Case) -> bool:
    """The original image has it neither: its base does not, and packages that only a build needs do not bring it."""
    base = case.old.base
    if base is None or not is_in_no_image(base.family, program):
        return False
    dropped = [package for package in case.old.packages if package not in case.new.packages]
    return all(program not in package and _serves_builds(package, base.distribution) for package in dropped)


def _serves_builds(package: str, distribution: str | None) -> bool:
    only = is_build_only(distribution, package) or build_only_unless_called(distribution, package) is not None
    return only or package.endswith("-dev")


def _is_own(program: str) -> bool:
    """A path below the application's own folders, which no base image brings."""
    return "/" in program and not program.startswith(_OF_THE_SYSTEM)
