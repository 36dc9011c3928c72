"""A Zig project: ``build.zig``, read as text: the programs that it installs, and what they link."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source

_EXECUTABLE = re.compile(r"\baddExecutable\(\s*(?:\.\{)?")
_NAME = re.compile(r"\.name\s*=\s*(?:\"([^\"\n]*)\")?|\"([^\"\n]*)\"")


@dataclass(frozen=True, slots=True)
class ZigProject:
    """One build file."""

    path: str
    executables: tuple[str, ...] | None
    """Names; None when one of them is computed."""
    libraries: frozenset[str]
    """Libraries of the system that are linked by name."""
    libc: bool
    """Whether the C library is linked; without it a program is static."""
    dependencies: bool
    """Whether ``build.zig.zon`` names packages that a build fetches."""

    @staticmethod
    def output(name: str) -> str:
        """Where ``zig build`` installs a program when no prefix is given."""
        return posixpath.join("zig-out/bin", name)


@remembered
def zig_project(context: Context, folder: str = "") -> ZigProject | None:
    """Read a folder; None when there is no ``build.zig``."""
    path = posixpath.join(folder, "build.zig")
    text = context.read(path)
    if text is None:
        return None
    code = Source(path, "java", text).code
    names = [_name(code[found.end() : found.end() + 500]) for found in _EXECUTABLE.finditer(code)]
    packages = context.read(posixpath.join(folder, "build.zig.zon")) or ""
    return ZigProject(
        path=path,
        executables=None if None in names else tuple(dict.fromkeys(name for name in names if name is not None)),
        libraries=frozenset(re.findall(r"\blinkSystemLibrary2?\(\s*\"([^\"\n]*)\"", code)),
        libc=re.search(r"\blinkLibC\(|\blink_libc\s*=\s*true|\blinkSystemLibrary2?\(|\blinkLibCpp\(", code) is not None,
        dependencies=re.search(r"\.url\s*=", packages) is not None,
    )


def _name(arguments: str) -> str | None:
    found = _NAME.search(arguments)
    return None if found is None else found[1] or found[2]
