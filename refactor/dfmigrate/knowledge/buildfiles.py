"""Files that only a build reads, by language (``buildfiles.toml``)."""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class BuildFiles:
    programs: frozenset[str]
    names: tuple[str, ...]
    folders: frozenset[str]


@functools.cache
def _packs() -> Mapping[str, BuildFiles]:
    import tomllib

    data = tomllib.loads(resources.files(__package__).joinpath("buildfiles.toml").read_text("utf-8"))
    return {
        language: BuildFiles(frozenset(entry["programs"]), tuple(entry["names"]), frozenset(entry["folders"]))
        for language, entry in data.items()
    }


def languages(programs: Iterable[str]) -> tuple[str, ...]:
    """The languages whose sources these programs consume."""
    called = set(programs)
    return tuple(language for language, pack in _packs().items() if pack.programs & called)


def is_build_file(path: str, known: Iterable[str]) -> bool:
    """Whether a context path is read by nothing but builds of these languages."""
    *folders, name = path.split("/")
    for language in ("general", *known):
        pack = _packs()[language]
        if pack.folders.intersection(folders) or any(fnmatch.fnmatchcase(name, pattern) for pattern in pack.names):
            return True
    return False
