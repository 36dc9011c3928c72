"""Where the files of a stage come from, as far as the text shows.

A stage's file system is its base image plus a list of writes, oldest first. A write is a file, an empty directory, or a
*tree*: a directory below which a command wrote something that cannot be listed. Three answers are possible to "is this
path there?": by this write, perhaps (inside a tree, or after a command that was not understood), or no.
"""

from __future__ import annotations

import enum
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace


class Kind(enum.Enum):
    FILE = "file"
    DIRECTORY = "directory"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a path: ``context`` (detail = path in the build context), ``run`` (the command's text), ``image``
    (reference)."""

    source: str
    detail: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Write:
    path: str
    kind: Kind
    origin: Origin
    owner: str | None = "0:0"
    """``uid:gid`` or a name as written; None when unknown."""
    scratch: bool = False
    """Only the build reads it again (object files, ``obj/``)."""
    certain: bool = True
    """False when the command that writes it stands in a condition."""


def is_within(path: str, folder: str) -> bool:
    """True for the folder itself and everything below it."""
    return folder == "/" or path == folder or path.startswith(folder + "/")


@dataclass(frozen=True, slots=True)
class FileSystem:
    """What is known to lie above the base image, oldest write first."""

    writes: tuple[Write, ...] = ()
    opaque: tuple[Origin, ...] = ()
    """Commands that may have written anywhere."""

    def add(self, writes: Iterable[Write], opaque: Iterable[Origin] = ()) -> FileSystem:
        return FileSystem((*self.writes, *writes), (*self.opaque, *opaque))

    def remove(self, path: str) -> FileSystem:
        return replace(self, writes=tuple(w for w in self.writes if not is_within(w.path, path)))

    def owned(self, path: str, owner: str, *, below: bool) -> FileSystem:
        """After a ``chown`` of the path, with all below it or alone."""
        writes = tuple(
            replace(w, owner=owner) if w.path == path or (below and is_within(w.path, path)) else w for w in self.writes
        )
        return replace(self, writes=writes)

    def candidates(self, path: str) -> tuple[Write, ...]:
        """The writes that put this path there for certain (exact), or might have (a tree around it), newest first."""
        found = []
        for write in reversed(self.writes):
            if write.path == path:
                found.append(write)
                if write.kind is not Kind.TREE:
                    break
            elif write.kind is Kind.TREE and is_within(path, write.path):
                found.append(write)
        return tuple(found)

    def below(self, folder: str) -> Iterator[Write]:
        return (w for w in self.writes if is_within(w.path, folder))

    def reaches(self, folder: str) -> tuple[Write, ...]:
        """Writes at, below or (trees only) above a folder: everything that may have put something there."""
        return tuple(
            w for w in self.writes if is_within(w.path, folder) or (w.kind is Kind.TREE and is_within(folder, w.path))
        )

    def is_directory(self, path: str) -> bool:
        """True when something is known to lie below the path, or the path was made as a directory."""
        return any(
            (w.path != path and is_within(w.path, path)) or (w.path == path and w.kind is Kind.DIRECTORY)
            for w in self.writes
        )

    def copied(self, source: str, destination: str, owner: str) -> tuple[Write, ...]:
        """The writes of a copy of ``source`` to exactly ``destination`` (a directory's contents land in the
        destination)."""
        copies = []
        for write in self.reaches(source):
            path = destination
            if is_within(write.path, source):
                path = posixpath.normpath(posixpath.join(destination, posixpath.relpath(write.path, source)))
            copies.append(replace(write, path=path, owner=owner))
        return tuple(copies)
