"""The files of an image, read from its exported archive: what each is, and what a check needs of its content."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import MappingProxyType

from dfmigrate.verify.archive import Archive, Kind, Member, Reader
from dfmigrate.verify.elf import Elf, read_elf
from dfmigrate.verify.regions import is_kept_text

_MOST_LINKS = 40
"""The kernel's own bound on links in one path."""
_MOST_TEXT = 512 << 10
_MOST_SOURCE = 16 << 20
"""Bundles hold a whole application in one file."""
_MOST_DATABASE = 32 << 20
_MOST_ELF = 512 << 20
_MOST_TEXTS = 256 << 20
_SOURCES = (".js", ".mjs", ".cjs", ".py", ".rb", ".php", ".sh", ".go", ".rs", ".ts")
_NOISE = ("/.dockerenv", "/run/.containerenv")


@dataclass(frozen=True, slots=True)
class File:
    """One path of the image."""

    path: str
    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int = 0
    digest: bytes = b""
    """Of a regular file: SHA-256."""
    target: str = ""
    """Of a symbolic link: as written."""
    capability: bytes = b""
    twin: str | None = None
    """For a hard link: the name under which the archive has the same file first."""
    shebang: str | None = None
    """The first line behind ``#!``."""

    @property
    def is_executable(self) -> bool:
        return self.kind is Kind.FILE and bool(self.mode & 0o111)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a path leads. Without a file, ``path`` is the first place that is not there."""

    path: str
    file: File | None
    folders: tuple[str, ...] = ()
    """Every folder that was searched on the way, which the process must be allowed to enter."""
    loop: bool = False


@dataclass(frozen=True, slots=True)
class ImageFiles:
    """All files of an image by absolute path."""

    files: Mapping[str, File] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    """Contents of the scripts, sources, settings and data bases that a check reads."""
    elves: Mapping[str, Elf] = field(default_factory=lambda: MappingProxyType({}))
    unread: tuple[str, ...] = ()
    """Texts that were left out because there were too many."""
    too_large: tuple[str, ...] = ()
    """Programs that were left out for their size."""
    folders: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """The names in each folder."""

    def get(self, path: str) -> File | None:
        """The entry itself, links not followed."""
        return self.files.get(path)

    def resolve(self, path: str, *, base: str = "/") -> Resolved:
        """Follow a path as the kernel does inside the image."""
        pending = [part for part in posixpath.join(base, path).split("/") if part and part != "."][::-1]
        at, links, searched = "/", 0, ["/"]
        while pending:
            part = pending.pop()
            if part == "..":
                at = posixpath.dirname(at)
                continue
            here = posixpath.join(at, part)
            found = self.files.get(here)
            if found is None:
                return Resolved(here, None, tuple(searched))
            if found.kind is Kind.LINK:
                links += 1
                if links > _MOST_LINKS:
                    return Resolved(here, None, tuple(searched), loop=True)
                parts = [step for step in found.target.split("/") if step and step != "."]
                pending.extend(reversed(parts))
                at = "/" if found.target.startswith("/") else at
                continue
            if pending and found.kind is not Kind.FOLDER:
                return Resolved(here, None, tuple(searched))
            at = here
            if found.kind is Kind.FOLDER:
                searched.append(here)
        return Resolved(at, self.files.get(at) or _ROOT, tuple(dict.fromkeys(searched)))

    def text(self, path: str) -> str | None:
        """A kept text, links followed; bytes that are no UTF-8 are replaced."""
        resolved = self.resolve(path)
        data = self.texts.get(resolved.path) if resolved.file is not None else None
        return None if data is None else data.decode("utf-8", "replace")

    def names(self, folder: str) -> frozenset[str]:
        """The names in a folder, links followed; empty where there is none."""
        resolved = self.resolve(folder)
        return self.folders.get(resolved.path, frozenset()) if resolved.file is not None else frozenset()


_ROOT = File("/", Kind.FOLDER, 0o755, 0, 0)


def read_image(
    stream: Reader, *, known: ImageFiles | None = None, elves: dict[bytes, Elf | None] | None = None
) -> ImageFiles:
    """Read the whole archive once; raises BadArchive.

    ``known`` is an image below this one: what it has alike is neither read nor kept twice. ``elves`` are programs that
    were read before, by the digests of their files; those of this image come to them.
    """
    reading = _Reading(known, {} if elves is None else elves)
    archive = Archive(stream)
    for member in archive:
        reading.add(member, archive)
    return reading.finished()


class _Reading:
    def __init__(self, known: ImageFiles | None, read: dict[bytes, Elf | None]) -> None:
        self.known = known
        self.read = read
        self.files: dict[str, File] = {}
        self.texts: dict[str, bytes] = {}
        self.elves: dict[str, Elf] = {}
        self.unread: list[str] = []
        self.too_large: list[str] = []
        self.kept = 0

    def add(self, member: Member, archive: Archive) -> None:
        if member.path in _NOISE or member.path == "/":
            return
        if member.kind is Kind.HARD_LINK:
            self._twin(member)
            return
        file = File(
            member.path,
            member.kind,
            member.mode,
            member.uid,
            member.gid,
            member.size,
            target=member.target,
            capability=member.capability,
        )
        self.files[member.path] = self._read(file, archive) if member.kind is Kind.FILE else file

    def _twin(self, member: Member) -> None:
        first = self.files.get(member.target)
        if first is None:
            return
        self.files[member.path] = replace(first, path=member.path, twin=first.twin or first.path)
        if first.path in self.texts and is_kept_text(member.path):
            self.texts[member.path] = self.texts[first.path]
        if first.path in self.elves:
            self.elves[member.path] = self.elves[first.path]

    def _read(self, file: File, archive: Archive) -> File:
        hashed, pieces, wanted = sha256(), [], True
        start = b""
        for number, piece in enumerate(archive.content()):
            if number == 0:
                start = piece
                wanted = self._wants(file, start)
            hashed.update(piece)
            if wanted:
                pieces.append(piece)
        file = replace(file, digest=hashed.digest(), shebang=_shebang(start))
        if wanted and pieces:
            self._keep(file, b"".join(pieces))
        return file

    def _wants(self, file: File, start: bytes) -> bool:
        if start.startswith(b"\x7fELF"):
            if file.size > _MOST_ELF:
                self.too_large.append(file.path)
                return False
            return True
        if b"\0" in start[:1024] and not file.path.endswith("/ld.so.cache"):
            return False
        if not is_kept_text(file.path):
            return False
        if file.path.startswith(("/var/lib/", "/lib/apk/", "/usr/lib/apk/")):
            return file.size <= _MOST_DATABASE
        return file.size <= (_MOST_SOURCE if file.path.endswith(_SOURCES) else _MOST_TEXT)

    def _keep(self, file: File, data: bytes) -> None:
        alike = self.known.get(file.path) if self.known is not None else None
        same = self.known if alike is not None and alike.digest == file.digest else None
        if data.startswith(b"\x7fELF"):
            elf = same.elves.get(file.path) if same is not None else None
            if elf is None and file.digest not in self.read:
                self.read[file.digest] = read_elf(data)
            elf = elf or self.read[file.digest]
            if elf is not None:
                self.elves[file.path] = elf
            return
        if same is not None and file.path in same.texts:
            self.texts[file.path] = same.texts[file.path]
            return
        self.kept += len(data)
        if self.kept > _MOST_TEXTS:
            self.unread.append(file.path)
            return
        self.texts[file.path] = data

    def finished(self) -> ImageFiles:
        folders: dict[str, set[str]] = {}
        for path in tuple(self.files):
            self._parents(path)
        for path in self.files:
            folder, name = posixpath.split(path)
            folders.setdefault(folder, set()).add(name)
        return ImageFiles(
            MappingProxyType(self.files),
            MappingProxyType(self.texts),
            MappingProxyType(self.elves),
            tuple(self.unread),
            tuple(self.too_large),
            MappingProxyType({folder: frozenset(names) for folder, names in folders.items()}),
        )

    def _parents(self, path: str) -> None:
        # An archive need not list the folders of its files.
        folder = posixpath.dirname(path)
        while folder != "/" and folder not in self.files:
            self.files[folder] = replace(_ROOT, path=folder)
            folder = posixpath.dirname(folder)


def _shebang(start: bytes) -> str | None:
    if not start.startswith(b"#!"):
        return None
    return start[2:258].partition(b"\n")[0].decode("utf-8", "replace").strip()
