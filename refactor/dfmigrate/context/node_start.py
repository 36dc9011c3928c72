"""What a script of ``package.json`` finally runs, through every script, runner and wrapper in between."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from enum import Enum

from dfmigrate.context.build_context import Context
from dfmigrate.context.node import NodeProject, node_project
from dfmigrate.context.node_runners import Call, Command, Files, Opaque, Script, Shell, runner_steps
from dfmigrate.context.node_tools import Role, image_commands, node_tools
from dfmigrate.context.shell_text import ShellCommand, shell_commands

_MAX_DEPTH = 24
_MAX_PROGRAMS = 300

_LOADING_OPTIONS = ("-r", "--require", "--import", "--loader", "--experimental-loader")
_NODE_VALUE_OPTIONS = ("-e", "--eval", "-p", "--print", "-C", "--conditions", "--env-file", "--title")
_RUNS_A_FILE = frozenset({"node", "nodejs", "ts-node", "ts-node-dev", "tsnd", "tsx", "babel-node", "nodemon", "bun"})


class Need(Enum):
    """Where a program comes from."""

    IMAGE = "image"
    PRODUCTION = "production dependency"
    DEVELOPMENT = "development dependency"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Program:
    """One program that is run, with the package that brings it."""

    words: tuple[str | None, ...]
    need: Need
    package: str | None
    role: Role | None
    """None for what is no known npm tool."""
    script: str
    """The script that calls it."""
    folder: str
    """The working directory."""

    @property
    def name(self) -> str:
        return self.words[0] or ""


@dataclass(frozen=True, slots=True)
class Closure:
    """Everything that starting a script runs."""

    programs: tuple[Program, ...]
    packages: tuple[tuple[str, Need], ...]
    """Packages that programs are told to load (``node -r dotenv/config``)."""
    files: tuple[str, ...]
    """Files and folders of the project that programs are given, whether they exist yet or not."""
    scripts: tuple[str, ...]
    written: tuple[str | None, ...]
    """Files that redirections write; None for those that only the shell knows."""
    opaque: tuple[str, ...]
    """What could not be followed, in words."""

    @property
    def closed(self) -> bool | None:
        """Whether production dependencies alone bring everything that is run; None when that is not known."""
        needs = [program.need for program in self.programs] + [need for _, need in self.packages]
        if Need.DEVELOPMENT in needs:
            return False
        return None if self.opaque or Need.UNKNOWN in needs else True

    def with_role(self, *roles: Role) -> tuple[Program, ...]:
        return tuple(program for program in self.programs if program.role in roles)


@dataclass(slots=True)
class _Walk:
    programs: list[Program] = field(default_factory=list)
    packages: dict[str, Need] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    scripts: dict[str, None] = field(default_factory=dict)
    written: dict[str | None, None] = field(default_factory=dict)
    opaque: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    project: NodeProject
    script: str
    folder: str
    depth: int


def start(project: NodeProject, script: str) -> Closure:
    """Follow a script with its ``pre`` and ``post`` scripts."""
    walk = _Walk()
    _run_script(walk, _Place(project, script, project.folder, 0), Script(script))
    return _closure(walk)


def follow(project: NodeProject, command: str) -> Closure:
    """Follow a shell command that is run in the project's folder, such as the text of CMD."""
    walk = _Walk()
    _run_text(walk, _Place(project, "", project.folder, 0), command)
    return _closure(walk)


def package_need(project: NodeProject, package: str) -> Need:
    """Whether production dependencies bring a package."""
    if package in project.dependencies or package in project.optional_dependencies:
        return Need.PRODUCTION
    known = project.packages
    if known is not None and known.production is not None and package in known.all:
        return Need.PRODUCTION if package in known.production else Need.DEVELOPMENT
    return Need.DEVELOPMENT if package in project.dev_dependencies else Need.UNKNOWN


def command_need(project: NodeProject, name: str) -> tuple[Need, str | None]:
    """Where a command comes from, and the package that brings it."""
    binaries = None if project.packages is None else project.packages.binaries
    if binaries is not None and name in binaries:
        package, dev = binaries[name]
        return (Need.DEVELOPMENT if dev else Need.PRODUCTION), package
    tool = node_tools().get(name)
    if name in image_commands() and not project.declares(name):
        return Need.IMAGE, None
    if binaries is not None:
        # The lock file knows every command that the install brings, so this one is the image's own, if anybody's.
        return (Need.IMAGE if tool is None else Need.UNKNOWN), None
    candidates = (*(tool.packages if tool is not None else ()), name)
    for package in candidates:
        if project.declares(package):
            return package_need(project, package), package
    return Need.UNKNOWN, tool.packages[0] if tool is not None else None


def _closure(walk: _Walk) -> Closure:
    return Closure(
        programs=tuple(walk.programs),
        packages=tuple(walk.packages.items()),
        files=tuple(walk.files),
        scripts=tuple(walk.scripts),
        written=tuple(walk.written),
        opaque=tuple(dict.fromkeys(walk.opaque)),
    )


def _run_script(walk: _Walk, at: _Place, call: Script) -> None:
    label = f"{at.project.folder}:{call.name}" if at.project.folder else call.name
    if at.depth > _MAX_DEPTH:
        walk.opaque.append(f"script {label}: nested too deeply")
        return
    if label in walk.scripts:
        return
    text = _script_text(at.project, call.name)
    if text is None:
        if not call.optional:
            walk.opaque.append(f"script {label}: not in {at.project.path}")
        return
    walk.scripts[label] = None
    extra = "".join(f" {argument}" for argument in call.arguments)
    for name, body in ((f"pre{call.name}", None), (call.name, text + extra), (f"post{call.name}", None)):
        body = at.project.scripts.get(name) if body is None else body
        if body is not None:
            _run_text(walk, _Place(at.project, name, at.project.folder, at.depth + 1), body)


def _script_text(project: NodeProject, name: str) -> str | None:
    text = project.scripts.get(name)
    if text is None and name == "start" and posixpath.join(project.folder, "server.js") in project.context.files:
        return "node server.js"
    return text


def _run_text(walk: _Walk, at: _Place, text: str) -> None:
    if at.depth > _MAX_DEPTH:
        walk.opaque.append("nested too deeply")
        return
    shell = shell_commands(text)
    if not shell.understood:
        walk.opaque.append(f"script {at.script}: shell text that could not be read")
        return
    folder: str | None = at.folder
    for command in shell.commands:
        if folder is None or len(walk.programs) >= _MAX_PROGRAMS:
            walk.opaque.append(f"script {at.script}: too long, or in an unknown folder")
            return
        for target in command.writes_to:
            if target != "/dev/null":
                walk.written.setdefault(None if target is None else posixpath.normpath(posixpath.join(folder, target)))
        if command.name in shell.functions:
            continue
        if command.name == "cd":
            folder = _changed(folder, command)
            continue
        _run_words(walk, _Place(at.project, at.script, folder, at.depth), command.words)


def _changed(folder: str, command: ShellCommand) -> str | None:
    target = command.words[1] if len(command.words) == 2 else None
    if target is None or target.startswith(("/", "~", "-")):
        return None
    joined = posixpath.normpath(posixpath.join(folder, target))
    return None if joined.startswith("..") else ("" if joined == "." else joined)


def _run_words(walk: _Walk, at: _Place, words: tuple[str | None, ...]) -> None:
    for step in runner_steps(words):
        if isinstance(step, Opaque):
            walk.opaque.append(f"script {at.script}: {step.why}")
        elif isinstance(step, Files):
            _add_files(walk, at, step.paths)
        elif isinstance(step, Shell):
            _run_text(walk, _Place(at.project, at.script, at.folder, at.depth + 1), step.text)
        elif isinstance(step, Command):
            _add_program(walk, at, step.words)
        elif isinstance(step, Call):
            _run_words(walk, _Place(at.project, at.script, at.folder, at.depth + 1), step.words)
        else:
            _run_named(walk, at, step)


def _run_named(walk: _Walk, at: _Place, step: Script) -> None:
    """A script of this project, or of another one when the folder or the workspace says so."""
    project = _project_at(at, step)
    if project is None:
        walk.opaque.append(f"script {step.name}: in an unknown folder")
        return
    inner = _Place(project, step.name, project.folder, at.depth + 1)
    if "*" in step.name:
        for name in project.scripts:
            if posixpath.basename(name) and _pattern_matches(step.name, name):
                _run_script(walk, inner, Script(name))
    elif step.or_command and step.name not in project.scripts:
        _add_program(walk, at, (step.name, *step.arguments))
    else:
        _run_script(walk, inner, step)


def _pattern_matches(pattern: str, name: str) -> bool:
    """npm-run-all's ``build:*``: a star stands for one part between colons."""
    parts, names = pattern.split(":"), name.split(":")
    if len(parts) != len(names) and not (parts[-1] == "**" and len(names) >= len(parts)):
        return False
    return all(part in ("*", "**", actual) for part, actual in zip(parts, names, strict=False))


def _project_at(at: _Place, step: Script) -> NodeProject | None:
    context = at.project.context
    if step.workspace is not None:
        for member in at.project.members or ():
            found = node_project(context, member)
            if found is not None and step.workspace in (found.name, member, f"./{member}"):
                return found
        return None
    folder = posixpath.normpath(posixpath.join(at.folder, step.folder or ""))
    folder = "" if folder == "." else folder
    if folder == at.project.folder:
        return at.project
    return _nearest(context, folder, exact=step.folder is not None)


def _nearest(context: Context, folder: str, *, exact: bool) -> NodeProject | None:
    while True:
        found = node_project(context, folder)
        if found is not None or exact or not folder:
            return found
        folder = posixpath.dirname(folder)


def _add_program(walk: _Walk, at: _Place, words: tuple[str | None, ...]) -> None:
    name = words[0]
    if name is None:
        walk.opaque.append(f"script {at.script}: a command that only the shell knows")
        return
    if "/" in name and "node_modules/" not in name:
        _run_file(walk, at, words)
        return
    command = posixpath.basename(name)
    if "node_modules/" in name and ".bin/" not in name:
        need, package = _package_of(at.project, name)
    else:
        need, package = command_need(at.project, command)
    tool = node_tools().get(command)
    role = None if tool is None else tool.role_of(words[1:])
    walk.programs.append(Program((command, *words[1:]), need, package, role, at.script, at.folder))
    if command in _RUNS_A_FILE:
        _node_arguments(walk, at, words[1:])
    _add_files(walk, at, tuple(word for word in words[1:] if word is not None and _is_there(at, word)))


def _run_file(walk: _Walk, at: _Place, words: tuple[str | None, ...]) -> None:
    """A file of the project that is executed: what a shell script runs is known, what another program runs is not."""
    name = words[0] or ""
    path = posixpath.normpath(posixpath.join(at.folder, name))
    walk.programs.append(Program(words, Need.IMAGE, None, None, at.script, at.folder))
    _add_files(walk, at, (name,))
    text = None if name.startswith("/") else at.project.context.read(path)
    if text is None:
        walk.opaque.append(f"{name}: not a readable script of the project")
    elif text.startswith(("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash", "#!/usr/bin/env sh")):
        _run_text(walk, _Place(at.project, path, at.folder, at.depth + 1), text)
    elif not text.startswith("#!/usr/bin/env node"):
        walk.opaque.append(f"{name}: not a shell script")


def _node_arguments(walk: _Walk, at: _Place, arguments: tuple[str | None, ...]) -> None:
    """The file that an interpreter is given, and the modules that it is told to load first."""
    pending = list(arguments)
    while pending:
        argument = pending.pop(0)
        if argument is None:
            walk.opaque.append(f"script {at.script}: an argument that only the shell knows")
            return
        option, _, value = argument.partition("=")
        if option in _LOADING_OPTIONS:
            _load(walk, at, value or (pending.pop(0) if pending else None))
        elif option in _NODE_VALUE_OPTIONS:
            if not value and pending:
                pending.pop(0)
            if option in ("-e", "--eval", "-p", "--print"):
                walk.opaque.append(f"script {at.script}: JavaScript on the command line")
                return
        elif not argument.startswith("-"):
            if argument in ("watch", "run", "start"):
                continue
            _script_argument(walk, at, argument)
            return


def _script_argument(walk: _Walk, at: _Place, argument: str) -> None:
    if "node_modules/" in argument:
        need, package = _package_of(at.project, argument)
        walk.packages.setdefault(package or argument, need)
    else:
        _add_files(walk, at, (argument,))


def _load(walk: _Walk, at: _Place, module: str | None) -> None:
    if module is None:
        walk.opaque.append(f"script {at.script}: loads a module that only the shell knows")
    elif module.startswith((".", "/")):
        _add_files(walk, at, (module,))
    elif not module.startswith(("node:", "bun:")):
        package = package_of(module)
        walk.packages.setdefault(package, package_need(at.project, package))


def package_of(module: str) -> str:
    """The package that a module specifier belongs to."""
    parts = module.split("/")
    return "/".join(parts[:2]) if module.startswith("@") else parts[0]


def _package_of(project: NodeProject, path: str) -> tuple[Need, str | None]:
    """The package that a path into ``node_modules`` belongs to, be it a command or a module."""
    inside = path.rpartition("node_modules/")[2]
    if inside.startswith(".bin/"):
        return command_need(project, inside.removeprefix(".bin/"))
    package = package_of(inside)
    return package_need(project, package), package


def _is_there(at: _Place, word: str) -> bool:
    if word.startswith(("-", "/")) or word in (".", ".."):
        return False
    return at.project.context.exists(posixpath.join(at.folder, word))


def _add_files(walk: _Walk, at: _Place, paths: tuple[str, ...]) -> None:
    for path in paths:
        joined = path if path.startswith("/") else posixpath.normpath(posixpath.join(at.folder, path))
        walk.files.setdefault(joined)
