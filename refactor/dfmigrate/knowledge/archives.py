"""Ended releases that an archive still serves: read from ``archives.toml`` and ``late_builds.toml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dfmigrate.knowledge.packs import read_pack
from dfmigrate.knowledge.tags import Version, threshold

_OF_ITS_OWN = re.compile(r"\d{8}|backports")
"""Tags of one day, which say no version, and those with a list of their own."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the packages of a release went."""

    command: str
    """Points an image's apt to the archive."""
    comment: str
    """Why, in one line."""
    list: str
    """The file that holds what ``named`` says, and nothing else is asked for packages."""
    named: frozenset[str]
    """Every line that the release's images have in it."""
    served: frozenset[str]
    """The lines that the archive answers."""
    packages: frozenset[str]
    """Packages that are shown to be in it."""


def archive(distribution: str | None, release: str | None) -> Archive | None:
    """The archive of a release; None where there is none, or its signatures have no valid key."""
    return _archives().get(f"{distribution}-{release}")


def is_late(distribution: str | None, release: str | None, repository: str, label: str, version: Version) -> bool:
    """Whether this image of an official repository has the keys that its release's archive is signed with."""
    builds: Mapping[str, Any] = read_pack("late_builds.toml").get(f"{distribution}-{release}", {})
    built = builds.get(repository)
    if built is None or _OF_ITS_OWN.search(label):
        return False
    if not version:
        return label in built["words"].split()
    return threshold(built["versions"], version) == "late"


@functools.cache
def _archives() -> Mapping[str, Archive]:
    return {name: _archive(facts) for name, facts in read_pack("archives.toml").items()}


def _archive(facts: Mapping[str, Any]) -> Archive:
    named, served, packages = (frozenset(facts[key]) for key in ("named", "served", "packages"))
    return Archive(facts["command"], facts["comment"], facts["list"], named, served, packages)
