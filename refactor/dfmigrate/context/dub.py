"""A D package: ``dub.json`` with its configurations, and ``dub.selections.json``, which pins what it depends on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import json_file
from dfmigrate.context.remembered import remembered

_TELLS = frozenset(
    {"$schema", "name", "description", "homepage", "authors", "copyright", "license", "version", "systemDependencies"}
    | {"dependencies", "configurations", "buildTypes", "subConfigurations", "toolchainRequirements"}
    | {"targetType", "targetName", "targetPath", "workingDirectory", "mainSourceFile", "sourcePaths", "importPaths"}
    | {"stringImportPaths", "sourceFiles", "excludedSourceFiles", "versions", "debugVersions", "buildOptions"}
    | {"buildRequirements", "libs", "lflags", "dflags", "ddoxFilterArgs", "-ddoxFilterArgs", "x:ddoxFilterArgs"}
)
"""Settings that run, copy and fetch nothing; what they link is looked at. Any other may do more."""
_COMPILES = re.compile(
    r"--?(?:(?:boundscheck|mcpu|mattr|flto|preview|revert|transition|version|debug|d-version|d-debug|check|checkaction)"
    r"(?:=[\w.=,+-]*)?|O\d?|O[sz]|release|inline|enable-inlining|g|gc|gs|w|wi|wo|d|de|dw|m64|fPIC|singleobj|dip\w+"
    r"|[JI]=?[\w./-]+)"
)
"""Flags of D's compilers that link nothing."""
_LINKS_NOTHING = frozenset({"notls"})
"""Configurations of dependencies that only leave a library out."""
_NAMES_NONE = re.compile(r"-L[^-]\S*|-O\d?|-s|-static|--gc-sections|--as-needed")
_MAINS = ("source/app.d", "src/app.d", "source/main.d", "src/main.d")


@dataclass(frozen=True, slots=True)
class DubPackage:
    """One manifest, seen through the configuration that a build asks for."""

    path: str
    program: str | None
    """What a build leaves, relative to the package's folder; None when it is no program, or is not known."""
    dependencies: frozenset[str]
    """Packages of the registry, without their parts: ``vibe-d`` for ``vibe-d:tls``."""
    selected: frozenset[str] | None
    """All packages that the lock file pins; None without one."""
    libraries: frozenset[str]
    """Libraries of the system that the manifest itself links."""
    does_more: bool
    """A build runs commands or copies files, or takes packages from elsewhere."""


@remembered
def dub_package(context: Context, folder: str = "", configuration: str | None = None) -> DubPackage | None:
    """Read a folder; None when there is no ``dub.json`` that can be read, or no such configuration in it."""
    path = posixpath.join(folder, "dub.json")
    document = json_file(context, path)
    if document is None or context.exists(posixpath.join(folder, "dub.sdl")):
        return None
    chosen = _chosen(document, configuration)
    if chosen is None:
        return None
    tables: tuple[Mapping[str, object], ...] = (document, chosen)
    built = (*tables, *(_table(one) for one in _table(document.get("buildTypes")).values()))
    wanted = [_table(table.get("dependencies")) for table in tables]
    elsewhere = any(
        isinstance(spec, dict) and {"path", "repository"} & spec.keys() for one in wanted for spec in one.values()
    )
    selected = _selected(context, posixpath.join(folder, "dub.selections.json"))
    return DubPackage(
        path=path,
        program=_program(tables, context, folder),
        dependencies=frozenset(name.partition(":")[0] for one in wanted for name in one),
        selected=selected,
        libraries=frozenset(_words(built, "libs")) | _flagged(_linker_flags(built)),
        does_more=elsewhere or _does_more(built),
    )


def _does_more(tables: Sequence[Mapping[str, object]]) -> bool:
    """Whether a setting is not known, hands the compiler more than sources, or chooses how a dependency is built."""
    odd = {key for table in tables for key in table if key not in _TELLS and key.partition("-")[0] not in _TELLS}
    objects = [word for word in _words(tables, "sourceFiles") if not word.endswith((".d", ".di"))]
    chosen = {str(value) for table in tables for value in _table(table.get("subConfigurations")).values()}
    return bool(odd or objects or chosen - _LINKS_NOTHING)


def _linker_flags(tables: Sequence[Mapping[str, object]]) -> list[str]:
    """Flags for the linker, also those that pass through the compiler, and what of its own flags is not known."""
    passed = [flag for flag in _words(tables, "dflags") if _COMPILES.fullmatch(flag) is None]
    return _words(tables, "lflags") + [flag[2:].removeprefix("=") if flag[:2] == "-L" else flag for flag in passed]


def _chosen(document: Mapping[str, object], name: str | None) -> Mapping[str, object] | None:
    """The configuration of a name; without one the first, or nothing more where there are none."""
    listed = document.get("configurations", [])
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if name is None:
        return found[0] if found else {}
    return next((one for one in found if one.get("name") == name), None)


def _program(tables: Sequence[Mapping[str, object]], context: Context, folder: str) -> str | None:
    kind, name, place = (_last(tables, key) for key in ("targetType", "targetName", "targetPath"))
    own = tables[0].get("name")
    if kind in (None, "autodetect"):
        is_program = any(context.exists(posixpath.join(folder, main)) for main in _MAINS)
    else:
        is_program = kind == "executable"
    name = name if name is not None else own
    if not is_program or not isinstance(name, str) or not name or "$" in f"{name}{place}":
        return None
    return posixpath.join(place, name) if isinstance(place, str) else name


def _last(tables: Sequence[Mapping[str, object]], key: str) -> object:
    return next((table[key] for table in reversed(tables) if key in table), None)


def _words(tables: Sequence[Mapping[str, object]], key: str) -> list[str]:
    """The words of a list and of its variants for Linux: ``libs``, ``libs-posix``, ``libs-linux-ldc``."""
    found: list[str] = []
    for table in tables:
        for name, words in table.items():
            suffixes = name.split("-")
            if suffixes[0] == key and not {"windows", "osx", "freebsd", "android"} & set(suffixes):
                found += [word for word in words if isinstance(word, str)] if isinstance(words, list) else ["?"]
    return found


def _flagged(flags: Sequence[str]) -> frozenset[str]:
    """What the linker's flags may name: a library or a file; a folder alone, or a flag of no library, is none."""
    named = (flag[2:] if flag.startswith("-l") else flag for flag in flags if _NAMES_NONE.fullmatch(flag) is None)
    return frozenset(named)


def _selected(context: Context, path: str) -> frozenset[str] | None:
    document = json_file(context, path)
    versions = document.get("versions") if document is not None else None
    if not isinstance(versions, dict) or not all(isinstance(version, str) for version in versions.values()):
        return None
    return frozenset(str(name) for name in versions)


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
