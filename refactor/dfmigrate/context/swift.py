"""A Swift package: ``Package.swift``, read as text: its programs, and where a build puts them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source


@dataclass(frozen=True, slots=True)
class SwiftPackage:
    """One manifest."""

    path: str
    name: str | None
    tools_version: str | None
    executables: tuple[str, ...]
    """Products that are programs, and executable targets, which are programs by themselves."""
    resources: bool
    """Whether a target has resources: they lie in ``.resources`` folders beside the program, which reads them."""
    local_packages: tuple[str, ...]
    """Folders of packages that it depends on, as written."""
    resolved: str | None
    """``Package.resolved``, where it exists."""

    @staticmethod
    def output(name: str, configuration: str = "release") -> str:
        """Where ``swift build -c release`` puts a program; the folder is a link to one named after the platform."""
        return posixpath.join(".build", configuration, name)


@remembered
def swift_package(context: Context, folder: str = "") -> SwiftPackage | None:
    """Read a folder; None when there is no ``Package.swift``."""
    path = posixpath.join(folder, "Package.swift")
    text = context.read(path)
    if text is None:
        return None
    code = Source(path, "java", text).code
    version = re.match(r"//\s*swift-tools-version:\s*([\d.]+)", text)
    name = re.search(r"\bPackage\(\s*name:\s*\"([^\"\n]*)\"", code)
    programs = re.findall(r"\.(?:executable|executableTarget)\(\s*name:\s*\"([^\"\n]*)\"", code)
    resolved = posixpath.join(folder, "Package.resolved")
    return SwiftPackage(
        path=path,
        name=None if name is None else name[1],
        tools_version=None if version is None else version[1],
        executables=tuple(dict.fromkeys(programs)),
        resources=re.search(r"\bresources:\s*\[\s*\.", code) is not None,
        local_packages=tuple(re.findall(r"\.package\([^()\n]*\bpath:\s*\"([^\"\n]*)\"", code)),
        resolved=resolved if resolved in context.files else None,
    )
