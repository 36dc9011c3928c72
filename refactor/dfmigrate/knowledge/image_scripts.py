"""Scripts with which images start their servers: read from ``image_scripts.toml``."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from dfmigrate.knowledge.packs import read_pack


@dataclass(frozen=True, slots=True)
class ImageScript:
    """A script that images of some families bring."""

    families: tuple[str, ...]
    path: str
    words: tuple[str, ...]
    """The first argument with which the rest holds."""
    calls: tuple[str, ...]
    """The programs that it calls beyond what every system has."""
    reads: tuple[str, ...]
    """Files that it reads as a part of itself, where they are there."""
    variables: tuple[str, ...]
    """Variables that lead it elsewhere when they are set."""


@functools.cache
def image_scripts() -> tuple[ImageScript, ...]:
    rows = read_pack("image_scripts.toml")["script"]
    names = ("families", "words", "calls", "reads", "variables")
    return tuple(ImageScript(path=row["path"], **{name: tuple(row[name]) for name in names}) for row in rows)
