"""Images made in memory: tar archives as an engine exports them, and the values that comparisons take."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dfmigrate.model import Build, interpret
from dfmigrate.verify.compare import compare
from dfmigrate.verify.configuration import image_config
from dfmigrate.verify.filesystem import ImageFiles, read_image
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.pair import Image
from dfmigrate_grammar import parse

NET_BIND = bytes.fromhex("0100000200040000000000000000000000000000")


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: a file unless it says otherwise."""

    data: bytes = b""
    mode: int = 0o644
    owner: tuple[int, int] = (0, 0)
    link: str | None = None
    hard: str | None = None
    folder: bool = False
    capability: bytes = b""


def folder(mode: int = 0o755, owner: tuple[int, int] = (0, 0)) -> Entry:
    return Entry(mode=mode, owner=owner, folder=True)


def link(target: str) -> Entry:
    return Entry(link=target, mode=0o777)


def program(data: bytes = b"#!/bin/sh\n", mode: int = 0o755, owner: tuple[int, int] = (0, 0)) -> Entry:
    return Entry(data, mode, owner)


Entries = Mapping[str, Entry | bytes]

BASE: dict[str, Entry | bytes] = {
    "/bin": link("usr/bin"),
    "/lib": link("usr/lib"),
    "/usr/bin/sh": program(b"\x7fELF-sh"),
    "/usr/bin/env": program(b"\x7fELF-env"),
    "/usr/bin/curl": program(b"\x7fELF-curl"),
    "/usr/local/bin/python3.11": program(b"\x7fELF-python"),
    "/usr/local/bin/python3": link("python3.11"),
    "/usr/local/bin/python": link("python3"),
    "/usr/local/bin/node": program(b"\x7fELF-node"),
    "/etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n",
    "/etc/group": b"root:x:0:\nnode:x:1000:\ndata:x:33:node\n",
    "/tmp": folder(0o1777),
}
"""A small system."""


def archive(entries: Entries) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, entry in entries.items():
            entry = Entry(entry) if isinstance(entry, bytes) else entry
            info = tarfile.TarInfo(path.lstrip("/"))
            info.mode, (info.uid, info.gid), info.size = entry.mode, entry.owner, len(entry.data)
            if entry.folder:
                info.type = tarfile.DIRTYPE
            elif entry.link is not None:
                info.type, info.linkname = tarfile.SYMTYPE, entry.link
            elif entry.hard is not None:
                info.type, info.linkname = tarfile.LNKTYPE, entry.hard.lstrip("/")
            if entry.capability:
                value = entry.capability.decode("utf-8", "surrogateescape")
                info.pax_headers = {"SCHILY.xattr.security.capability": value}
            tar.addfile(info, io.BytesIO(entry.data))
    return made.getvalue()


def files(entries: Entries) -> ImageFiles:
    return read_image(io.BytesIO(archive(entries)))


def image(entries: Entries, config: Mapping[str, Any] | None = None, base: Entries | None = None) -> Image:
    """An image whose ``entries`` lie on those of its base."""
    below = BASE if base is None else base
    return Image(files({**below, **entries}), image_config(config or {}), files(below))


def build(text: str) -> Build:
    return interpret(parse(text.encode()), None)


DOCKERFILE = """\
FROM python:3.11 AS builder
WORKDIR /app
COPY . .
FROM python:3.11-slim
WORKDIR /app
COPY --from=builder /app /app
"""


def compared(
    before: Image,
    after: Image,
    *,
    original: str = DOCKERFILE,
    migrated: str = DOCKERFILE,
    declared: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    return compare(before, after, build(original), build(migrated), declared)


def broken(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Code and subject of what is broken."""
    return [(finding.code, finding.subject) for finding in findings if finding.weight is Weight.BROKEN]
