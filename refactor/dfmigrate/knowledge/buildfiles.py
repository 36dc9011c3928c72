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
        if "programs" in entry
    }


@functools.cache
def kept_with() -> Mapping[str, str]:
    """File name pattern -> the library that reads such a file at run time."""
    import tomllib

    data = tomllib.loads(resources.files(__package__).joinpath("buildfiles.toml").read_text("utf-8"))
    return {pattern: library for pattern, library in data["kept_with"].items() if pattern != "source"}


def languages(programs: Iterable[str]) -> tuple[str, ...]:
    """The languages whose sources these programs consume."""
    called = set(programs)
    return tuple(language for language, pack in _packs().items() if pack.programs & called)


def build_folders(path: str, known: Iterable[str]) -> tuple[str, ...]:
    """The folders of a context path that by their names a build of these languages takes in whole, outermost first."""
    *folders, _name = path.split("/")
    names = frozenset().union(*(_packs()[language].folders for language in ("general", *known)))
    return tuple("/".join(folders[: index + 1]) for index, folder in enumerate(folders) if folder in names)


def is_build_file(path: str, known: Iterable[str], *, at_root: bool | None = None) -> bool:
    """Whether a file, by its name, is read by nothing but builds of these languages.

    What every project has (README, Dockerfile) counts only at its root, which is the context's unless said otherwise:
    elsewhere it may be content, or the one file that keeps an empty folder.
    """
    folder, _, name = path.rpartition("/")
    rooted = not folder if at_root is None else at_root
    packs = [_packs()[language] for language in (*known, *(("general",) if rooted else ()))]
    return any(fnmatch.fnmatchcase(name, pattern) for pack in packs for pattern in pack.names)
