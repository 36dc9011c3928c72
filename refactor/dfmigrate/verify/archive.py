"""The members of a tar archive as an engine exports it, read from a stream, with bounds on all that a header can say.

The standard library's reader allocates whatever a header asks for; what is read here may be made to harm.
"""

from __future__ import annotations

import enum
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

_BLOCK = 512
_MOST_HEADER = 1 << 20
_MOST_MEMBERS = 4_000_000
_MOST_NAME = 8 << 10
"""Twice what the kernel takes."""
_MOST_NAMES = 1 << 30
"""Bytes of all names together."""
_CHUNK = 1 << 20
_CAPABILITY = b"SCHILY.xattr.security.capability"


class BadArchive(ValueError):
    """The stream is no complete tar archive of a file system; one line says why."""


class Reader(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Kind(enum.Enum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    HARD_LINK = "hard link"
    OTHER = "other"
    """A device, a pipe or a socket."""


_KINDS = {b"0": Kind.FILE, b"\0": Kind.FILE, b"7": Kind.FILE, b"1": Kind.HARD_LINK, b"2": Kind.LINK, b"5": Kind.FOLDER}
_KINDS |= {b"3": Kind.OTHER, b"4": Kind.OTHER, b"6": Kind.OTHER}


@dataclass(frozen=True, slots=True)
class Member:
    """One entry; ``path`` is absolute and normal."""

    path: str
    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int
    target: str = ""
    """As written for a symbolic link; absolute and normal for a hard link."""
    capability: bytes = b""
    """The raw value of ``security.capability``."""


class Archive:
    """Iterates over the members; ``content`` yields the bytes of the one that came last."""

    def __init__(self, stream: Reader) -> None:
        self._stream = stream
        self._left = 0
        self._padding = 0

    def __iter__(self) -> Iterator[Member]:
        shared: dict[bytes, bytes] = {}
        own: dict[bytes, bytes] = {}
        names = 0
        for _ in range(_MOST_MEMBERS):
            header = self._header()
            if header is None:
                return
            size, kind = _number(header[124:136]), header[156:157]
            if kind in (b"x", b"g", b"L", b"K"):
                said = _said(kind, self._whole(size))
                (shared if kind == b"g" else own).update(said)
                continue
            member = _member(header, {**shared, **own})
            names += len(member.path) + len(member.target)
            if names > _MOST_NAMES:
                raise BadArchive(f"names of more than {_MOST_NAMES} bytes")
            own = {}
            self._left = member.size if kind not in (b"1", b"2", b"5", b"3", b"4", b"6") else 0
            self._padding = -self._left % _BLOCK
            if kind in _KINDS:
                yield member
            elif kind == b"S":
                raise BadArchive(f"{member.path} is stored as a sparse file, which is not read")
            self._skip()
        raise BadArchive(f"more than {_MOST_MEMBERS} members")

    def content(self) -> Iterator[bytes]:
        """The bytes of the current member, in pieces; what is not read is skipped."""
        while self._left:
            piece = self._stream.read(min(self._left, _CHUNK))
            if not piece:
                raise BadArchive("it ends in the middle of a file")
            self._left -= len(piece)
            yield piece

    def _skip(self) -> None:
        for _ in self.content():
            pass
        self._exactly(self._padding)
        self._padding = 0

    def _header(self) -> bytes | None:
        header = self._exactly(_BLOCK)
        if header == bytes(_BLOCK):
            return None
        said = _number(header[148:156])
        if said != sum(header[:148]) + 8 * 32 + sum(header[156:]):
            raise BadArchive("a header's checksum is wrong")
        return header

    def _whole(self, size: int) -> bytes:
        if size > _MOST_HEADER:
            raise BadArchive(f"a header of {size} bytes")
        data = self._exactly(size)
        self._exactly(-size % _BLOCK)
        return data

    def _exactly(self, size: int) -> bytes:
        pieces = []
        while size:
            piece = self._stream.read(size)
            if not piece:
                raise BadArchive("it ends too early")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


def normal(name: str) -> str:
    """An archive's name as an absolute path; BadArchive when it leads out of the archive."""
    if ".." in name.split("/"):
        raise BadArchive(f"the name {name[:80]!r} leads out of the archive")
    return posixpath.normpath("/" + name.lstrip("/"))


def _member(header: bytes, said: Mapping[bytes, bytes]) -> Member:
    kind = _KINDS.get(header[156:157], Kind.OTHER)
    prefix = _text(header[345:500]) if header[257:263] == b"ustar\0" else b""
    name = said.get(b"path", (prefix + b"/" if prefix else b"") + _text(header[:100]))
    target = said.get(b"linkpath", _text(header[157:257])).decode("utf-8", "surrogateescape")
    if len(name) > _MOST_NAME or len(target) > _MOST_NAME:
        raise BadArchive(f"a name of {max(len(name), len(target))} bytes")
    if b"\0" in name or "\0" in target:
        raise BadArchive("a name with a NUL character")
    return Member(
        path=normal(name.decode("utf-8", "surrogateescape")),
        kind=kind,
        mode=_number(header[100:108]) & 0o7777,
        uid=_decimal(said, b"uid", header[108:116]),
        gid=_decimal(said, b"gid", header[116:124]),
        size=_decimal(said, b"size", header[124:136]) if kind is Kind.FILE else 0,
        target=normal(target) if kind is Kind.HARD_LINK else target,
        capability=said.get(_CAPABILITY, b""),
    )


def _said(kind: bytes, data: bytes) -> dict[bytes, bytes]:
    if kind in (b"L", b"K"):
        return {b"path" if kind == b"L" else b"linkpath": _text(data)}
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data) and data[at] != 0:
        space = data.find(b" ", at, at + 12)
        digits = data[at:space] if space > 0 else b""
        if not digits.isdigit() or not space - at < int(digits) <= len(data) - at:
            raise BadArchive("an extended header that cannot be read")
        name, equals, value = data[space + 1 : at + int(digits) - 1].partition(b"=")
        if not equals:
            raise BadArchive("an extended header without a value")
        found[name] = value
        at += int(digits)
    return found


def _decimal(said: Mapping[bytes, bytes], name: bytes, field: bytes) -> int:
    value = said.get(name)
    if value is None:
        return _number(field)
    if not value.isdigit() or len(value) > 19:
        raise BadArchive(f"{name.decode()} is {value[:20]!r}")
    return int(value)


def _number(field: bytes) -> int:
    if field[0] & 0x80:
        # GNU's form for what octal digits cannot hold; negative ones stand for nothing here.
        value = int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
        if field[0] & 0x40 or value >= 1 << 63:
            raise BadArchive("a number that no file can have")
        return value
    digits = field.strip(b"\0 ")
    if not digits:
        return 0
    try:
        return int(digits, 8)
    except ValueError:
        raise BadArchive(f"{digits[:20]!r} where a number should be") from None


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]
