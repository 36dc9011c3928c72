"""The Dockerfiles that the paths of a command line mean."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from dfmigrate.fleet.discover import dockerfiles_below
from dfmigrate.fleet.load import Target
from dfmigrate.fleet.outcome import Exit, Problem


def targets_of(paths: Iterable[Path], context: Path | None = None) -> Iterator[Target | Problem]:
    """Each Dockerfile once, in the order of the paths; a folder means all that are below it."""
    seen: set[str] = set()
    for target in (target for path in paths for target in _targets_of(path, context)):
        if isinstance(target, Target):
            real = os.path.realpath(target.file)
            if real in seen:
                continue
            seen.add(real)
        yield target


def _targets_of(path: Path, context: Path | None) -> Iterator[Target | Problem]:
    if not path.is_dir():
        yield Target.of(path, context)
        return
    files = dockerfiles_below(path)
    if not files:
        yield Problem(
            str(path), Exit.FAILED, "no Dockerfile in this folder", "name the file itself if it has another name"
        )
    yield from (Target.of(file, context) for file in files)
