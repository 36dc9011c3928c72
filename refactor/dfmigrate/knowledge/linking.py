"""Libraries that a compiler links in, or that a package for building brings along, though nobody names them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence, Set

from dfmigrate.knowledge.packs import read_pack


def compiler_flag(text: str) -> str | None:
    """Return a flag that needs one of the compiler's own shared libraries at run time."""
    found = _compiler_flags().search(text)
    return found[0] if found is not None else None


@functools.cache
def _compiler_flags() -> re.Pattern[str]:
    return re.compile("|".join(read_pack("linking.toml")["compiler"]["flags"]))


def brought_flag(text: str, named: Sequence[str], dropped: Set[str]) -> tuple[str, str] | None:
    """Return a flag that links to a library whose -dev package nobody names, as a dropped one brought it along."""
    for entry in read_pack("linking.toml")["brought"]:
        if entry["development"] in named or dropped.isdisjoint(entry["by"]):
            continue
        found = re.search(entry["flag"], text)
        if found is not None:
            return found[0], entry["development"]
    return None


def holds_flags(path: str) -> bool:
    """Tell whether a file of the project may hold flags for the linker."""
    return _texts().search(path) is not None


@functools.cache
def _texts() -> re.Pattern[str]:
    return re.compile(read_pack("linking.toml")["texts"]["pattern"])


def is_cplusplus(path: str) -> bool:
    return path.endswith(tuple(read_pack("linking.toml")["cplusplus"]["suffixes"]))


def brings_libraries(family: str) -> bool:
    """Tell whether images of a family have compilers with libraries that the distribution's slim image lacks."""
    return family in read_pack("linking.toml")["images"]["families"]


def is_bare(family: str) -> bool:
    """Tell whether images of a family have a compiler and the C library to link with, and nothing else."""
    return family in read_pack("linking.toml")["bare"]["families"]


def may_include(path: str) -> bool:
    """Tell whether a file may include headers of C."""
    return path.endswith(tuple(read_pack("linking.toml")["headers"]["suffixes"]))


def is_plain_header(name: str) -> bool:
    """Tell whether a header needs no library beyond those that every runtime has."""
    facts = read_pack("linking.toml")["headers"]
    known = name.startswith(tuple(facts["folders"])) and ".." not in name
    return known or any(name in facts[kind] for kind in ("libc", "compiler", "cplusplus", "python"))


def left_by_slim_swift() -> re.Pattern[str]:
    """Match text that names a library of Swift's full images which their slim ones lack."""
    return re.compile(read_pack("linking.toml")["swift"]["left"])


def names_libraries_in_swift(path: str) -> bool:
    """Tell whether a file may name a library for a Swift program to link or load."""
    return re.search(read_pack("linking.toml")["swift"]["texts"], path) is not None


def libc_libraries() -> frozenset[str]:
    """What ``-l`` may name without needing more than the C library."""
    return frozenset(read_pack("linking.toml")["libc"]["names"])


def links_without_sys(kind: str) -> frozenset[str]:
    """Crates that are linked against libraries though their names do not say so (``names``), or bring shared libraries
    that they download (``downloads``)."""
    return frozenset(read_pack("linking.toml")["crates"][kind])
