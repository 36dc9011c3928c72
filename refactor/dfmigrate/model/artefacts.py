"""What a build command leaves in the project's folder, and which of the project's files it reads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dfmigrate.context import Context
from dfmigrate.context.composer import composer_project
from dfmigrate.context.makefile import makefile
from dfmigrate.context.node import node_project
from dfmigrate.context.node_tools import node_tools
from dfmigrate.context.pyproject import pyproject_file
from dfmigrate.knowledge.images import ImageFacts

from .actions import Action
from .files import FileSystem
from .go_outputs import fetches_programs, go
from .gradle import gradle_archives
from .maven import BUILT, maven_archives
from .mentions import mentions
from .native_outputs import Native, cargo, crystal, dub, swift, zig
from .node_outputs import node_outputs
from .pip import pip_arguments
from .sbt import SCRATCH, sbt_outputs


@dataclass(frozen=True, slots=True)
class Output:
    """A path that the command writes. ``scratch``: intermediate, only the build reads it again."""

    path: str
    scratch: bool = False
    is_file: bool = False
    """It is one file; otherwise it may be a folder."""


Outputs = tuple[Output, ...] | None
"""None: what it writes below the folder cannot be listed."""


@dataclass(frozen=True, slots=True)
class Project:
    """One command with the folder of the build context that its working directory shows."""

    action: Action
    cwd: str
    folder: str
    context: Context
    base: ImageFacts | None
    environment: Mapping[str, str | None]
    """The variables that the command sees; None: set to something unknown."""
    files: FileSystem

    def at(self, *parts: str) -> str:
        return posixpath.normpath(posixpath.join(self.cwd, *parts))


def context_folder(path: str, files: FileSystem) -> str | None:
    """The folder of the context whose files lie directly in a folder of the image: ``""`` is the root."""
    write = files.first_child(path, "context")
    return posixpath.dirname(write.origin.detail) if write is not None else None


def project_of(
    action: Action,
    files: FileSystem,
    base: ImageFacts | None,
    context: Context | None,
    environment: Mapping[str, str | None] = MappingProxyType({}),
) -> Project | None:
    """The project that a command works on; None without a context, or where the context's files are not below its
    directory."""
    if context is None or not context.complete or action.cwd is None or None in action.argv:
        return None
    folder = context_folder(action.cwd, files) if not fetches_programs(action.argv) else ""
    return Project(action, action.cwd, folder, context, base, environment, files) if folder is not None else None


def lists_outputs(program: str | None) -> bool:
    """Whether ``outputs`` may have an answer for a program."""
    return program in _READERS or program in node_tools()


def outputs(project: Project) -> Outputs:
    """What one command leaves below its working directory."""
    program = project.action.program or ""
    reader = _READERS.get(program) or (_node if program in node_tools() else None)
    return reader(project) if reader is not None else None


def _option(argv: tuple[str | None, ...], *names: str) -> str | None:
    for index, word in enumerate(argv):
        for name in names:
            if word == name and index + 1 < len(argv):
                return argv[index + 1]
            if word is not None and word.startswith(name + "="):
                return word[len(name) + 1 :]
    return None


def _go(project: Project) -> Outputs:
    action = project.action
    made = go(action.argv, action.text, project.cwd, project.environment, project.context, project.folder)
    if made is None or (made.named_here and _has_new_module(project)):
        return None
    scratch = (Output(path, scratch=True) for path in made.scratch)
    return (*(Output(project.at(path), is_file=made.alone) for path in made.programs), *scratch)


def _has_new_module(project: Project) -> bool:
    """Whether a command made or changed the ``go.mod`` after which a program is named."""
    return any(write.origin.source == "run" for write in project.files.exactly(project.at("go.mod")))


def lists_all_places(action: Action) -> bool:
    """Whether what ``outputs`` lists stands for what the command writes anywhere, not only in its directory."""
    return action.argv[:2] in (("go", "install"), ("go", "get")) or (action.program == "make" and _installs(action))


def _native(reader: Callable[[Project], Native | None]) -> Callable[[Project], Outputs]:
    """A compiler of programs: they last, the folders around them do not."""

    def read(project: Project) -> Outputs:
        made = reader(project)
        if made is None:
            return None
        scratch = (Output(project.at(path), scratch=True) for path in made.scratch)
        return (*scratch, *(Output(project.at(path), is_file=True) for path in made.programs))

    return read


def _maven(project: Project) -> Outputs:
    """``target``, or in it only what is run, where nothing in the project or the command says otherwise."""
    words = tuple(word for word in project.action.argv[1:] if word is not None)
    made = maven_archives(project.context, project.folder, words, project.environment)
    if made is None or made == (BUILT,):
        return None if made is None else (Output(project.at(BUILT)),)
    kept = (Output(project.at(path), is_file=path.endswith((".jar", ".war", ".ear"))) for path in made)
    return (Output(project.at(BUILT), scratch=True), *kept)


def _gradle(project: Project) -> Outputs:
    """``build`` and ``.gradle``, of which only the archive is read again."""
    words = tuple(word for word in project.action.argv[1:] if word is not None)
    archives = gradle_archives(project.context, project.folder, words)
    if archives is None or "clean" in words[-1:]:
        return None
    scratch = (Output(project.at("build"), True), Output(project.at(".gradle"), True))
    found = (posixpath.relpath(archive, project.folder or ".") for archive in archives)
    return (*scratch, *(Output(project.at(path), is_file=path.endswith((".jar", ".war"))) for path in found))


def _sbt(project: Project) -> Outputs:
    """``target`` and what sbt builds itself from, of which only the archive or the staged folder is read again."""
    words = tuple(word for word in project.action.argv[1:] if word is not None)
    made = sbt_outputs(project.context, project.folder, words)
    if made is None:
        return None
    scratch = (Output(project.at(path), scratch=True) for path in SCRATCH)
    return (*scratch, *(Output(project.at(path), is_file=path.endswith((".jar", ".zip"))) for path in made))


def _dotnet(project: Project) -> Outputs:
    argv = project.action.argv
    scratch = (Output(project.at("obj"), True), Output(project.at("bin"), True))
    if len(argv) < 2 or argv[1] not in ("restore", "build", "publish"):
        return None
    if any((word or "").startswith(("-p:", "/p:", "-property:", "--property", "--artifacts-path")) for word in argv):
        return None
    target = _option(argv, "-o", "--output")
    if argv[1] == "publish" and target is not None:
        return (*scratch, Output(project.at(target)))
    return scratch if argv[1] == "restore" else None


def _node(project: Project) -> Outputs:
    node = node_project(project.context, project.folder)
    found = node_outputs(project.action.argv, node) if node is not None else None
    if found is None or any(_lacks_its_source(path, project) for path, _ in found):
        return None
    served = (project.base is not None and project.base.family in ("node", "bun")) or mentions(
        project.context, "node_modules"
    )
    return tuple(
        Output(project.at(path), scratch or (path == "node_modules" and not served)) for path, scratch in found
    )


def _lacks_its_source(path: str, project: Project) -> bool:
    """Output beside a TypeScript source of the context that is not in the image."""
    source = re.sub(r"js$", "ts", path)
    known = source != path and posixpath.normpath(posixpath.join(project.folder, source)) in project.context.files
    return known and not project.files.exactly(project.at(source))


def _composer(project: Project) -> Outputs:
    """``vendor``, unless the project lays it elsewhere or its scripts and plugins may write more."""
    composer = composer_project(project.context, project.folder)
    verbs = ("install", "update", "require", "dump-autoload", "dumpautoload")
    if composer is None or project.action.argv[1:2] not in tuple((verb,) for verb in verbs):
        return None
    if composer.plugins is None or composer.plugins or composer.install_scripts:
        return None
    return (Output(project.at(composer.vendor_folder)), Output(project.at("composer.lock")))


def _make(project: Project) -> Outputs:
    """The files that the goals' recipes write; objects are only read again by the build."""
    found = makefile(project.context, project.folder)
    words = project.action.argv[1:]
    if found is None or found.mentions_shared_libraries or any((word or "").startswith(("-f", "-C")) for word in words):
        return None
    goals: list[str | None] = [
        word for word in words if word is not None and not word.startswith("-") and "=" not in word
    ]
    set_elsewhere = {"DESTDIR", "PREFIX", "prefix"} & project.environment.keys()
    if _installs(project.action) and (set_elsewhere or any("=" in (word or "") for word in words)):
        return None
    made: list[Output] = []
    for goal in goals or [None]:
        written = found.outputs(goal)
        if written is None:
            return None
        # A folder that is there is made by nobody.
        places = (place for path in written if not project.files.is_directory(place := _place(project, path)))
        made.extend(Output(place) for place in places)
        made.extend(Output(_place(project, path), scratch=True) for path in found.objects(goal))
    return tuple(dict.fromkeys(made))


def _place(project: Project, path: str) -> str:
    """Where a path of the context, or an absolute one, lies in the image."""
    below = posixpath.relpath("/" + path, "/" + project.folder)
    return path if path.startswith("/") else project.at(below)


def _installs(action: Action) -> bool:
    return any((word or "").startswith(("install", "altinstall")) for word in action.argv[1:])


def _by_destination(project: Project) -> Outputs:
    """Commands that name what they write (``gcc -o app``, ``cp a b``)."""
    writes = project.action.writes
    if any(write.path == project.cwd for write in writes):
        return None
    return tuple(Output(write.path, write.path.endswith(".o")) for write in writes)


def _swift(project: Project) -> Outputs:
    """One folder with programs and what they load from beside them; the rest only a build reads again."""
    scratch = (Output(project.at(".build"), scratch=True), Output(project.at("Package.resolved"), scratch=True))
    if project.action.argv[1:] in (("package", "resolve"), ("package", "update")):
        return scratch
    folder = swift(project.action.argv)
    return (*scratch, Output(project.at(folder))) if folder is not None else None


def _sass(project: Project) -> Outputs:
    names = [word for word in project.action.argv[1:] if word is not None and not word.startswith("-")]
    target = names[1] if len(names) == 2 else None
    if target is None:
        return None
    return (
        Output(project.at(target)),
        *((Output(project.at(target + ".map")),) if project.action.program == "sass" else ()),
    )


def _pip(project: Project) -> Outputs:
    """Nothing in the project's folder, but where the project itself is installed."""
    words = tuple(word for word in project.action.argv if word is not None)
    if {"-t", "--target", "-e", "--editable"} & set(words):
        return None
    local = pip_arguments(words).local if "install" in words else ()
    return () if not local else _built(project) if set(local) <= {".", "./"} else None


def _built(project: Project) -> Outputs:
    """What setuptools leaves beside the sources when it builds a wheel."""
    manifest = pyproject_file(project.context, posixpath.join(project.folder, "pyproject.toml"))
    if manifest is None or manifest.backend != "setuptools" or manifest.name is None:
        return None
    name = re.sub(r"[-_.]+", "_", manifest.name)
    inside = project.context.is_folder(posixpath.join(project.folder, "src"))
    information = posixpath.join("src" if inside else ".", f"{name}.egg-info")
    return (Output(project.at("build"), scratch=True), Output(project.at(information), scratch=True))


_STATIC_ROOT = re.compile(r"^\s*STATIC_ROOT\s*=\s*[\"'](/[^\"']+)[\"']", re.MULTILINE)


def _django(project: Project) -> Outputs:
    """``collectstatic`` writes where the settings say, which may lie outside the project's folder."""
    if "collectstatic" not in project.action.argv:
        return None
    settings = [path for path in project.context.files if path.endswith(".py")]
    found = {root for path in settings for root in _STATIC_ROOT.findall(project.context.read(path) or "")}
    return (Output(project.cwd), *(Output(posixpath.normpath(root)) for root in sorted(found))) if found else None


_READERS: dict[str, Callable[[Project], Outputs]] = {
    "go": _go,
    "mvn": _maven,
    "mvnw": _maven,
    "gradle": _gradle,
    "gradlew": _gradle,
    "sbt": _sbt,
    "dotnet": _dotnet,
    "npm": _node,
    "yarn": _node,
    "pnpm": _node,
    "bun": _node,
    "composer": _composer,
    "make": _make,
    "cargo": _native(lambda p: cargo(p.action.argv, p.action.text, p.environment, p.context, p.folder)),
    "crystal": _native(lambda p: crystal(p.action.argv)),
    "swift": _swift,
    "dub": _native(lambda p: dub(p.action.argv, p.environment, p.context, p.folder)),
    "zig": _native(lambda p: zig(p.action.argv, p.context, p.folder)),
    "sass": _sass,
    "node-sass": _sass,
    "manage.py": _django,
    "pip": _pip,
    "pip3": _pip,
    **dict.fromkeys(
        (
            "gcc",
            "g++",
            "cc",
            "c++",
            "clang",
            "cp",
            "mv",
            "touch",
            "mkdir",
            "curl",
            "wget",
            "tee",
            "echo",
            "cat",
            "printf",
            "sed",
        ),
        _by_destination,
    ),
    **dict.fromkeys(("chmod", "chown", "rm"), lambda project: ()),
}
