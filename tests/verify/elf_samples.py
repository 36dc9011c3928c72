"""Small ELF files made byte by byte: a header, the dynamic section and symbol versions, and no code."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

X86_64, AARCH64 = 62, 183
_NEEDED, _STRTAB, _SONAME, _RPATH, _RUNPATH, _STRSZ = 1, 5, 14, 15, 29, 10
GLIBC = "/lib64/ld-linux-x86-64.so.2"
MUSL = "/lib/ld-musl-x86_64.so.1"


@dataclass
class _Strings:
    data: bytearray = field(default_factory=lambda: bytearray(b"\0"))

    def at(self, text: str) -> int:
        place = len(self.data)
        self.data += text.encode() + b"\0"
        return place


def elf(
    *,
    interpreter: str | None = None,
    needed: Sequence[str] = (),
    soname: str | None = None,
    rpath: str | None = None,
    runpath: str | None = None,
    requires: Mapping[str, Sequence[str]] | None = None,
    provides: Sequence[str] = (),
    machine: int = X86_64,
) -> bytes:
    strings = _Strings()
    tags = [(_NEEDED, strings.at(name)) for name in needed]
    tags += [(tag, strings.at(text)) for tag, text in ((_SONAME, soname), (_RPATH, rpath), (_RUNPATH, runpath)) if text]
    need = _needs(requires or {}, strings)
    defined = _defined(provides, strings)
    interp = (interpreter or "").encode() + b"\0"
    segments = 2 + (interpreter is not None)
    text_at = 64 + 56 * segments
    strings_at = text_at + len(interp)
    dynamic_at = -(-(strings_at + len(strings.data)) // 8) * 8
    tags += [(_STRTAB, strings_at), (_STRSZ, len(strings.data)), (0, 0)]
    dynamic = b"".join(struct.pack("<qQ", *tag) for tag in tags)
    need_at = dynamic_at + len(dynamic)
    defined_at = need_at + len(need)
    sections_at = -(-(defined_at + len(defined)) // 8) * 8
    sections = [
        _section(),
        _section(3, strings_at, len(strings.data)),
        _section(0x6FFFFFFE, need_at, len(need), link=1, info=len(requires or {})) if need else _section(),
        _section(0x6FFFFFFD, defined_at, len(defined), link=1, info=len(provides)) if defined else _section(),
    ]
    head = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    head += struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, sections_at, 0, 64, 56, segments, 64, len(sections), 1)
    loads = _segment(1, 0, sections_at) + _segment(2, dynamic_at, len(dynamic))
    if interpreter is not None:
        loads += _segment(3, text_at, len(interp))
    body = (head + loads + interp + bytes(strings.data)).ljust(dynamic_at, b"\0") + dynamic + need + defined
    return body.ljust(sections_at, b"\0") + b"".join(sections)


def _segment(kind: int, at: int, size: int) -> bytes:
    return struct.pack("<IIQQQQQQ", kind, 4, at, at, at, size, size, 8)


def _section(kind: int = 0, at: int = 0, size: int = 0, link: int = 0, info: int = 0) -> bytes:
    return struct.pack("<IIQQQQIIQQ", 0, kind, 0, at, at, size, link, info, 1, 0)


def _needs(requires: Mapping[str, Sequence[str]], strings: _Strings) -> bytes:
    made = b""
    for number, (library, versions) in enumerate(requires.items()):
        size = 16 * (1 + len(versions))
        last = number == len(requires) - 1
        made += struct.pack("<HHIII", 1, len(versions), strings.at(library), 16, 0 if last else size)
        for place, version in enumerate(versions):
            more = 0 if place == len(versions) - 1 else 16
            made += struct.pack("<IHHII", 0, 0, 2 + place, strings.at(version), more)
    return made


def _defined(provides: Sequence[str], strings: _Strings) -> bytes:
    made = b""
    for number, version in enumerate(provides):
        more = 0 if number == len(provides) - 1 else 28
        made += struct.pack("<HHHHIII", 1, 0, number + 1, 1, 0, 20, more)
        made += struct.pack("<II", strings.at(version), 0)
    return made


def loader_cache(libraries: Mapping[str, str]) -> bytes:
    """``/etc/ld.so.cache`` as glibc's ``ldconfig`` writes it."""
    start = 48 + 24 * len(libraries)
    strings, entries = b"", b""
    for name, path in libraries.items():
        at = start + len(strings)
        strings += name.encode() + b"\0" + path.encode() + b"\0"
        entries += struct.pack("<iIIIQ", 0x303, at, at + len(name) + 1, 0, 0)
    head = b"glibc-ld.so.cache1.1" + struct.pack("<II", len(libraries), len(strings))
    return head.ljust(48, b"\0") + entries + strings
