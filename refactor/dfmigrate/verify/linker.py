"""Where the dynamic loader of an image looks for a library, in its order, without running anything of the image.

glibc: RPATH of the file and of those that loaded it, LD_LIBRARY_PATH, RUNPATH, the cache that ldconfig wrote, and the
two default folders with their multiarch ones. musl: LD_LIBRARY_PATH, RPATH or RUNPATH, its path file or defaults.
"""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dfmigrate.verify.elf import Elf
from dfmigrate.verify.filesystem import ImageFiles

_CACHE = b"glibc-ld.so.cache1.1"
_TRIPLETS = {
    "EM_X86_64": "x86_64-linux-gnu",
    "EM_AARCH64": "aarch64-linux-gnu",
    "EM_386": "i386-linux-gnu",
    "EM_ARM": "arm-linux-gnueabihf",
    "EM_S390": "s390x-linux-gnu",
    "EM_PPC64": "powerpc64le-linux-gnu",
    "EM_RISCV": "riscv64-linux-gnu",
}
_MUSL_DEFAULT = ("/lib", "/usr/local/lib", "/usr/lib")
_MUSL_OWN = ("libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet.")
"""Names that musl's loader answers itself, whatever the rest of the name says."""


@dataclass(frozen=True, slots=True)
class Found:
    """A library where the loader finds it."""

    path: str
    elf: Elf


@dataclass(frozen=True, slots=True)
class Linker:
    """The loader of one image with the environment of its configuration."""

    files: ImageFiles
    environment: Mapping[str, str]
    cache: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of a library -> the paths that ``ldconfig`` wrote down."""

    def library(self, name: str, user: Elf, path: str, loaders: tuple[tuple[str, Elf], ...] = ()) -> Found | None:
        """The file that ``user`` at ``path`` gets for a needed name; ``loaders`` are those that loaded it."""
        for candidate in self._candidates(name, user, path, loaders):
            found = self.at(candidate)
            if found is not None and found.elf.machine == user.machine and found.elf.bits == user.bits:
                return found
        return None

    def at(self, path: str) -> Found | None:
        resolved = self.files.resolve(path)
        if resolved.file is None:
            return None
        elf = self.files.elves.get(resolved.path)
        return Found(resolved.path, elf) if elf is not None else None

    def elsewhere(self, name: str) -> tuple[str, ...]:
        """Every place that has a file of this name, for the message."""
        return tuple(sorted(path for path in self.files.elves if posixpath.basename(path) == name))[:3]

    def answers_itself(self, name: str, user: Elf) -> bool:
        """True for names that the loader is itself."""
        if user.c_library == "musl":
            return name.startswith(_MUSL_OWN)
        return name == posixpath.basename(user.interpreter or "")

    def _candidates(self, name: str, user: Elf, path: str, loaders: tuple[tuple[str, Elf], ...]) -> Iterator[str]:
        if "/" in name:
            yield name
            return
        musl = user.c_library == "musl"
        for folder in self._musl(user, path, loaders) if musl else self._before_cache(user, path, loaders):
            if folder.startswith("/"):
                yield posixpath.join(folder, name)
        if musl:
            return
        yield from self.cache.get(name, ())
        for folder in _defaults(user):
            yield posixpath.join(folder, name)

    def _before_cache(self, user: Elf, path: str, loaders: tuple[tuple[str, Elf], ...]) -> Iterator[str]:
        if not user.runpath:
            for where, elf in ((path, user), *loaders):
                if not elf.runpath:
                    yield from _expanded(elf.rpath, where, user)
        yield from self._variable()
        yield from _expanded(user.runpath, path, user)

    def _musl(self, user: Elf, path: str, loaders: tuple[tuple[str, Elf], ...]) -> Iterator[str]:
        yield from self._variable()
        for where, elf in ((path, user), *loaders):
            yield from _expanded(elf.runpath or elf.rpath, where, user)
        own = [name for name in self.files.names("/etc") if name.startswith("ld-musl-") and name.endswith(".path")]
        text = self.files.text(f"/etc/{own[0]}") if own else None
        yield from _MUSL_DEFAULT if text is None else text.replace("\n", ":").split(":")

    def _variable(self) -> Iterator[str]:
        yield from self.environment.get("LD_LIBRARY_PATH", "").replace(";", ":").split(":")


def linker(files: ImageFiles, environment: Mapping[str, str]) -> Linker:
    """The loader of an image; without a cache of ``ldconfig`` it has the default folders only."""
    data = files.texts.get("/etc/ld.so.cache", b"")
    cache: dict[str, list[str]] = {}
    for name, path in read_cache(data):
        cache.setdefault(name, []).append(path)
    return Linker(files, environment, {name: tuple(paths) for name, paths in cache.items()})


def read_cache(data: bytes) -> tuple[tuple[str, str], ...]:
    """Names and paths of ``/etc/ld.so.cache`` in glibc's present format; empty where it is another or damaged."""
    start = data.find(_CACHE)
    if start < 0 or len(data) < start + 48:
        return ()
    (count,) = struct.unpack_from("<I", data, start + len(_CACHE))
    if count > len(data) // 24:
        return ()
    found = []
    for number in range(count):
        at = start + 48 + 24 * number
        if at + 24 > len(data):
            return ()
        _, key, value = struct.unpack_from("<iII", data, at)
        found.append((_string(data, start + key), _string(data, start + value)))
    return tuple(found)


def configured_folders(files: ImageFiles) -> tuple[str, ...]:
    """The folders that ``ldconfig`` would read, by ``/etc/ld.so.conf``."""
    texts = [files.text("/etc/ld.so.conf") or ""]
    for name in sorted(files.names("/etc/ld.so.conf.d")):
        if name.endswith(".conf"):
            texts.append(files.text(f"/etc/ld.so.conf.d/{name}") or "")
    lines = (line.partition("#")[0].strip() for text in texts for line in text.split("\n"))
    return tuple(dict.fromkeys(line.rstrip("/") for line in lines if line.startswith("/")))


def c_library(files: ImageFiles) -> str | None:
    """The C library that the image has, by the loaders in it; None for neither or both."""
    names = {name for folder in ("/lib", "/lib64", "/usr/lib", "/usr/lib64") for name in files.names(folder)}
    for triplet in _TRIPLETS.values():
        names |= files.names(f"/lib/{triplet}")
    found = {"musl" for name in names if name.startswith("ld-musl-")}
    found |= {"glibc" for name in names if name.startswith(("ld-linux", "libc.so.6"))}
    return found.pop() if len(found) == 1 else None


def _string(data: bytes, at: int) -> str:
    end = data.find(b"\0", at, at + 4096) if 0 <= at < len(data) else -1
    return data[at:end].decode("utf-8", "replace") if end >= 0 else ""


def _expanded(folders: tuple[str, ...], path: str, user: Elf) -> Iterator[str]:
    here = posixpath.dirname(path)
    lib = "lib64" if user.bits == 64 else "lib"
    for folder in folders:
        for name, value in (("ORIGIN", here), ("LIB", lib)):
            folder = folder.replace("${" + name + "}", value).replace(f"${name}", value)
        yield folder


def _defaults(user: Elf) -> tuple[str, ...]:
    triplet = _TRIPLETS.get(user.machine)
    own = (f"/lib/{triplet}", f"/usr/lib/{triplet}") if triplet else ()
    wide = ("/lib64", "/usr/lib64") if user.bits == 64 else ()
    return (*own, *wide, "/lib", "/usr/lib")
