"""Where the files of a stage come from, as far as the text shows.

A stage's file system is its base image plus a list of writes, oldest first. A write is a file (or a link), a directory
that was made empty, or a *tree*: a place below which something was written that cannot be listed, perhaps only a file
at that very place. The folders around a write are there without a write of their own. Three answers are possible to
"is this path there?": by this write, perhaps (inside a tree, or after a command that was not understood), or no.
"""

from __future__ import annotations

import enum
import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from .file_index import Index
from .file_index import is_within as is_within

_MAX_LINKS = 40


class Kind(enum.Enum):
    FILE = "file"
    DIRECTORY = "directory"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a path: ``context`` (detail = path in the build context), ``run`` (the command's text), ``image``
    or ``stage`` (``name:path``), ``download`` (address), ``copy``, ``workdir``, ``volume`` (the folder made)."""

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
    mode: int | None = None
    """Permission bits; None when unknown."""
    link: str | None = None
    """Where a symbolic link points, as written in it; its kind is ``FILE``."""


@dataclass(frozen=True, slots=True)
class FileSystem:
    """What is known to lie above the base image, oldest write first."""

    writes: tuple[Write, ...] = ()
    opaque: tuple[Origin, ...] = ()
    """Commands that may have written anywhere."""
    given: frozenset[str] = frozenset({"/"})
    """Directories that the base image is known to bring."""
    crowded: frozenset[str] = frozenset({"/"})
    """Folders in which the base image may have files and folders of its own; outside of them it has only ``given``."""
    bare: bool = False
    """The base image has nothing in it: what no write put there is not there."""
    _before: FileSystem | None = field(default=None, repr=False, compare=False)
    _index: Index | None = field(default=None, init=False, repr=False, compare=False)

    def add(self, writes: Iterable[Write], opaque: Iterable[Origin] = ()) -> FileSystem:
        added, unknown = tuple(writes), tuple(opaque)
        if not added and not unknown:
            return self
        if not added:
            return replace(self, opaque=(*self.opaque, *unknown), _before=self)
        return replace(self, writes=(*self.writes, *added), opaque=(*self.opaque, *unknown), _before=self)

    def remove(self, path: str) -> FileSystem:
        """After the path is deleted with all below it; what a link points to stays."""
        gone = set(self.index.below(path))
        if not gone:
            return self
        left = tuple(write for at, write in enumerate(self.writes) if at not in gone)
        return replace(self, writes=left, _before=None)

    def owned(self, path: str, owner: Callable[[str | None], str | None], *, below: bool) -> FileSystem:
        """After a ``chown`` of the path, with all below it or alone; the new owner is told of the old one."""

        def touch(write: Write, whole: bool) -> Write:
            new = owner(write.owner)
            return replace(write, owner=new if whole or write.owner == new else None)

        return self._touched(path, below, touch)

    def moded(self, path: str, mode: Callable[[int | None], int | None], *, below: bool) -> FileSystem:
        """After a ``chmod`` of the path, with all below it or alone; the new mode is told of the old one."""

        def touch(write: Write, whole: bool) -> Write:
            new = mode(write.mode) if write.link is None else write.mode
            return replace(write, mode=new if whole or write.mode == new else None)

        return self._touched(path, below, touch)

    def _touched(self, path: str, below: bool, touch: Callable[[Write, bool], Write]) -> FileSystem:
        """``touch`` each write that is meant, and say whether all of it is: of a tree it may be only a part."""
        writes = list(self.writes)
        for at in self.index.reaching(path):
            write = writes[at]
            inside = write.path != path and is_within(write.path, path)
            if below or not inside:
                whole = inside or (write.path == path and (below or write.kind is not Kind.TREE))
                writes[at] = touch(write, whole)
        changed = replace(self, writes=tuple(writes), _before=None)
        # The paths and kinds are the same.
        object.__setattr__(changed, "_index", self.index)
        return changed

    def doubted(self, is_meant: Callable[[str], bool]) -> FileSystem:
        """After a command that may have taken these paths away."""
        if not any(write.certain and is_meant(write.path) for write in self.writes):
            return self
        left = tuple(replace(w, certain=False) if w.certain and is_meant(w.path) else w for w in self.writes)
        changed = replace(self, writes=left, _before=None)
        object.__setattr__(changed, "_index", self.index)
        return changed

    @property
    def index(self) -> Index:
        """The writes by path, made when first asked for, out of that of the file system before the last change."""
        known = self._index
        if known is None:
            older = self._before
            while older is not None and older._index is None:
                older = older._before
            # A write is found by its place in ``writes``; what `add` appends leaves the earlier places as they were.
            known = Index.of(self.writes, older.index if older is not None else None)
            object.__setattr__(self, "_index", known)
        return known

    def candidates(self, path: str) -> tuple[Write, ...]:
        """The writes that put this path there for certain (exact), or might have (a tree around it), newest first."""
        found = []
        for at in self.index.at_or_around(path):
            write = self.writes[at]
            found.append(write)
            if write.path == path and write.kind is not Kind.TREE:
                break
        return tuple(found)

    def exactly(self, path: str) -> tuple[Write, ...]:
        """The writes of exactly this path, oldest first."""
        return tuple(self.writes[at] for at in self.index.at(path))

    def newest(self, path: str) -> Write | None:
        """The last write of exactly this path; None where there is none."""
        places = self.index.at(path)
        return self.writes[places[-1]] if places else None

    def below(self, folder: str) -> Iterator[Write]:
        return (self.writes[at] for at in self.index.below(folder))

    def has_below(self, folder: str) -> bool:
        """Whether something was written at the folder or below it."""
        return self.index.has_below(folder) or bool(self.index.at(folder))

    def first_child(self, folder: str, source: str) -> Write | None:
        """The oldest write directly in a folder whose origin is of this source."""
        found = None
        for path, at in self.index.inside(folder):
            if (found is None or at < found) and self.writes[at].origin.source == source:
                found = at if posixpath.dirname(path) == folder else found
        return self.writes[found] if found is not None else None

    def reaches(self, folder: str) -> tuple[Write, ...]:
        """Writes at, below or (trees only) above a folder: everything that may have put something there."""
        return tuple(self.writes[at] for at in self.index.reaching(folder))

    def is_directory(self, path: str) -> bool:
        """True when the base image brings it, something is known to lie below it, or it was made as a directory."""
        if path in self.given or self.index.has_below(path):
            return True
        return any(write.kind is Kind.DIRECTORY for write in self.exactly(path))

    def is_file(self, path: str) -> bool:
        """True when it was written as a file, be it rewritten since by something less well known."""
        return any(write.kind is Kind.FILE for write in self.exactly(path)) and not self.is_directory(path)

    def may_be_directory(self, path: str) -> bool:
        """False only where it is known to be none: a file, or a place at which nothing was ever put."""
        if self.is_directory(path):
            return True
        newest = next(iter(self.candidates(path)), None)
        if newest is not None:
            return newest.kind is not Kind.FILE
        if self.opaque:
            return True
        # What lies among programs is a program.
        return posixpath.basename(posixpath.dirname(path)) not in ("bin", "sbin") and self._is_crowded(path)

    def brings(self, folder: str) -> bool:
        """Whether the base image may have something in this folder."""
        if self.bare:
            return False
        return self._is_crowded(folder) or any(is_within(path, folder) for path in self.given)

    def _is_crowded(self, path: str) -> bool:
        return not self.bare and any(is_within(path, folder) for folder in self.crowded)

    def resolve(self, path: str) -> str:
        """The path with every symbolic link followed that the writes made."""
        if not self.index.has_links:
            return path
        done, pending = "/", [part for part in path.split("/")[::-1] if part]
        for _ in range(_MAX_LINKS * 16):
            if not pending:
                break
            part = pending.pop()
            if part in (".", ".."):
                done = posixpath.dirname(done) if part == ".." else done
                continue
            here = posixpath.join(done, part)
            write = self.newest(here)
            if write is None or write.link is None:
                done = here
                continue
            done = "/" if write.link.startswith("/") else done
            pending.extend(part for part in write.link.split("/")[::-1] if part)
        return done
