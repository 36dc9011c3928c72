"""What the loader reads of a program or library: the dynamic section, its interpreter and its symbol versions."""

from __future__ import annotations

import io
import posixpath
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elftools.elf.elffile import ELFFile

MISSING = "dfmigrate verify reads programs and libraries with pyelftools: pip install 'dfmigrate[verify]'"


class NoElfReader(RuntimeError):
    """``pyelftools`` is not installed."""

    def __init__(self) -> None:
        super().__init__(MISSING)


@dataclass(frozen=True, slots=True)
class Elf:
    """One program or shared library."""

    machine: str
    """``EM_X86_64``..."""
    bits: int
    shared: bool
    """A shared object, which a position-independent program is too."""
    interpreter: str | None = None
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    runpath: tuple[str, ...] = ()
    soname: str | None = None
    requires: tuple[tuple[str, str], ...] = ()
    """Library and version of its symbols, weak ones left out: ``("libc.so.6", "GLIBC_2.34")``."""
    provides: frozenset[str] = frozenset()
    """The versions that it defines."""
    dynamic: bool = True

    @property
    def c_library(self) -> str | None:
        """``glibc`` or ``musl`` where the file shows for which it was made."""
        name = posixpath.basename(self.interpreter or "")
        if name.startswith("ld-musl-") or any(each.startswith("libc.musl-") for each in self.needed):
            return "musl"
        if name.startswith(("ld-linux", "ld64.so")) or "libc.so.6" in self.needed:
            return "glibc"
        return "glibc" if any(version.startswith("GLIBC_") for _, version in self.requires) else None


def ensure_reader() -> None:
    """Raise NoElfReader where ``pyelftools`` is missing, ahead of a long build."""
    try:
        import elftools.elf.elffile  # noqa: F401
    except ImportError:
        raise NoElfReader from None


def read_elf(data: bytes) -> Elf | None:
    """The facts of a program or shared library; None for object files and for what cannot be read."""
    ensure_reader()
    from elftools.common.exceptions import ELFError, ELFParseError
    from elftools.construct.core import ConstructError
    from elftools.elf.elffile import ELFFile

    if len(data) < 20 or data[16:18] not in (b"\2\0", b"\3\0", b"\0\2", b"\0\3"):
        return None
    try:
        return _read(ELFFile(io.BytesIO(data)))
    except (ELFError, ELFParseError, ConstructError):
        return None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, OverflowError, RecursionError):
        # A damaged file takes the library to places that it does not expect.
        return None


_MOST_ENTRIES = 4_000
_MOST_SECTIONS = 100_000
"""Far beyond any real file; a header may say anything."""


def _read(file: ELFFile) -> Elf | None:
    from elftools.elf.dynamic import DynamicSegment
    from elftools.elf.segments import InterpSegment

    if file.num_sections() > _MOST_SECTIONS:
        return None
    interpreter, entries = None, []
    for segment in file.iter_segments():
        if isinstance(segment, InterpSegment):
            interpreter = segment.get_interp_name()
        elif isinstance(segment, DynamicSegment):
            entries = list(islice(segment.iter_tags(), _MOST_ENTRIES))
    tags: dict[str, list[Any]] = {}
    for entry in entries:
        tags.setdefault(entry.entry.d_tag, []).append(entry)
    return Elf(
        machine=str(file["e_machine"]),
        bits=file.elfclass,
        shared=file["e_type"] == "ET_DYN",
        interpreter=interpreter,
        needed=tuple(entry.needed for entry in tags.get("DT_NEEDED", ())),
        rpath=_folders(entry.rpath for entry in tags.get("DT_RPATH", ())),
        runpath=_folders(entry.runpath for entry in tags.get("DT_RUNPATH", ())),
        soname=next((entry.soname for entry in tags.get("DT_SONAME", ())), None),
        requires=_required(file),
        provides=_provided(file),
        dynamic=bool(entries),
    )


def _folders(values: Any) -> tuple[str, ...]:
    return tuple(folder for value in values for folder in value.split(":") if folder)


_WEAK = 0x2


def _required(file: ELFFile) -> tuple[tuple[str, str], ...]:
    from elftools.elf.gnuversions import GNUVerNeedSection

    found: list[tuple[str, str]] = []
    for section in file.iter_sections("SHT_GNU_verneed"):
        assert isinstance(section, GNUVerNeedSection)
        for need, versions in islice(section.iter_versions(), _MOST_ENTRIES):
            found.extend((str(need.name), each.name) for each in versions if not each["vna_flags"] & _WEAK)
            if len(found) > _MOST_ENTRIES:
                break
    return tuple(found)


def _provided(file: ELFFile) -> frozenset[str]:
    from elftools.elf.gnuversions import GNUVerDefSection

    names = []
    for section in file.iter_sections("SHT_GNU_verdef"):
        assert isinstance(section, GNUVerDefSection)
        for _, auxiliaries in islice(section.iter_versions(), _MOST_ENTRIES):
            # The first name of each is the version, those behind it are its parents.
            names.append(next((each.name for each in auxiliaries), ""))
    return frozenset(filter(None, names))
