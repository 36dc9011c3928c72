"""What one instruction left behind, seen by the files of the image ahead of it and behind it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from dfmigrate.model import is_within
from dfmigrate.verify.application import is_alike, package_files, package_names
from dfmigrate.verify.archive import Kind
from dfmigrate.verify.filesystem import ImageFiles
from dfmigrate.verify.regions import is_system, is_volatile

MOST_PLACES = 40
"""More than these are no list that anybody reads."""

_ACCOUNTS = frozenset(("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow"))
_SHARED = frozenset(
    {
        *("/bin", "/etc", "/home", "/lib", "/opt", "/root", "/sbin", "/srv", "/tmp", "/usr", "/var"),
        *("/usr/bin", "/usr/lib", "/usr/local", "/usr/sbin", "/usr/share", "/usr/src"),
        *(f"/usr/local/{name}" for name in ("bin", "etc", "include", "lib", "man", "sbin", "share", "src")),
        *("/var/cache", "/var/lib", "/var/log", "/var/opt", "/var/spool", "/var/tmp", "/var/www"),
    }
)
"""Folders of the system's order, which belong to nobody in particular even when an image lacks them."""
_PLAIN = re.compile(r"(/[\w.@+:,%~=-]+)+")


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or a folder that was not there before, with all that is in it."""

    path: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Written:
    """The places, and why they are not all that the instruction did."""

    places: tuple[Place, ...] = ()
    beyond: tuple[str, ...] = ()
    """Effects that a list of places cannot tell, one clause each."""


def written(before: ImageFiles, after: ImageFiles, known: Iterable[str] = ()) -> Written:
    """What differs outside of caches and logs; ``known`` are places whose content other commands account for."""
    known = tuple(known)
    beyond = list(_packages(before, after))
    owned = package_files(before) | package_files(after)
    found: dict[str, list[int]] = {}
    passing: set[str] = set()
    for path, file in after.files.items():
        old = before.get(path)
        if old is not None and is_alike(file, old):
            continue
        if is_volatile(path):
            passing.add(_place(path, before))
            continue
        if path in _ACCOUNTS:
            beyond.append("it changes users or groups")
        elif is_system(path) and path in owned:
            beyond.append("it changes files of the system's packages")
        elif file.kind is Kind.FOLDER and old is not None:
            beyond.append(f"it changes the rights of {path}")
        elif file.kind not in (Kind.FILE, Kind.LINK, Kind.FOLDER):
            beyond.append(f"it makes {path}, which is no file")
        elif path not in _SHARED and not any(is_within(path, place) for place in known):
            sizes = found.setdefault(_place(path, before), [])
            if file.kind is not Kind.FOLDER:
                sizes.append(file.size)
    gone = sorted(path for path in before.files if path not in after.files and not is_volatile(path))
    if gone:
        beyond.append(f"it removes {gone[0]}")
    # A folder in which only a cache lies was made for it.
    places = tuple(
        Place(path, len(sizes), sum(sizes)) for path, sizes in sorted(found.items()) if sizes or path not in passing
    )
    odd = next((place.path for place in places if not _PLAIN.fullmatch(place.path)), None)
    if odd is not None:
        beyond.append(f"it writes {odd!r}, a name that no list here can hold")
    if len(places) > MOST_PLACES:
        beyond.append(f"it writes to {len(places)} places")
    return Written(places, tuple(dict.fromkeys(beyond)))


def _place(path: str, before: ImageFiles) -> str:
    """The outermost folder that was not there before, or else the path itself."""
    place = path
    while (folder := posixpath.dirname(place)) not in _SHARED and folder != "/" and before.get(folder) is None:
        place = folder
    return place


def _packages(before: ImageFiles, after: ImageFiles) -> Iterable[str]:
    old, new = package_names(before), package_names(after)
    added, removed = sorted(new - old), sorted(old - new)
    if added:
        rest = f" and {len(added) - 3} more" if len(added) > 3 else ""
        yield f"it installs packages of the system ({', '.join(added[:3])}{rest})"
    if removed:
        yield f"it removes the package {removed[0]}"
