"""What is known of system packages: what a ``-dev`` package means at run time, and what only serves a build."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dfmigrate.knowledge.java_packages import java_packages, jre_package
from dfmigrate.knowledge.packs import read_pack

_DIRECTORY = Path(__file__).parent / "packages"


def runtime_packages(distribution: str | None, release: str | None, package: str) -> tuple[str, ...] | None:
    """Return what a program needs at run time that was built with a ``-dev`` package.

    An empty tuple means that it is proved to need nothing; None that nothing is known.
    """
    if distribution is None or release is None:
        return None
    enterprise = read_pack("packages/rpm-proved.toml")
    if distribution in enterprise["distributions"]:
        proved = enterprise["needs"].get(package) if release in enterprise["releases"] else None
        return tuple(proved) if proved is not None else None
    jre = jre_package(distribution, package)
    if jre is not None:
        return (jre,)
    table = _table(f"{distribution}-{release}")
    start = table.find(f"\n{package} ".encode())
    if start < 0:
        return () if f"\n{package}\n".encode() in table else None
    end = table.index(b"\n", start + 1)
    return tuple(table[start:end].decode().split()[1:])


@functools.cache
def _table(name: str) -> bytes:
    """One line for each package, name first. It is searched, not parsed: a run asks for a handful of names."""
    path = _DIRECTORY / f"{name}.txt"
    return b"\n" + path.read_bytes() if path.is_file() else b""


def is_build_only(distribution: str | None, package: str) -> bool:
    """Tell whether nothing in a package is of use to what was built with its help."""
    only = read_pack("packages/build.toml")["only"]
    names = only.get("alpine" if distribution == "alpine" else "debian")
    return distribution is not None and (package in names or _build_pattern().fullmatch(package) is not None)


@functools.cache
def _build_pattern() -> re.Pattern[str]:
    return re.compile("|".join(read_pack("packages/build.toml")["only"]["pattern"]))


def is_small(package: str) -> bool:
    """Tell whether a package weighs so little that leaving it behind alone saves nothing."""
    return package in read_pack("packages/build.toml")["small"]["names"]


def build_only_unless_called(distribution: str | None, package: str) -> frozenset[str] | None:
    """Return the programs but for which a package would only serve the build; None when it is not of that kind."""
    programs: Mapping[str, list[str]] = read_pack("packages/build.toml")["unless"]["programs"]
    if distribution is None or package not in programs:
        return None
    return frozenset((*programs[package], *_own_programs(distribution, package)))


def _own_programs(distribution: str, package: str) -> list[str]:
    table = _table(f"{_family(distribution)}-programs")
    start = table.find(f"\n{package} ".encode())
    if start < 0:
        return []
    line = table[start + 1 : table.index(b"\n", start + 1)].decode()
    return line.partition(" |")[0].split()[1:]


def provider(distribution: str | None, program: str) -> str | None:
    """Return the package to install for a program."""
    package: str | None = read_pack("packages/providers.toml").get(_family(distribution), {}).get(program)
    return package


def is_in_no_image(family: str, program: str) -> bool:
    """Tell whether no image of a language brings a program, so that only what is installed by name may."""
    facts = read_pack("packages/providers.toml")["absent"]
    return family in facts["families"] and program in facts["programs"]


@functools.cache
def bringing(distribution: str | None, program: str) -> frozenset[str]:
    """Return all packages that are known to bring a program, themselves or by what they depend on."""
    first = provider(distribution, program)
    table = _table(f"{_family(distribution)}-programs")
    lines = re.finditer(rb"\n(\S+)[^\n]* %s(?=[ \n])" % re.escape(program.encode()), table)
    java = java_packages(distribution, program) if distribution is not None else ()
    return frozenset((*((first,) if first is not None else ()), *(line[1].decode() for line in lines), *java))


def in_base(distribution: str | None, variant: str, program: str) -> bool | None:
    """Tell whether the minimal image of a distribution brings a program; None when that is not known."""
    if distribution == "none" or variant.startswith(("static", "chiseled")):
        return False
    base: Mapping[str, Any] = read_pack("packages/base.toml").get(distribution or "", {})
    if program in base.get("present", ()):
        return True
    if not base or program in base["some"]:
        return None
    return False if base["complete"] or program in base["absent"] else None


def _family(distribution: str | None) -> str:
    return "debian" if distribution == "ubuntu" else distribution or ""
