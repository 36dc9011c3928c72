"""What each part of a Dockerfile adds to the image, by the sizes of its files."""

from __future__ import annotations

from dataclasses import dataclass

from dfmigrate.model import Build
from dfmigrate.verify.archive import Kind
from dfmigrate.verify.cause import Causes
from dfmigrate.verify.filesystem import File
from dfmigrate.verify.pair import Image


@dataclass(frozen=True, slots=True)
class Part:
    """The base image, a stage that is copied from, or the final stage's own instructions."""

    name: str
    bytes: int
    files: int


def contributions(image: Image, build: Build) -> tuple[Part, ...]:
    """The parts of an image, largest first; hard links count once, and what layers hold twice is not seen.

    Without the base image's files its part is within that of the final stage.
    """
    causes = Causes(build)
    final = build.final.name or "final stage"
    base = f"base image {_base(build)}"
    origins = causes.copied_from()
    total: dict[str, list[int]] = {}
    for path, file in image.files.files.items():
        if file.kind is not Kind.FILE or file.twin is not None:
            continue
        name = base if _is_of_base(file, image) else origins.get(causes.writer(path) or 0, final)
        total.setdefault(name, []).append(file.size)
    parts = [Part(name, sum(sizes), len(sizes)) for name, sizes in total.items()]
    return tuple(sorted(parts, key=lambda part: (-part.bytes, part.name)))


def _base(build: Build) -> str:
    """The image that the final stage rests on, through the stages that it is built on."""
    root = build.final
    while root.parent is not None:
        root = root.parent
    return root.reference or root.node.image.text


def _is_of_base(file: File, image: Image) -> bool:
    below = image.base.get(file.path) if image.base is not None else None
    return below is not None and below.digest == file.digest
