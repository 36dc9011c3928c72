"""Around the projects of a .NET repository: solutions, the SDK's version, NuGet's sources, shared settings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import jsonc_file
from dfmigrate.context.parsing import ManifestError, mapping, parse_xml, strings, text_or_none
from dfmigrate.context.remembered import remembered

_PROJECTS = (".csproj", ".fsproj", ".vbproj")
_CONFIGS = ("nuget.config", "NuGet.config", "NuGet.Config")


@dataclass(frozen=True, slots=True)
class NugetSources:
    """One ``nuget.config``."""

    path: str
    local: tuple[str, ...]
    """Folders that packages are taken from, as context paths or as written when they lie elsewhere."""
    remote: tuple[str, ...]
    credentials: bool
    """Whether it holds, or asks for, passwords."""
    variables: frozenset[str]
    """Environment variables that it asks for: ``%TOKEN%``."""


@dataclass(frozen=True, slots=True)
class DotnetWorkspace:
    """What several projects share."""

    solutions: Mapping[str, tuple[str, ...] | None]
    """Solution -> its projects, as context paths; None when it cannot be read."""
    sdk: str | None
    """The SDK's version that ``global.json`` at the root asks for."""
    roll_forward: str | None
    nuget: tuple[NugetSources, ...]
    central_packages: tuple[str, ...]
    """``Directory.Packages.props``: versions stand here and not in the projects."""
    shared: tuple[str, ...]
    """``Directory.Build.props`` and ``.targets``."""
    locked: tuple[str, ...]
    """``packages.lock.json`` files."""


@remembered
def dotnet_workspace(context: Context) -> DotnetWorkspace:
    """Read what is there; a repository without .NET has nothing of it."""
    names = {path: posixpath.basename(path) for path in context.files}
    sdk = mapping(mapping(jsonc_file(context, "global.json")).get("sdk"))
    return DotnetWorkspace(
        solutions={
            path: solution_projects(context, path)
            for path, name in names.items()
            if name.endswith((".sln", ".slnx", ".slnf"))
        },
        sdk=text_or_none(sdk.get("version")),
        roll_forward=text_or_none(sdk.get("rollForward")),
        nuget=tuple(
            found for path, name in names.items() if name in _CONFIGS and (found := _nuget(context, path)) is not None
        ),
        central_packages=tuple(path for path, name in names.items() if name == "Directory.Packages.props"),
        shared=tuple(
            path for path, name in names.items() if name in ("Directory.Build.props", "Directory.Build.targets")
        ),
        locked=tuple(path for path, name in names.items() if name == "packages.lock.json"),
    )


def solution_projects(context: Context, path: str) -> tuple[str, ...] | None:
    """The projects that a solution or a filter of one names, as context paths; None when it cannot be read."""
    if path.endswith(".slnf"):
        return _filtered(context, path)
    text = context.read(path)
    if text is None:
        return None
    if path.endswith(".slnx"):
        try:
            written = [node.get("Path", "") for node in parse_xml(text).iter("Project")]
        except ManifestError:
            return None
    else:
        written = re.findall(r'^Project\("[^"\n]*"\)\s*=\s*"[^"\n]*",\s*"([^"\n]+)"', text, re.MULTILINE)
    return tuple(_beside(path, written))


def _filtered(context: Context, path: str) -> tuple[str, ...] | None:
    solution = mapping(mapping(jsonc_file(context, path)).get("solution"))
    named = text_or_none(solution.get("path"))
    if named is None:
        return None
    # The projects are written as seen from the solution, not from the filter.
    return tuple(_beside(next(_joined(path, named), path), strings(solution.get("projects"))))


def _beside(path: str, written: list[str] | tuple[str, ...]) -> Iterator[str]:
    for name in dict.fromkeys(written):
        if name.endswith(_PROJECTS):
            yield from _joined(path, name)


def _joined(path: str, name: str) -> Iterator[str]:
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), name.replace("\\", "/")))
    if not joined.startswith((".", "/")):
        yield joined


def _nuget(context: Context, path: str) -> NugetSources | None:
    text = context.read(path)
    try:
        root = None if text is None else parse_xml(text)
    except ManifestError:
        return None
    if text is None or root is None:
        return None
    sources = root.find("./packageSources")
    values = [node.get("value", "") for node in sources.iter("add")] if sources is not None else []
    local = [value for value in values if "://" not in value and value]
    return NugetSources(
        path=path,
        local=tuple(next(_joined(path, value), value) for value in local),
        remote=tuple(value for value in values if "://" in value),
        credentials=root.find("./packageSourceCredentials") is not None or root.find("./apikeys") is not None,
        variables=frozenset(re.findall(r"%(\w+)%", text)),
    )
