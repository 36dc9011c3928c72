"""Finding writes by path without walking over all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .files import Write

Place = tuple[str, int]
"""A path, and where its write stands in the list of writes."""


def is_within(path: str, folder: str) -> bool:
    """True for the folder itself and everything below it."""
    return folder == "/" or path == folder or path.startswith(folder + "/")


@dataclass(frozen=True, slots=True)
class Index:
    """The places of all writes, sorted by path; those of trees once more, in the order of the writes."""

    places: list[Place]
    trees: tuple[Place, ...]
    has_links: bool
    count: int

    @classmethod
    def of(cls, writes: Sequence[Write], older: Index | None) -> Index:
        """The index of ``writes``, the first of which may already stand in an ``older`` index."""
        start = older.count if older is not None else 0
        fresh = [(write.path, at) for at, write in enumerate(writes[start:], start)]
        trees = [(write.path, at) for at, write in enumerate(writes[start:], start) if write.kind.value == "tree"]
        links = any(write.link is not None for write in writes[start:])
        if older is None:
            return cls(sorted(fresh), tuple(trees), links, len(writes))
        # Two sorted runs, which the sort only merges.
        merged = sorted([*older.places, *sorted(fresh)])
        return cls(merged, (*older.trees, *trees), older.has_links or links, len(writes))

    def at(self, path: str) -> list[int]:
        """Writes of exactly this path, oldest first."""
        first = bisect_left(self.places, (path, -1))
        return [at for _, at in self.places[first : bisect_right(self.places, (path, self.count))]]

    def has_below(self, folder: str) -> bool:
        first, last = self._inside(folder)
        return first < last

    def below(self, folder: str) -> list[int]:
        """Writes at a folder and below it, oldest first."""
        if folder == "/":
            return list(range(self.count))
        first, last = self._inside(folder)
        return sorted([*self.at(folder), *(at for _, at in self.places[first:last])])

    def inside(self, folder: str) -> Iterator[Place]:
        """The places strictly below a folder, by path."""
        first, last = self._inside(folder)
        return (self.places[number] for number in range(first, last))

    def reaching(self, folder: str) -> list[int]:
        """Writes at a folder, below it, and of trees around it, oldest first."""
        return sorted({*self.below(folder), *self._around(folder)})

    def at_or_around(self, path: str) -> list[int]:
        """Writes of exactly this path and of trees around it, newest first."""
        return sorted({*self.at(path), *self._around(path)}, reverse=True)

    def _around(self, path: str) -> Iterator[int]:
        return (at for tree, at in self.trees if is_within(path, tree))

    def _inside(self, folder: str) -> tuple[int, int]:
        """Where the places strictly below a folder begin and end."""
        if folder == "/":
            return bisect_right(self.places, ("/", self.count)), len(self.places)
        # Next after the slash, in the order of characters, is the zero.
        return bisect_left(self.places, (folder + "/", -1)), bisect_left(self.places, (folder + "0", -1))
