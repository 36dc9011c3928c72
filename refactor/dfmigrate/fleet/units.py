"""The repositories that the paths of ``codemod`` mean: checkouts below folders, and folders listed in manifests."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from dfmigrate.fleet.discover import SKIPPED, dockerfiles_below
from dfmigrate.fleet.load import Target, label_of, unreadable
from dfmigrate.fleet.names import is_dockerfile_name
from dfmigrate.fleet.outcome import Exit, Problem


def targets_in(paths: Iterable[Path]) -> Iterator[Target | Problem]:
    """Every Dockerfile of every repository, each once."""
    seen: set[str] = set()
    for item in _folders(paths):
        if isinstance(item, Problem):
            yield item
            continue
        for unit in _units(item):
            for file in unit:
                real = os.path.realpath(file)
                if real not in seen:
                    seen.add(real)
                    yield Target.of(file)


def _folders(paths: Iterable[Path]) -> Iterator[Path | Problem]:
    for path in paths:
        if path.is_dir():
            yield path
        elif not path.exists():
            yield Problem(str(path), Exit.FAILED, "no such file or directory", "name a folder or a manifest")
        elif is_dockerfile_name(path.name):
            yield Problem(str(path), Exit.FAILED, "codemod takes folders", "for one file: dfmigrate FILE")
        else:
            yield from _listed(path)


def _listed(manifest: Path) -> Iterator[Path | Problem]:
    """The folders of a manifest: one a line, relative to the manifest, with # comments."""
    try:
        lines = manifest.read_text("utf-8").split("\n")
    except OSError as error:
        yield unreadable(str(manifest), error)
        return
    except UnicodeDecodeError:
        yield Problem(str(manifest), Exit.FAILED, "a manifest that is not UTF-8", "list one folder a line")
        return
    for number, line in enumerate(lines, start=1):
        name = line.strip()
        if not name or name.startswith("#"):
            continue
        folder = manifest.parent / name
        if folder.is_dir():
            yield folder
        else:
            hint = "clone it, and list the folder" if "://" in name or name.startswith("git@") else "correct the line"
            yield Problem(label_of(manifest), Exit.FAILED, f"no such folder: {name}", hint, number)


def _units(folder: Path) -> Iterator[tuple[Path, ...]]:
    """The Dockerfiles of each checkout below a folder, and then those that are in none of them."""
    roots = set(_checkouts(folder))
    for root in sorted(roots):
        yield dockerfiles_below(root)
    if folder not in roots:
        yield tuple(file for file in dockerfiles_below(folder) if roots.isdisjoint(file.parents))


def _checkouts(folder: Path) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        if ".git" in folders or ".git" in files:
            # What lies below a checkout is its own: submodules, too.
            folders.clear()
            yield Path(at)
        folders[:] = [name for name in folders if name not in SKIPPED]
