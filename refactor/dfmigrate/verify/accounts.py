"""Who the image's process is, by the numbers in the image's own passwd and group, and what it may do with a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.verify.archive import Kind
from dfmigrate.verify.filesystem import File, ImageFiles, Resolved

READ, WRITE, EXECUTE = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Identity:
    """A process's user and groups."""

    uid: int
    gid: int
    groups: frozenset[int]
    home: str = "/"

    @property
    def is_root(self) -> bool:
        return self.uid == 0

    def may(self, file: File, wanted: int) -> bool:
        """Whether the mode allows it; root may do all but execute what nobody may."""
        if self.is_root:
            return wanted != EXECUTE or file.kind is Kind.FOLDER or bool(file.mode & 0o111)
        if file.uid == self.uid:
            return bool(file.mode >> 6 & wanted)
        if file.gid in self.groups:
            return bool(file.mode >> 3 & wanted)
        return bool(file.mode & wanted)

    def reaches(self, files: ImageFiles, resolved: Resolved) -> str | None:
        """The first folder on the way that it may not enter, None when it may enter all."""
        for path in resolved.folders:
            folder = files.get(path)
            if folder is not None and not self.may(folder, EXECUTE):
                return path
        return None


def identity(user: str, files: ImageFiles) -> Identity | None:
    """The identity behind the configuration's ``User``; None for a name that the image does not know."""
    name, _, group = (user or "0").partition(":")
    entry = next((row for row in _rows(files, "/etc/passwd", 6) if name in (row[0], row[2])), None)
    if entry is not None and entry[2].isdigit() and entry[3].isdigit():
        uid, gid, home = int(entry[2]), int(entry[3]), entry[5] or "/"
        login = entry[0]
    elif _is_number(name):
        uid, gid, home, login = int(name), 0, "/root" if name == "0" else "/", ""
    else:
        return None
    if group:
        named = next((row for row in _rows(files, "/etc/group", 3) if group in (row[0], row[2])), None)
        if named is None and not _is_number(group):
            return None
        # An explicit group takes the place of all others.
        gid = int(named[2]) if named is not None and _is_number(named[2]) else int(group)
        return Identity(uid, gid, frozenset({gid}), home)
    members = {
        int(row[2])
        for row in _rows(files, "/etc/group", 4)
        if _is_number(row[2]) and login and login in row[3].split(",")
    }
    return Identity(uid, gid, frozenset({gid, *members}), home)


def _rows(files: ImageFiles, path: str, fields: int) -> Iterator[list[str]]:
    for line in (files.text(path) or "").split("\n"):
        row = line.split(":")
        if len(row) >= fields:
            yield row


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11
