"""Sources that are known by the address that they are fetched from: read from ``fetched.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dfmigrate.knowledge.packs import read_pack


@dataclass(frozen=True, slots=True)
class FetchedSource:
    """What a program needs that is compiled from such sources."""

    build_packages: tuple[str, ...]
    programs: tuple[str, ...]
    starts: re.Pattern[str]
    """Text of a project's configuration that makes it start other programs."""
    options: frozenset[str]
    """Settings of CMake with which all this holds."""
    within_prefix: bool
    """It installs nothing outside of the prefix that it is given."""


def archive_folder(address: str) -> str | None:
    """The one folder that an archive of a repository holds; None for every other address."""
    found = re.fullmatch(read_pack("fetched.toml")["archives"]["address"], address)
    return None if found is None else f"{found['repository']}-{re.sub(r'^v(?=[0-9])', '', found['ref'])}"


def fetched_source(address: str) -> FetchedSource | None:
    """What is known of the sources behind an address; None where nothing is."""
    for entry in read_pack("fetched.toml")["source"]:
        refs = "|".join(map(re.escape, entry["refs"]))
        repository = re.escape(entry["repository"])
        if re.fullmatch(rf"https://github\.com/{repository}/archive/(?:refs/tags/)?(?:{refs})\.tar\.gz", address):
            return FetchedSource(
                tuple(entry["build"]),
                tuple(entry["programs"]),
                re.compile(entry["starts"]),
                frozenset(entry["options"]),
                entry["prefix"],
            )
    return None
