"""What the image starts: whether each program, script and folder of CMD, ENTRYPOINT and HEALTHCHECK is there for its
user."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.model import Command, Config
from dfmigrate.model.commands import commands_of
from dfmigrate.verify.accounts import EXECUTE, READ, identity
from dfmigrate.verify.archive import Kind
from dfmigrate.verify.configuration import ImageConfig
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.links import find_program, interpreter_problem
from dfmigrate.verify.pair import Image, Pair
from dfmigrate_grammar.shell import parse_script

CHECK = "commands"
_SHELL = re.compile(r"(^|/)(env\s+)?(ba|da|a)?sh(\s|$)")
_MODULE = re.compile(r"^([A-Za-z_]\w*(?:\.\w+)*):\w+$")


@dataclass(frozen=True, slots=True)
class Call:
    """One command that the image starts."""

    role: str
    """The instruction: ``CMD``, ``ENTRYPOINT`` or ``HEALTHCHECK``."""
    argv: tuple[str | None, ...]
    shell: bool = False
    """It is the shell of a shell form."""
    certain: bool = True
    """It runs whenever the script that it stands in does."""
    script: str | None = None


def commands(pair: Pair) -> Iterator[Finding]:
    """What the original can start and the result cannot."""
    yield from _user(pair)
    yield from _workdir(pair)
    told: set[str] = set()
    for call in calls(pair.after):
        program = call.argv[0] if call.argv else None
        if program is not None and program not in told:
            finding = _program(call, program, pair)
            if finding is not None:
                told.add(program)
                yield finding
        for argument in call.argv[1:]:
            if argument is not None and argument not in told:
                finding = _argument(call, argument, pair)
                if finding is not None:
                    told.add(argument)
                    yield finding


def started_programs(image: Image) -> tuple[str, ...]:
    """The paths of all programs that the image starts, links followed."""
    found = (find_program(call.argv[0], image) for call in calls(image) if call.argv and call.argv[0])
    return tuple(dict.fromkeys(path for path in found if path is not None))


def calls(image: Image) -> Iterator[Call]:
    """Every command of the configuration, and of the shell scripts that it starts."""
    config = image.config
    if config.process:
        yield from _of("ENTRYPOINT" if config.entrypoint else "CMD", config.process, image)
    test = [str(word) for word in config.healthcheck.get("Test") or ()]
    if test[:1] == ["CMD"]:
        yield from _of("HEALTHCHECK", tuple(test[1:]), image)
    elif test[:1] == ["CMD-SHELL"]:
        yield from _of("HEALTHCHECK", (*(config.shell or ("/bin/sh", "-c")), *test[1:]), image)


def _of(role: str, argv: tuple[str, ...], image: Image) -> Iterator[Call]:
    is_shell = bool(_SHELL.search(argv[0])) and len(argv) == 3 and argv[1].startswith("-") and "c" in argv[1]
    yield Call(role, argv[:1] if is_shell else argv, shell=is_shell)
    for words in commands_of(Command(argv, ""), _model(image.config)) or ():
        if words != argv:
            yield Call(role, words)
        yield from _in_script(role, words, image)


def _in_script(role: str, words: tuple[str | None, ...], image: Image) -> Iterator[Call]:
    """The commands of a start script of the application that is a shell's."""
    for word in words[:2]:
        path = find_program(word, image) if word is not None and word == words[0] else word
        resolved = image.files.resolve(path, base=image.config.workdir) if path is not None else None
        text = image.files.texts.get(resolved.path) if resolved is not None and resolved.file is not None else None
        if text is None or resolved is None or resolved.file is None or not _SHELL.search(resolved.file.shebang or ""):
            continue
        for placed in parse_script(text.decode("utf-8", "replace")).commands:
            if placed.name is not None:
                yield Call(role, (placed.name,), certain=placed.guaranteed, script=resolved.path)


def _model(config: ImageConfig) -> Config:
    return Config(environment=dict(config.environment), workdir=config.workdir)


def _program(call: Call, name: str, pair: Pair) -> Finding | None:
    """The finding for a program that the image's user cannot start, and could before."""
    if find_program(name, pair.after, user_only=True) is not None:
        return _interpreter(call, name, pair)
    was = find_program(name, pair.before, user_only=True)
    if was is None:
        return None
    there = _present(name, pair.after)
    weight = Weight.BROKEN if call.certain else Weight.NOTE
    if there is not None:
        who = pair.users[1]
        text = f"{_said(call)} starts {name}, which user {who.uid if who is not None else '?'} may not execute"
        return _finding(call, "A15", weight, name, text, was, there, pair, "give it its executable bit or owner")
    if call.shell:
        text = f"{_said(call)} has a shell form, and there is no {name}"
        return _finding(call, "C9", weight, name, text, was, None, pair, "use the exec form, or a base with a shell")
    mount = pair.causes.cache_mount(was)
    if mount is not None:
        text = f"{_said(call)} starts {name}, which was written below a cache mount"
        return Finding(CHECK, "G3", weight, was, text, was, None, mount, "copy it out of the cache in the same RUN")
    code = "C8" if call.role == "HEALTHCHECK" else "A1" if was in pair.ours else "C10"
    return _finding(call, code, weight, name, f"{_said(call)} starts {name}, which is not there", was, None, pair,
                    "install or copy it in the final stage")  # fmt: skip


def _interpreter(call: Call, name: str, pair: Pair) -> Finding | None:
    path = find_program(name, pair.after)
    file = pair.after.files.get(path) if path is not None else None
    if file is None or file.shebang is None or path in pair.kept:
        # Scripts of the application are looked at with all the others.
        return None
    problem = interpreter_problem(file.shebang, pair.after)
    old = find_program(name, pair.before)
    if problem is None or old is None:
        return None
    text = f"{_said(call)} starts {name}: {problem}"
    return _finding(call, "C10", Weight.BROKEN, name, text, old, path, pair, "install it in the final stage")


def _present(name: str, image: Image) -> str | None:
    """A file of this name where the program would be, whatever its rights."""
    places = [name] if "/" in name else [posixpath.join(folder or ".", name) for folder in image.config.search_path]
    for place in places:
        resolved = image.files.resolve(place, base=image.config.workdir)
        if resolved.file is not None and resolved.file.kind is Kind.FILE:
            return resolved.path
    return None


def _argument(call: Call, argument: str, pair: Pair) -> Finding | None:
    """A file or module that a command is given: there before, and now gone or unreadable."""
    for word in _paths(argument):
        old = pair.before.files.resolve(word, base=pair.before.config.workdir)
        if old.file is None or (old.file.kind is not Kind.FILE and "/" not in word):
            continue
        new = pair.after.files.resolve(word, base=pair.after.config.workdir)
        if new.file is None:
            is_module = _MODULE.match(argument) is not None
            if is_module and any(_exists(other, pair.after) for other in _paths(argument)):
                return None
            mount = pair.causes.cache_mount(old.path)
            text = f"{_said(call)} names {argument}, which is not there"
            code = "D4" if pair.after.files.get(old.path) is not None else "A1" if mount is None else "G3"
            finding = _finding(call, code, Weight.BROKEN, old.path, text, old.path, None, pair)
            line = mount if mount is not None else pair.causes.path(old.path) if code == "A1" else finding.line
            return Finding(CHECK, code, Weight.BROKEN, old.path, text, old.path, None, line, finding.hint)
        who = pair.users[1]
        closed = who is not None and (not who.may(new.file, READ) or who.reaches(pair.after.files, new) is not None)
        if closed and who is not None:
            text = f"{_said(call)} names {argument}, which user {who.uid} may not read"
            return _finding(call, "A15", Weight.BROKEN, new.path, text, old.path, new.path, pair)
        return None
    return None


def _paths(argument: str) -> tuple[str, ...]:
    """The files that an argument may mean: itself, or for ``package.module:name`` the module."""
    found = _MODULE.match(argument)
    if found is not None:
        module = found[1].replace(".", "/")
        return (f"{module}.py", f"{module}/__init__.py")
    if argument.startswith("-") or not argument.strip("./"):
        return ()
    if ":" in argument and "//" not in argument and ".jar" in argument:
        # A class path; a wildcard at its end stands for the jars of a folder.
        return tuple(part.removesuffix("/*") for part in argument.split(":") if part.strip("./"))
    return (argument,)


def _exists(word: str, image: Image) -> bool:
    return image.files.resolve(word, base=image.config.workdir).file is not None


def _user(pair: Pair) -> Iterator[Finding]:
    if pair.users[1] is None and pair.users[0] is not None:
        user = pair.after.config.user
        yield Finding(
            CHECK, "A16", Weight.BROKEN, user, f"the image has no user or group {user}, so no container can start",
            pair.before.config.user or None, user, pair.causes.instruction("USER"), "create the user, or use numbers",
        )  # fmt: skip


def _workdir(pair: Pair) -> Iterator[Finding]:
    folder = pair.after.config.workdir
    line = pair.causes.instruction("WORKDIR")
    now = pair.after.files.resolve(folder)
    was = pair.before.files.resolve(pair.before.config.workdir)
    if now.file is None or now.file.kind is not Kind.FOLDER:
        if was.file is not None:
            yield Finding(CHECK, "D4", Weight.BROKEN, folder, "the working directory is not there", folder, None, line)
        return
    who = identity(pair.after.config.user, pair.after.files)
    if who is None:
        return
    closed = who.reaches(pair.after.files, now) or (folder if not who.may(now.file, EXECUTE) else None)
    if closed is not None:
        text = f"user {who.uid} may not enter {closed}, so it cannot start in its working directory"
        rights = f"mode {now.file.mode:04o}, owner {now.file.uid}:{now.file.gid}"
        yield Finding(CHECK, "E1", Weight.BROKEN, folder, text, None, rights, line, "give the folder to the user")


def _said(call: Call) -> str:
    return call.role if call.script is None else call.script


def _finding(
    call: Call, code: str, weight: Weight, subject: str, text: str, was: str | None, now: str | None, pair: Pair,
    hint: str = "",
) -> Finding:  # fmt: skip
    lost = code in ("C8", "C9", "C10")
    line = pair.causes.base if lost else pair.causes.instruction("WORKDIR" if code == "D4" else call.role)
    if code == "A15":
        line = pair.causes.path(now or subject)
    if code == "A1":
        line = pair.causes.path(was or subject)
    return Finding(CHECK, code, weight, subject, text, was, now, line, hint)
