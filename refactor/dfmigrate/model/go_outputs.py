"""What the go command leaves: programs by name, and the sources that it fetches for the build."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.go import go_project
from dfmigrate.context.go_packages import go_packages
from dfmigrate.knowledge.command_line import CommandLine
from dfmigrate.knowledge.programs import command_line


@dataclass(frozen=True, slots=True)
class GoMade:
    """``programs`` relative to the folder that the command works in, or absolute; ``scratch`` absolute."""

    programs: tuple[str, ...] = ()
    scratch: tuple[str, ...] = ()
    alone: bool = False
    """Each program is one file, whose name is certain."""
    named_here: bool = False
    """It depends on the ``go.mod`` of the folder how a program is called."""


def fetches_programs(argv: Sequence[str | None]) -> bool:
    """Whether it is ``go install`` of programs by their address and version, which needs no project."""
    line = command_line(argv) if argv[:2] == ("go", "install") else None
    packages = line.positional[1:] if line is not None else ()
    return bool(packages) and all(one is not None and _FETCHED.fullmatch(one) for one in packages)


_LEAVES_NOTHING = frozenset({"test", "vet", "fmt", "env", "version", "list", "doc", "clean"})
_VERSION = re.compile(r"v\d+")
_PLATFORM = re.compile(r"\b(GOOS|GOARCH|GOBIN|GOPATH|GOFLAGS|GOARM)=(\S*)")
_USUAL = {"GOOS": ("linux",)}
"""Values with which programs lie where they always do, and have no ending."""
_FOLDER = re.compile(r"\./[\w/.-]*\w")
_FETCHED = re.compile(r"[\w-]+(?:\.[\w-]+)+/[\w./~-]*\w@[\w.+-]+")
"""A package by its address and version; only a program can be installed so."""
_BUILD_MODES = ("-buildmode", "-C", "-modfile", "-overlay")
_GET_ONLY = ("-d", "-t", "-u", "-v", "-x", "-insecure", "-fix", "-f", "-d=true")


def go(
    argv: Sequence[str | None],
    text: str,
    cwd: str,
    environment: Mapping[str, str | None],
    context: Context,
    folder: str,
) -> GoMade | None:
    """What one command leaves; None where that cannot be listed. ``folder`` of the context lies at ``cwd``."""
    line = command_line(argv)
    if line is None or not line.positional or None in argv:
        return None
    verb, *packages = (word or "" for word in line.positional)
    if verb in _LEAVES_NOTHING:
        return GoMade()
    if verb == "mod":
        return GoMade(scratch=(posixpath.join(cwd, "go.mod"),)) if packages[:1] == ["init"] else GoMade()
    if line.has(_BUILD_MODES) or not _is_usual(text, environment):
        return None
    project = _Folder(context, folder, cwd)
    if verb == "build":
        return _build(line, packages, project)
    place = _bin(environment)
    if place is None or verb not in ("install", "get"):
        return None
    return _install(packages, project, place) if verb == "install" else _get(line, packages, place)


@dataclass(frozen=True, slots=True)
class _Folder:
    """The folder that a command works in: of the context, and of the image."""

    context: Context
    folder: str
    cwd: str

    @property
    def own_name(self) -> str | None:
        """What the package in the folder itself is called: after its module, or after the folder in a larger one or
        below GOPATH."""
        found = go_project(self.context, self.folder)
        name = found.binary_name if found is not None else posixpath.basename(self.cwd)
        return None if not name or _VERSION.fullmatch(name) else name

    def mains(self) -> tuple[str, ...] | None:
        """The names of all programs at and below the folder."""
        found = go_packages(self.context, self.folder)
        folders = [where for where, package in found.packages.items() if package.has_main]
        names = [self.own_name if where == self.folder else posixpath.basename(where) for where in sorted(folders)]
        known = tuple(name for name in names if name is not None and not _VERSION.fullmatch(name))
        return known if found.complete and len(known) == len(names) else None

    def name(self, package: str) -> str | None:
        """The program that is built from one package of the folder."""
        if package in (".", "./"):
            return self.own_name
        if not _FOLDER.fullmatch(package) or "..." in package:
            return None
        name = posixpath.basename(package)
        return None if _VERSION.fullmatch(name) else name


def _build(line: CommandLine, packages: list[str], project: _Folder) -> GoMade | None:
    targets = line.values(["-o"])
    if targets:
        target = targets[-1]
        return GoMade((target,)) if target is not None and not target.endswith("/") else None
    if packages and all(re.fullmatch(r"[\w./-]+\.go", package) for package in packages):
        # A program of files is named after the first one.
        return GoMade((posixpath.basename(packages[0]).removesuffix(".go"),))
    if len(packages) > 1:
        return None
    name = project.name(packages[0] if packages else ".")
    return GoMade((name,), named_here=True) if name is not None else None


def _install(packages: list[str], project: _Folder, place: str) -> GoMade | None:
    """Programs in GOBIN, or ``bin`` of GOPATH."""
    if packages and all(map(_FETCHED.fullmatch, packages)):
        # Nobody has read their sources, so none of them may be what a container starts.
        return GoMade(scratch=tuple(posixpath.join(place, _fetched_name(package)) for package in packages))
    if packages == ["./..."]:
        names = project.mains()
    else:
        name = project.name(packages[0] if packages else ".") if len(packages) < 2 else None
        names = (name,) if name is not None else None
    if names is None:
        return None
    return GoMade(tuple(posixpath.join(place, name) for name in names), alone=True, named_here=True)


def _fetched_name(package: str) -> str:
    """The program of ``example.org/tool/v2@latest``."""
    *above, name = package.partition("@")[0].split("/")
    return above[-1] if _VERSION.fullmatch(name) else name


def _get(line: CommandLine, packages: list[str], place: str) -> GoMade | None:
    """Sources that only the compiler reads; programs of them where nothing says that they are only fetched.

    Whether a package is a program is not known, so none of these may be what a container starts.
    """
    if any(option.name not in _GET_ONLY for option in line.options):
        return None
    return GoMade() if line.has(["-d"]) else GoMade(scratch=(place,))


def _bin(environment: Mapping[str, str | None]) -> str | None:
    home, target = environment.get("GOPATH"), environment.get("GOBIN", "")
    if home is None or target is None or ":" in home or "GOFLAGS" in environment:
        return None
    return target or posixpath.join(home, "bin")


def _is_usual(text: str, environment: Mapping[str, str | None]) -> bool:
    """Whether programs are made for Linux and put where they always are."""
    assigned = _PLATFORM.findall(re.split(r"\bgo\s", text, maxsplit=1)[0])
    known = [(name, value) for name in _USUAL if (value := environment.get(name, "linux")) is not None]
    unknown = any(name in environment and environment[name] is None for name in _USUAL)
    return not unknown and all(value.strip("\"'") in _USUAL.get(name, ()) for name, value in (*assigned, *known))
