"""Python's package folders carry its version in their names: ``/usr/local/lib/python*/site-packages``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dfmigrate.knowledge.images import ImageFacts

from .files import Write

_FOLDER = re.compile(r"(.*)/python\*/(site|dist)-packages")


def with_versions(writes: Iterable[Write], base: ImageFacts | None) -> tuple[Write, ...]:
    """The writes at the folder that the base image's Python has; else at the nearest folder that is known."""
    return tuple(dict.fromkeys(found for write in writes for found in _versioned(write, base)))


def _versioned(write: Write, base: ImageFacts | None) -> Iterator[Write]:
    found = _FOLDER.fullmatch(write.path)
    if found is None:
        yield replace(write, path=write.path.partition("*")[0].rpartition("/")[0]) if "*" in write.path else write
        return
    version = re.match(r"3\.\d+", base.version or "") if base is not None and base.family == "python" else None
    if version is None:
        yield replace(write, path=found[1])
    elif found[2] == "site":
        # `dist-packages` is Debian's name, and these images do not use Debian's Python.
        yield replace(write, path=f"{found[1]}/python{version[0]}/site-packages")
