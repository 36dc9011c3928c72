"""A Go module: ``go.mod``, its programs, and what they ask of the machine that runs them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import Context
from dfmigrate.context.go_packages import Embed, GoPackage, GoPackages, go_packages, vendored_cgo
from dfmigrate.context.remembered import remembered
from dfmigrate.context.sources import Hints, runtime_hints

_CGO_IN_THE_STANDARD_LIBRARY = frozenset({"net", "os/user", "plugin", "runtime/cgo"})


@dataclass(frozen=True)
class GoProgram:
    """One ``main`` package with every package of the module that it imports, directly or not."""

    context: Context = field(repr=False)
    folder: str
    packages: tuple[GoPackage, ...]
    complete: bool

    @cached_property
    def imports(self) -> frozenset[str]:
        """All import paths, the module's own included."""
        return frozenset(name for package in self.packages for name in package.imports)

    @property
    def embeds(self) -> tuple[Embed, ...]:
        return tuple(embed for package in self.packages for embed in package.embeds)

    @property
    def cgo(self) -> bool:
        """Whether the module's own packages use cgo."""
        return any(package.cgo for package in self.packages)

    @property
    def standard_library_cgo(self) -> frozenset[str]:
        """Imported packages of the standard library that become dynamically linked when cgo is on."""
        found = set(self.imports & _CGO_IN_THE_STANDARD_LIBRARY)
        if any(name.startswith("net/") for name in self.imports):
            found.add("net")
        return frozenset(found)

    @cached_property
    def hints(self) -> Hints:
        files = tuple(path for package in self.packages for path in package.files)
        return runtime_hints(self.context, "go", files)

    @property
    def exec_programs(self) -> frozenset[str] | None:
        """Programs that the module's own code runs; None when one is computed."""
        return self.hints.programs if self.complete else None


@dataclass(frozen=True)
class GoProject:
    """What ``go.mod`` says, and the programs that the module holds."""

    context: Context = field(repr=False)
    folder: str
    module: str
    go_version: str | None
    toolchain: str | None
    requires: Mapping[str, str]
    """Required module -> version, indirect ones included."""
    replaced: Mapping[str, str]
    """Module -> local folder, as written (``replace x => ../y``)."""
    vendored: bool
    workspace: bool
    """Whether a ``go.work`` lies in the folder or above it."""

    @property
    def manifests(self) -> tuple[str, ...]:
        """The files to copy ahead of ``go mod download``."""
        names = (posixpath.join(self.folder, name) for name in ("go.mod", "go.sum"))
        return tuple(path for path in names if path in self.context.files)

    @cached_property
    def mains(self) -> tuple[str, ...]:
        """Folders of the programs, sorted."""
        return tuple(sorted(folder for folder, package in self._packages.packages.items() if package.has_main))

    @property
    def complete(self) -> bool:
        """False when some Go file of the module could not be read."""
        return self._packages.complete

    def program(self, folder: str) -> GoProgram | None:
        """The program in a folder (a context path); None when there is none."""
        if folder not in self.mains:
            return None
        return GoProgram(self.context, folder, tuple(self._reachable(folder)), self._packages.complete)

    @cached_property
    def everything(self) -> GoProgram:
        """All packages of the module as if they were one program."""
        return GoProgram(self.context, self.folder, tuple(self._packages.packages.values()), self._packages.complete)

    @cached_property
    def cgo(self) -> bool | None:
        """Whether a build needs cgo; None when that depends on required modules, which ``requires`` names."""
        if self.everything.cgo:
            return True
        if self.vendored:
            in_vendor = vendored_cgo(self.context, self.folder)
            return in_vendor if in_vendor or self._packages.complete else None
        return None if self.requires or self.replaced or not self._packages.complete else False

    @property
    def exec_programs(self) -> frozenset[str] | None:
        return self.everything.exec_programs

    @property
    def binary_name(self) -> str:
        """What ``go build`` in the module's root calls its output: the last element of the path, less a version."""
        parts = self.module.split("/")
        if len(parts) > 1 and re.fullmatch(r"v[2-9]|v[1-9]\d+", parts[-1]):
            parts.pop()
        return parts[-1]

    @cached_property
    def _packages(self) -> GoPackages:
        return go_packages(self.context, self.folder)

    def _reachable(self, folder: str) -> Iterator[GoPackage]:
        known = self._packages.packages
        pending = [folder]
        seen: set[str] = set()
        while pending:
            current = pending.pop()
            if current in seen or current not in known:
                continue
            seen.add(current)
            yield known[current]
            pending += [where for name in known[current].imports if (where := self._folder_of(name)) is not None]

    def _folder_of(self, name: str) -> str | None:
        if name == self.module:
            return self.folder
        if not name.startswith(f"{self.module}/"):
            return None
        return posixpath.join(self.folder, name[len(self.module) + 1 :])


@remembered
def go_project(context: Context, folder: str = "") -> GoProject | None:
    """Read ``go.mod`` in a folder; None when there is none or it names no module."""
    text = context.read(posixpath.join(folder, "go.mod"))
    directives = None if text is None else tuple(_directives(text))
    module = None if directives is None else next((words[1] for words in directives if words[0] == "module"), None)
    if directives is None or module is None:
        return None

    def value(name: str) -> str | None:
        return next((words[1] for words in directives if words[0] == name), None)

    above = [folder, *_parents(folder)]
    return GoProject(
        context=context,
        folder=folder,
        module=module,
        go_version=value("go"),
        toolchain=value("toolchain"),
        requires={words[1]: words[2] for words in directives if words[0] == "require" and len(words) > 2},
        replaced=dict(_local_replacements(directives)),
        vendored=posixpath.join(folder, "vendor/modules.txt") in context.files,
        workspace=any(posixpath.join(where, "go.work") in context.files for where in above),
    )


def _directives(text: str) -> Iterator[list[str]]:
    """The lines of ``go.mod`` as words, a block's keyword put before each of its lines."""
    block: str | None = None
    for line in text.split("\n"):
        words = [word.strip('"`') for word in re.sub(r"//.*", "", line).split()]
        if not words:
            continue
        if block is not None:
            if words[0] == ")":
                block = None
            else:
                yield [block, *words]
        elif words[-1] == "(" and len(words) == 2:
            block = words[0]
        elif len(words) > 1:
            yield words


def _local_replacements(directives: tuple[list[str], ...]) -> Iterator[tuple[str, str]]:
    for words in directives:
        if words[0] == "replace" and "=>" in words:
            target = words[words.index("=>") + 1 :]
            if target and target[0].startswith(("./", "../", "/")):
                yield words[1], target[0]


def _parents(folder: str) -> Iterator[str]:
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
