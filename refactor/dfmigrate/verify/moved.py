"""Packages of a language that lie in another folder than before, such as a virtual environment."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass

from dfmigrate.verify.archive import Kind
from dfmigrate.verify.pair import Pair

_PACKAGES = re.compile(r"^(.*/(?:site-packages|dist-packages))/(.+)$")


@dataclass(frozen=True, slots=True)
class Moved:
    paths: frozenset[str]
    """Paths of the original that are elsewhere now."""
    targets: frozenset[str]
    """Where they are."""
    folders: tuple[tuple[str, str, int], ...]
    """Folder before, folder after, number of files."""


def moved(pair: Pair) -> Moved:
    """Pair every file of a package folder with one of the same name below another such folder."""
    roots: dict[str, list[str]] = {}
    for path in pair.kept:
        found = _PACKAGES.match(path)
        if found is not None:
            roots.setdefault(found[2], []).append(path)
    paths, targets, counted = set[str](), set[str](), Counter[tuple[str, str]]()
    for path, file in pair.ours.items():
        if path in pair.after.files.files:
            continue
        target = _elsewhere(path, roots, pair)
        if target is None:
            continue
        paths.add(path)
        targets.add(target)
        if file.kind is Kind.FILE:
            counted[_folder(path), _folder(target)] += 1
    return Moved(frozenset(paths), frozenset(targets), tuple((*key, count) for key, count in sorted(counted.items())))


def _elsewhere(path: str, roots: dict[str, list[str]], pair: Pair) -> str | None:
    found = _PACKAGES.match(path)
    if found is not None:
        return next(iter(roots.get(found[2], ())), None)
    folder, name = posixpath.split(path)
    if folder not in pair.before.config.search_path:
        return None
    # A console script: the shell finds it by its name.
    for other in pair.after.config.search_path:
        target = posixpath.join(other, name)
        if pair.after.files.resolve(target).file is not None:
            return target
    return None


def _folder(path: str) -> str:
    found = _PACKAGES.match(path)
    return found[1] if found is not None else posixpath.dirname(path)
