"""What a framework's server needs at run time beside what its build wrote."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dfmigrate.knowledge.packs import read_pack


@dataclass(frozen=True, slots=True)
class FrameworkFacts:
    """One framework. Paths are relative to the project's folder."""

    packages: tuple[str, ...]
    """The packages that show its use."""
    hides: frozenset[str]
    """Frameworks that it contains."""
    needs: tuple[str, ...]
    """What a server that is not self-contained reads; ``x.config`` stands for any of its endings."""
    start: tuple[str, ...] | None
    """The documented command of its own server."""
    replaces: tuple[str, ...]
    """What a self-contained server is made from and does not load again."""
    unread: tuple[str, ...]
    """What its server is bundled from, where that needs the production packages still."""
    build_files: tuple[str, ...]
    """Sources, without their ending, that only the build loads."""
    bundled: tuple[str, ...]
    """Folders of sources that its server is bundled from, with the development packages that they load."""
    source: str


@functools.cache
def framework_facts() -> Mapping[str, FrameworkFacts]:
    """Every framework that is known, in the order in which they are looked for."""
    found = {
        name: FrameworkFacts(
            packages=tuple(entry["packages"]),
            hides=frozenset(entry.get("hides", ())),
            needs=tuple(entry.get("needs", ())),
            start=tuple(entry["start"]) if "start" in entry else None,
            replaces=tuple(entry.get("replaces", ())),
            unread=tuple(entry.get("unread", ())),
            build_files=tuple(entry.get("build_files", ())),
            bundled=tuple(entry.get("bundled", ())),
            source=entry["source"],
        )
        for name, entry in read_pack("frameworks.toml").items()
    }
    return MappingProxyType(found)


def is_traced(package: str) -> bool:
    """Whether a self-contained server is known to bring all that it loads of a package."""
    return any(pattern.fullmatch(package) for pattern in _traced())


@functools.cache
def _traced() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(name) for entry in read_pack("traced.toml").values() for name in entry["names"])
