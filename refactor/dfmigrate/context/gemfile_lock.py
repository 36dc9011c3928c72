"""``Gemfile.lock``: every gem with its version, its platforms, and what it needs in turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dfmigrate.context.build_context import MAX_LOCK, Context
from dfmigrate.context.gemfile import GemSource
from dfmigrate.context.remembered import remembered

_SPEC = re.compile(r"    (\S+) \(([^)\s]+)\)\Z")
_NEED = re.compile(r"      (\S+)(?: \(.*\))?\Z")
_VERSION = re.compile(r"(\d[^-]*)(?:-(.+))?")
_SECTIONS = {"GEM": GemSource.SERVER, "GIT": GemSource.GIT, "PATH": GemSource.PATH, "PLUGIN SOURCE": GemSource.SERVER}


@dataclass(frozen=True, slots=True)
class LockedGem:
    """One gem. ``platforms`` are those that it is pinned for; ``ruby`` means that it is built where it is installed."""

    name: str
    version: str
    platforms: frozenset[str]
    source: GemSource
    location: str | None
    needs: tuple[str, ...]


@dataclass(frozen=True)
class GemfileLock:
    """One lock file."""

    path: str
    gems: Mapping[str, LockedGem] = field(repr=False)
    direct: frozenset[str]
    """What the Gemfile asks for."""
    platforms: tuple[str, ...]
    ruby: str | None
    """The version that was asked of Ruby, such as ``3.2.2``."""
    bundler: str | None

    def closure(self, names: Iterable[str]) -> frozenset[str] | None:
        """These gems with all that they need; None when one is not in the file."""
        pending = list(names)
        found: set[str] = set()
        while pending:
            name = pending.pop()
            if name in found or name == "bundler":
                continue
            if name not in self.gems:
                return None
            found.add(name)
            pending.extend(self.gems[name].needs)
        return frozenset(found)


@remembered
def gemfile_lock(context: Context, path: str = "Gemfile.lock") -> GemfileLock | None:
    """Read a lock file; None when it is not there, or is not one."""
    text = context.read(path, MAX_LOCK)
    if text is None or not re.search(r"(?m)^(?:GEM|PATH|GIT)\r?$", text) or "\n<<<<<<<" in text:
        return None
    gems: dict[str, LockedGem] = {}
    lists: dict[str, list[str]] = {}
    section, location, current = "", None, ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if line and not line.startswith(" "):
            section, location = line, None
            continue
        if section not in _SECTIONS:
            if line.strip():
                lists.setdefault(section, []).append(line.strip())
            continue
        if line.startswith("  remote: "):
            location = line.removeprefix("  remote: ").strip()
        elif (spec := _SPEC.match(line)) is not None:
            current = spec[1]
            gems[current] = _gem(gems.get(current), spec[1], spec[2], _SECTIONS[section], location)
        elif (need := _NEED.match(line)) is not None and current in gems:
            gem = gems[current]
            needs = tuple(dict.fromkeys((*gem.needs, need[1])))
            gems[current] = LockedGem(gem.name, gem.version, gem.platforms, gem.source, gem.location, needs)
    ruby = re.match(r"ruby (\d+(?:\.\d+)*)", " ".join(lists.get("RUBY VERSION", [])))
    return GemfileLock(
        path=path,
        gems=gems,
        direct=frozenset(re.split(r"[ !(]", line)[0] for line in lists.get("DEPENDENCIES", [])),
        platforms=tuple(lists.get("PLATFORMS", [])),
        ruby=None if ruby is None else ruby[1],
        bundler=next(iter(lists.get("BUNDLED WITH", [])), None),
    )


def _gem(known: LockedGem | None, name: str, written: str, source: GemSource, location: str | None) -> LockedGem:
    found = _VERSION.match(written)
    version, platform = (found[1], found[2] or "ruby") if found is not None else (written, "ruby")
    if known is None:
        remote = location if source is not GemSource.SERVER else None
        return LockedGem(name, version, frozenset({platform}), source, remote, ())
    return LockedGem(name, version, known.platforms | {platform}, known.source, known.location, known.needs)
