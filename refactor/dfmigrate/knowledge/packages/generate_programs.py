"""Compute which programs a Debian package brings, from the archive's own indices.

    python generate_programs.py FOLDER [FOLDER ...]

with one folder for each release, which holds the files ``Packages``, ``Contents-amd64`` and ``Contents-all`` as the
archive has them. Writes ``debian-programs.txt`` beside this file: one line for each package that ``build.toml`` or
``providers.toml`` names, its name, the programs of its own in any release, and after ``|`` those that the packages
bring which it depends on, in every release. Names that are made at installation (``nc``, ``editor``) are in no index;
they stand in ``providers.toml``.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PROGRAM = re.compile(r"(?:usr/)?s?bin/(\S+)\s+(\S+)")
_DEPENDENCY = re.compile(r"\s*([a-z0-9][a-z0-9+.-]+)")


@dataclass(frozen=True, slots=True)
class Release:
    """The packages of one release: what each depends on (of alternatives the first), and its programs."""

    depends: dict[str, tuple[str, ...]]
    programs: dict[str, frozenset[str]]

    def brought(self, package: str) -> frozenset[str]:
        """The programs of a package and of all that it depends on."""
        seen: set[str] = set()
        waiting = [package]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += self.depends.get(name, ())
        return frozenset().union(*(self.programs.get(name, frozenset()) for name in seen))


def read_depends(text: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for stanza in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in stanza.split("\n") if ": " in line and not line.startswith(" "))
        clauses = [*fields.get("Depends", "").split(","), *fields.get("Pre-Depends", "").split(",")]
        if "Package" in fields:
            found[fields["Package"]] = tuple(match[1] for clause in clauses if (match := _DEPENDENCY.match(clause)))
    return found


def read_programs(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """Read lines of a Contents index: a path and the packages that have it, as ``section/package,section/package``."""
    found: dict[str, set[str]] = {}
    for line in lines:
        match = _PROGRAM.match(line)
        if match is not None and "/" not in match[1]:
            for package in match[2].split(","):
                found.setdefault(package.rpartition("/")[2], set()).add(match[1])
    return {package: frozenset(programs) for package, programs in found.items()}


def table(releases: list[Release], packages: Iterable[str]) -> Iterator[str]:
    for package in sorted(packages):
        present = [release for release in releases if package in release.depends]
        if not present:
            continue
        own = frozenset().union(*(release.programs.get(package, frozenset()) for release in present))
        further = (
            frozenset.intersection(*(release.brought(package) for release in present)) - own - _everywhere(releases)
        )
        yield " ".join((package, *sorted(own), *(["|", *sorted(further)] if further else [])))


def _everywhere(releases: list[Release]) -> frozenset[str]:
    """What packages bring that every image has."""
    return frozenset().union(
        *(release.brought(name) for release in releases for name in ("apt", "bash", "coreutils", "util-linux", "login"))
    )


def wanted() -> set[str]:
    folder = Path(__file__).parent
    build = tomllib.loads((folder / "build.toml").read_bytes().decode())
    providers = tomllib.loads((folder / "providers.toml").read_bytes().decode())
    return {*build["only"]["debian"], *build["unless"]["programs"], *providers["debian"].values()}


def read_release(folder: Path) -> Release:
    lines = [
        line
        for name in ("Contents-amd64", "Contents-all")
        for line in (folder / name).read_bytes().decode().split("\n")
    ]
    return Release(read_depends((folder / "Packages").read_bytes().decode()), read_programs(lines))


def main(folders: list[str]) -> None:
    lines = table([read_release(Path(folder)) for folder in folders], wanted())
    Path(__file__).with_name("debian-programs.txt").write_bytes("".join(f"{line}\n" for line in lines).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
