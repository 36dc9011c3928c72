"""Which Node packages of an image a running application comes to, and the links that lead nowhere on its way."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from dfmigrate.verify.archive import Kind
from dfmigrate.verify.filesystem import ImageFiles

_STORE = re.compile(r"^.*?/node_modules/\.(?!bin/)[^/]+(?=/)")
_NEEDS = ("dependencies", "optionalDependencies", "peerDependencies")


def store_of(path: str) -> str | None:
    """The folder of linked packages that a path lies in, such as ``node_modules/.pnpm``."""
    found = _STORE.match(path)
    return found[0] if found is not None else None


def dangling_needs(files: ImageFiles) -> frozenset[str] | None:
    """The links that a declared dependency comes upon and that lead nowhere; None where a manifest cannot be read.

    Followed as Node resolves names: from the application's own ``node_modules``, package by package, by what each
    declares. What a removed package has left in the store of its package manager is never come upon.
    """
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(_own_packages(files))
    while waiting:
        package = waiting.pop()
        if package in seen:
            continue
        seen.add(package)
        needs = _needs(files, package)
        if needs is None:
            return None
        for need in needs:
            for place in _places(package, need):
                if place not in files.files:
                    continue
                resolved = files.resolve(place)
                if resolved.file is not None:
                    waiting.append(resolved.path)
                    break
                found.add(place)
    return frozenset(found)


def _own_packages(files: ImageFiles) -> Iterator[str]:
    """The packages in each ``node_modules`` that is in no other one."""
    for folder in files.folders:
        if not folder.endswith("/node_modules") or folder.count("/node_modules") > 1:
            continue
        for name in files.names(folder):
            names = (f"{name}/{each}" for each in files.names(f"{folder}/{name}")) if name.startswith("@") else (name,)
            for each in names:
                resolved = files.resolve(f"{folder}/{each}")
                if resolved.file is not None and resolved.file.kind is Kind.FOLDER and not name.startswith("."):
                    yield resolved.path


def _needs(files: ImageFiles, package: str) -> tuple[str, ...] | None:
    """The names that a package declares to need; None where its manifest is there and not understood."""
    if files.resolve(f"{package}/package.json").file is None:
        return ()
    try:
        manifest = json.loads(files.text(f"{package}/package.json") or "")
        return tuple(str(name) for key in _NEEDS for name in manifest.get(key) or {})
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None


def _places(package: str, name: str) -> Iterator[str]:
    folder = package
    while True:
        if posixpath.basename(folder) != "node_modules":
            yield posixpath.join(folder, "node_modules", name)
        if folder == "/":
            return
        folder = posixpath.dirname(folder)
