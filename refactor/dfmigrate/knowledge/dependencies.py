"""What libraries need at run time beside their language: shared libraries, programs, a compiler."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from dfmigrate.knowledge.packs import read_pack

Kind = Literal["self-contained", "native", "tools"]

ECOSYSTEMS = ("npm", "pypi", "go", "composer", "maven", "rubygems", "hex", "crates", "dub")


@dataclass(frozen=True, slots=True)
class DependencyFacts:
    """One library. ``packages`` are those that the language's full image has and its slim one may lack."""

    name: str
    kind: Kind
    """``self-contained``: nothing beside the language; ``native``: shared libraries; ``tools``: calls programs."""
    packages: Mapping[str, tuple[str, ...]] = field(hash=False)
    """By distribution; names that hold on every release known."""
    build_packages: tuple[str, ...]
    programs: tuple[str, ...]
    compiles_at_runtime: bool
    compiles_with: tuple[str, ...]
    """Names in the sources that mean that it compiles at run time."""
    needs_source: bool
    unresolved: bool
    """It needs more of the system than ``packages`` can name, so only its own base image will do."""
    resolved_by: tuple[str, ...]
    """System packages that bring all of that, each by itself."""
    pure: bool
    """No native code at all, whatever the version; False says nothing."""
    built_with: tuple[str, ...]
    """The ``-dev`` packages of the full image that it is linked against when no prebuilt binary fits."""
    cgo: bool
    prebuilt: bool
    """A variant for a platform, where the lock file names one, contains the libraries that ``packages`` names."""
    bundled_by: tuple[str, ...]
    """Names in the lock file, or features in the manifest, that mean that a copy is compiled in."""
    note: str
    source: str


@functools.cache
def dependency(ecosystem: str, name: str) -> DependencyFacts | None:
    """Return what is known of a library, or None. Names are spelled as in the manifest; extras are ignored."""
    if ecosystem not in ECOSYSTEMS:
        return None
    entries = _entries(ecosystem)
    for spelling in _spellings(ecosystem, name):
        if spelling in entries:
            return _facts(spelling, entries[spelling])
    return None


def normal_name(name: str) -> str:
    """Normalise a distribution's name as PyPI does, without its extras."""
    return re.sub(r"[-_.]+", "-", name.partition("[")[0].strip()).lower()


def _spellings(ecosystem: str, name: str) -> tuple[str, ...]:
    if ecosystem == "pypi":
        return (normal_name(name),)
    if ecosystem != "go":
        return (name.lower() if ecosystem == "composer" else name,)
    # A module below a listed one (a major version, a nested package) is the same library.
    parts = name.split("/")
    return tuple("/".join(parts[:count]) for count in range(len(parts), 0, -1))


@functools.cache
def _entries(ecosystem: str) -> dict[str, Mapping[str, Any]]:
    pack = read_pack(f"dependencies/{ecosystem}.toml")
    found: dict[str, Mapping[str, Any]] = {}
    for kind in ("pure", "plain", "wheel", "prebuilt", "bundled"):
        group = pack.get(kind, {})
        built = group.get("built", {})
        for name in group.get("names", ()):
            found[name] = {
                "kind": "self-contained",
                "pure": kind == "pure",
                "built": built.get(name, ()),
                "source": group["source"],
            }
    for entry in pack.get("entry", ()):
        for name in entry["names"]:
            found[name] = entry
    return found


def _facts(name: str, entry: Mapping[str, Any]) -> DependencyFacts:
    debian = tuple(entry.get("debian", ()))
    return DependencyFacts(
        name=name,
        kind=entry["kind"],
        packages=MappingProxyType({"debian": debian} if debian else {}),
        build_packages=tuple(entry.get("build", ())),
        programs=tuple(entry.get("programs", ())),
        compiles_at_runtime=entry.get("compiles", False),
        compiles_with=tuple(entry.get("compiles_with", ())),
        needs_source=entry.get("needs_source", False),
        unresolved=entry.get("unresolved", False),
        resolved_by=tuple(entry.get("resolved_by", ())),
        pure=entry.get("pure", False),
        built_with=tuple(entry.get("built", ())),
        cgo=entry.get("cgo", False),
        prebuilt=entry.get("prebuilt", False),
        bundled_by=tuple(entry.get("bundled_by", ())),
        note=entry.get("note", ""),
        source=entry["source"],
    )
