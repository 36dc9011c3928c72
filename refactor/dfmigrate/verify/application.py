"""The files that are an application's: what an image has on top of its base and no package of the system owns."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from dfmigrate.verify.archive import Kind
from dfmigrate.verify.filesystem import File, ImageFiles
from dfmigrate.verify.regions import is_system, is_toolchain, is_volatile

_LISTS = "/var/lib/dpkg/info"


def application_files(image: ImageFiles, base: ImageFiles | None) -> Mapping[str, File]:
    """By path, folders included.

    Without the base image the system's regions are left out altogether, as its files cannot be told from others there.
    """
    owned = package_files(image) if base is not None else frozenset()
    found = {}
    for path, file in image.files.items():
        if is_volatile(path) or (base is None and (is_system(path) or is_toolchain(path))):
            continue
        below = base.get(path) if base is not None else None
        if below is not None and is_alike(file, below):
            continue
        if is_system(path) and (file.kind is Kind.FOLDER or path in owned):
            continue
        found[path] = file
    return found


def package_files(image: ImageFiles) -> frozenset[str]:
    """Every path that a Debian or Alpine package owns, as the archive names it."""
    moved = {f"/{name}": image.files[f"/{name}"].target for name in ("bin", "sbin", "lib", "lib64", "lib32")
             if image.files.get(f"/{name}") is not None and image.files[f"/{name}"].kind is Kind.LINK}  # fmt: skip
    paths = set()
    for path in _listed(image):
        top = "/" + path.lstrip("/").partition("/")[0]
        if top in moved:
            path = posixpath.normpath(posixpath.join("/", moved[top], path.removeprefix(top).lstrip("/")))
        paths.add(path)
    return frozenset(paths)


def package_names(image: ImageFiles) -> frozenset[str]:
    """The installed packages of the system."""
    names = set()
    for row in (image.text("/var/lib/dpkg/status") or "").split("\n"):
        if row.startswith("Package: "):
            names.add(row.removeprefix("Package: ").strip())
    for row in _apk(image):
        if row.startswith("P:"):
            names.add(row[2:].strip())
    return frozenset(names)


def _listed(image: ImageFiles) -> Iterator[str]:
    for name in image.names(_LISTS):
        if name.endswith(".list"):
            yield from (image.text(f"{_LISTS}/{name}") or "").split("\n")
    folder = ""
    for row in _apk(image):
        if row.startswith("F:"):
            folder = row[2:]
        elif row.startswith("R:"):
            yield f"/{folder}/{row[2:]}"


def _apk(image: ImageFiles) -> list[str]:
    return (image.text("/lib/apk/db/installed") or image.text("/usr/lib/apk/db/installed") or "").split("\n")


def is_alike(one: File, other: File) -> bool:
    """The same content and rights; a folder of the base is the base's, whatever was put into it."""
    if one.kind is not other.kind:
        return False
    rights = (one.mode, one.uid, one.gid, one.capability) == (other.mode, other.uid, other.gid, other.capability)
    return rights and one.digest == other.digest and one.target == other.target
