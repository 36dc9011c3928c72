"""The Dockerfiles below a folder: those that git does not ignore, or, outside of a checkout, all but vendored ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dfmigrate.fleet.git import listed_files
from dfmigrate.fleet.names import is_dockerfile_name

MAX_BYTES = 1 << 20
"""Nobody writes a Dockerfile of a mebibyte; a file of that size is something else."""
SKIPPED = {".git", "node_modules", "vendor"}


def dockerfiles_below(folder: Path) -> tuple[Path, ...]:
    """Every Dockerfile below a folder, in the order of their paths."""
    # Git lists nothing at all in a folder that an outer checkout ignores: the user named it all the same.
    files = listed_files(folder) or walked_files(folder)
    root = Path(os.path.realpath(folder))
    return tuple(sorted(file for file in files if is_dockerfile_name(file.name) and _is_own_file(file, root)))


def walked_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder but what version control and package managers keep there."""
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        yield from (Path(at, name) for name in files)


def _is_own_file(file: Path, root: Path) -> bool:
    try:
        real = file.resolve(strict=True)
        return real.is_relative_to(root) and real.is_file() and real.stat().st_size <= MAX_BYTES
    except (OSError, RuntimeError):
        return False  # A dangling link, or one that leads to itself.
