"""The directories that a base image brings, read from ``directories.toml``."""

from __future__ import annotations

import posixpath
from functools import cache

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packs import read_pack


def directories(facts: ImageFacts | None) -> frozenset[str]:
    """Absolute paths that are directories in the image for certain; of an unknown image only the root."""
    if facts is None:
        return frozenset({"/"})
    own = [facts.workdir, *(user.home for user in facts.users if user.home != "/nonexistent")]
    return _system(facts.distribution, facts.family) | {above for path in own for above in _with_parents(path)}


def crowded(facts: ImageFacts | None) -> frozenset[str]:
    """Folders in which an image may have folders that are not listed; of an unknown image, all."""
    if facts is None:
        return frozenset({"/"})
    own = [facts.workdir, *(value or "" for value in facts.environment.values())]
    paths = {path for text in own for path in text.split(":") if path.startswith("/") and path != "/"}
    return frozenset(read_pack("directories.toml")["crowded"]["paths"].split()) | paths


@cache
def _system(distribution: str | None, family: str) -> frozenset[str]:
    found = {"/"}
    for entry in read_pack("directories.toml")["directories"]:
        meant = distribution in entry.get("distributions", ()) or family in entry.get("families", ())
        if meant and family not in entry.get("families_without", ()):
            found.update(entry["paths"].split())
    return frozenset(found)


def _with_parents(path: str) -> list[str]:
    found = [path]
    while found[-1] not in ("/", ""):
        found.append(posixpath.dirname(found[-1]))
    return found


def left_empty(facts: ImageFacts | None) -> frozenset[str]:
    """Folders that an image makes for packages and puts nothing into."""
    if facts is None:
        return frozenset()
    found = read_pack("directories.toml")["empty"]
    return frozenset(path for entry in found if facts.family in entry["families"] for path in entry["paths"].split())
