"""What was read of images already, so that one base image is read once for all that rest on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dfmigrate.verify.elf import Elf
from dfmigrate.verify.engine import Engine
from dfmigrate.verify.filesystem import ImageFiles, read_image
from dfmigrate.verify.images import facts, file_system
from dfmigrate.verify.journal import Run


@dataclass(frozen=True, slots=True)
class Shelf:
    """Found again by content alone: names of images may come to mean others."""

    images: dict[tuple[str, ...], ImageFiles] = field(default_factory=dict)
    """By the digests of their layers: base images, and those that a learner has read."""
    elves: dict[bytes, Elf | None] = field(default_factory=dict)
    """Programs and libraries of every image, by the digests of their files; None for what cannot be read."""

    def base(self, engine: Engine, run: Run, reference: str) -> ImageFiles:
        """The files of a base image."""
        return self.kept(engine, run, reference, None)

    def kept(self, engine: Engine, run: Run, reference: str, known: ImageFiles | None) -> ImageFiles:
        """As ``read``, and found again by the next reader of an image with the same layers."""
        layers = facts(engine, reference).layers
        found = self.read(engine, run, reference, known)
        return self.images.setdefault(layers, found) if layers else found

    def read(self, engine: Engine, run: Run, reference: str, known: ImageFiles | None) -> ImageFiles:
        """The files of any image; ``known`` is one below it. Raises BadArchive and OSError."""
        there = self.images.get(facts(engine, reference).layers)
        if there is not None:
            return there
        with file_system(engine, run, reference) as stream:
            return read_image(stream, known=known, elves=self.elves)
