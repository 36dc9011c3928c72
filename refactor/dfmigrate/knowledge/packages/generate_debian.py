"""Compute which runtime packages a program needs that was built with a ``-dev`` package, from the archive's indices.

    python generate_debian.py debian-bookworm Packages [Packages ...]

writes ``debian-bookworm.txt`` beside this file: one line for each ``-dev`` package, its name and what it needs. For
Ubuntu, give the indices of main and universe. Two rules, both exact, and what was proved by hand in
``debian-proved.toml``; whatever none of them decides is left out.

1. A ``-dev`` package ships the link to a shared library of its own source, on whose package it depends, perhaps through
   another ``-dev`` package of that source, in exactly its version; the library's package is in section ``libs``. Where
   a package in another section is named like a library (``libnetplan0`` in ``net``), nothing is decided.
2. A package that can hold no library (being transitional; or for all architectures; or tiny, of a source without
   libraries) needs what the development packages need that it depends on, and the libraries that it names.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Needs = frozenset[str]

_SMALLEST_LIBRARY = 64
"""In KiB as installed; copyright and changelog alone take about 16."""
_LIKE_A_LIBRARY = re.compile(r"lib.*(?<!-bin)(?<!-utils)(?<!-tools)(?<!-all)")
_NO_LIBRARIES = frozenset({"libdevel", "metapackages", "introspection", "debug", "java", "perl", "python", "ocaml"})
"""Sections in which a package of such a name is no shared library of C."""
_BASE = re.compile(r"gcc-\d+-base")
_SOURCE_ONLY = ("golang-", "librust-", "libghc-")
"""Packages of source code; nobody links to them."""
_DEPENDENCY = re.compile(
    r"\s*(?P<name>[a-z0-9][a-z0-9+.-]+)(?::\w+)?\s*(?:\((?P<relation>[<>=]+)\s*(?P<version>\S+?)\))?"
)


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    source: str
    section: str
    independent: bool
    size: int
    depends: tuple[tuple[str, str | None], ...]
    """Name and, where the dependency says "= version", that version; of alternatives the first."""
    provides: tuple[str, ...]
    transitional: bool
    """An empty package that only leads to others."""

    @property
    def is_development(self) -> bool:
        return self.name.endswith("-dev") or self.section == "libdevel"

    @property
    def is_library(self) -> bool:
        return self.section in ("libs", "oldlibs") and not self.is_development and not _BASE.match(self.name)

    @property
    def may_be_library(self) -> bool:
        """Named like one, in a section where nobody would look for it."""
        if self.independent or self.is_library or self.is_development or self.section in _NO_LIBRARIES:
            return False
        return _LIKE_A_LIBRARY.fullmatch(self.name) is not None


def read_packages(text: str) -> Iterator[Package]:
    """Read an index: stanzas of ``Field: value``, parted by empty lines."""
    for stanza in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in stanza.split("\n") if ": " in line and not line.startswith(" "))
        if "Package" in fields:
            yield _package(fields)


def _package(fields: dict[str, str]) -> Package:
    return Package(
        name=fields["Package"],
        version=fields["Version"],
        source=fields.get("Source", fields["Package"]).split(" ")[0],
        section=fields.get("Section", "").rpartition("/")[2],
        independent=fields.get("Architecture") == "all",
        size=int(fields.get("Installed-Size", "0")),
        depends=tuple(_depends(fields.get("Depends", ""))),
        provides=tuple(name for name, _ in _depends(fields.get("Provides", ""))),
        transitional="transitional" in fields.get("Description", ""),
    )


def _depends(text: str) -> Iterator[tuple[str, str | None]]:
    for clause in text.split(","):
        match = _DEPENDENCY.match(clause)
        if match:
            yield match["name"], match["version"] if match["relation"] == "=" else None


def resolve(packages: Iterable[Package], proved: Mapping[str, list[str]]) -> dict[str, Needs]:
    """Return the runtime packages of every development package that the rules decide."""
    index = Index({package.name: package for package in packages}, proved)
    found = {name: index.needs(name) for name in index.names() if _is_wanted(name)}
    return {name: needs for name, needs in found.items() if needs is not None}


def _is_development_name(name: str) -> bool:
    """Programs are not among them, though section libdevel has some (``girepository-tools``)."""
    return name.endswith("dev")


def _is_wanted(name: str) -> bool:
    return name.endswith("-dev") and not name.startswith(_SOURCE_ONLY)


class Index:
    """The packages of one release, and what was proved of some by hand."""

    def __init__(self, packages: dict[str, Package], proved: Mapping[str, list[str]]) -> None:
        self._packages = packages
        self._proved = proved
        self._with_libraries = {package.source for package in packages.values() if package.is_library}
        self._providers: dict[str, set[str]] = {}
        for package in packages.values():
            for name in package.provides:
                self._providers.setdefault(name, set()).add(package.name)

    def names(self) -> set[str]:
        return {*self._packages, *self._providers}

    def needs(self, name: str) -> Needs | None:
        """Return what a development package needs at run time; None when the rules do not decide it."""
        needs: set[str] = set()
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            found = self._step(current)
            if found is None:
                return None
            needs.update(found[0])
            waiting += found[1]
        return frozenset(needs)

    def _step(self, name: str) -> tuple[Iterable[str], Iterable[str]] | None:
        """Return the libraries of one package, and the development packages that must be looked at in its stead."""
        if name in self._proved:
            return self._proved[name], ()
        package = self._find(name)
        if package is None:
            return None
        if self._hides_a_library(package):
            return None
        libraries = self._own_libraries(package)
        if libraries:
            return libraries, ()
        if not self._is_empty(package):
            return None
        others = [self._find(other) for other, _ in package.depends]
        return (
            [other.name for other in others if other and other.is_library],
            [other.name for other in others if other and other.is_development],
        )

    def _find(self, name: str) -> Package | None:
        """Find a package by its own name or, when that is a virtual one, the only package that provides it."""
        if name in self._packages:
            return self._packages[name]
        providers = self._providers.get(name, set())
        return self._packages[next(iter(providers))] if len(providers) == 1 else None

    def _own_libraries(self, package: Package) -> set[str]:
        """Follow packages of the same source; what they depend on in exactly its version and is a library."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [package]
        while waiting:
            current = waiting.pop()
            seen.add(current.name)
            for name, version in current.depends:
                other = self._packages.get(name)
                if other is None or other.source != package.source or name in seen:
                    continue
                if other.is_library and version == other.version:
                    found.add(name)
                elif _is_development_name(name):
                    waiting.append(other)
        return found

    def _hides_a_library(self, package: Package) -> bool:
        others = (self._packages[name] for name, version in package.depends if version and name in self._packages)
        return any(other.source == package.source and other.may_be_library for other in others)

    def _is_empty(self, package: Package) -> bool:
        if package.independent or package.transitional:
            return True
        return package.size <= _SMALLEST_LIBRARY and package.source not in self._with_libraries


def read_proved(release: str) -> dict[str, list[str]]:
    proved = tomllib.loads(Path(__file__).with_name("debian-proved.toml").read_bytes().decode())
    facts = {**proved["every"], **proved.get(release, {})}
    return {name: fact["needs"] for name, fact in facts.items()}


def main(release: str, paths: list[str]) -> None:
    packages = [package for path in paths for package in read_packages(Path(path).read_bytes().decode())]
    lines = [
        " ".join((name, *sorted(needs))) for name, needs in sorted(resolve(packages, read_proved(release)).items())
    ]
    Path(__file__).with_name(f"{release}.txt").write_bytes("".join(f"{line}\n" for line in lines).encode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
