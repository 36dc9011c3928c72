"""Lock files of Node package managers: which one there is, and what npm's own says of the packages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dfmigrate.context.build_context import MAX_LOCK, Context
from dfmigrate.context.documents import json_file
from dfmigrate.context.parsing import mapping, text_or_none

_LOCKS = (
    # npm prefers the shrinkwrap when both are there.
    ("npm", "npm-shrinkwrap.json"),
    ("npm", "package-lock.json"),
    ("yarn", "yarn.lock"),
    ("pnpm", "pnpm-lock.yaml"),
    ("bun", "bun.lock"),
    ("bun", "bun.lockb"),
)

_ALWAYS_BUILT = frozenset({"fsevents", "esbuild", "core-js", "bcrypt"})
"""Packages that always have an install script: a lock file that does not say so was converted from version 1."""


@dataclass(frozen=True, slots=True)
class NodeLock:
    """One lock file. ``manager`` is ``npm``, ``yarn`` (version 1), ``yarn-berry``, ``pnpm`` or ``bun``."""

    manager: str
    path: str


@dataclass(frozen=True, slots=True)
class LockedPackages:
    """What a lock file says of what it installs; None where the format, or this version of it, does not say."""

    all: frozenset[str]
    production: frozenset[str] | None
    """Those that stay without development packages, of every member of a workspace."""
    install_scripts: frozenset[str] | None
    binaries: Mapping[str, tuple[str, bool]] | None
    """Command in ``node_modules/.bin`` -> package, and whether that is a development dependency only."""
    from_git: frozenset[str]
    """Packages fetched with git, which may run ``prepare``."""


def node_locks(context: Context, folder: str) -> tuple[NodeLock, ...]:
    """The lock files in a folder, npm's shrinkwrap before its lock."""
    found: list[NodeLock] = []
    for manager, name in _LOCKS:
        path = posixpath.join(folder, name)
        if path in context.files:
            found.append(NodeLock(_yarn_kind(context, path) if manager == "yarn" else manager, path))
    return tuple(found)


def npm_packages(context: Context, path: str) -> LockedPackages | None:
    """Read ``package-lock.json`` or a shrinkwrap; None when it is unreadable or of an unknown version."""
    lock = json_file(context, path)
    if lock is None:
        return None
    version = lock.get("lockfileVersion")
    if version in (2, 3) and isinstance(lock.get("packages"), dict):
        return _from_packages(mapping(lock["packages"]))
    if version == 1 and isinstance(lock.get("dependencies"), dict):
        return _from_dependencies(mapping(lock["dependencies"]))
    return None


def _yarn_kind(context: Context, path: str) -> str:
    text = context.read(path, MAX_LOCK) or ""
    return "yarn-berry" if "\n__metadata:" in f"\n{text}" else "yarn"


def _from_packages(packages: Mapping[str, object]) -> LockedPackages:
    installed = [(key, mapping(value)) for key, value in packages.items() if "node_modules/" in key]
    names = {key: key.rpartition("node_modules/")[2] for key, _ in installed}
    built = {names[key] for key, package in installed if package.get("hasInstallScript") is True}
    converted = any(names[key] in _ALWAYS_BUILT - built for key, _ in installed)
    return LockedPackages(
        all=frozenset(names.values()),
        production=frozenset(names[key] for key, package in installed if _is_production(package)),
        install_scripts=None if converted else frozenset(built),
        binaries=_binaries(installed, packages),
        from_git=frozenset(names[key] for key, package in installed if is_git(package.get("resolved"))),
    )


def _from_dependencies(dependencies: Mapping[str, object]) -> LockedPackages:
    packages = list(_nested(dependencies))
    return LockedPackages(
        all=frozenset(name for name, _ in packages),
        production=frozenset(name for name, package in packages if _is_production(package)),
        install_scripts=None,
        binaries=None,
        from_git=frozenset(name for name, package in packages if is_git(package.get("version"))),
    )


def _nested(dependencies: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    pending = [dependencies]
    while pending:
        for name, value in pending.pop().items():
            package = mapping(value)
            yield name, package
            pending.append(mapping(package.get("dependencies")))


def _is_production(package: Mapping[str, object]) -> bool:
    return package.get("dev") is not True and package.get("extraneous") is not True


def is_git(source: object) -> bool:
    return isinstance(source, str) and source.startswith(("git+", "git:", "git@", "github:"))


def _binaries(
    installed: list[tuple[str, Mapping[str, object]]], packages: Mapping[str, object]
) -> Mapping[str, tuple[str, bool]]:
    """Only packages at the top have their commands in the root's ``node_modules/.bin``."""
    found: dict[str, tuple[str, bool]] = {}
    for key, entry in installed:
        name = key.removeprefix("node_modules/")
        if "node_modules/" in name or key == name:
            continue
        target = text_or_none(entry.get("resolved")) if entry.get("link") is True else None
        package = mapping(packages.get(target)) if target is not None else entry
        dev = not _is_production(entry)
        for command in _commands(name, package.get("bin")):
            # Two packages may fight for a command; then it is there for certain only if both are installed.
            found[command] = (name, dev or found.get(command, ("", False))[1])
    return MappingProxyType(found)


def _commands(name: str, binaries: object) -> tuple[str, ...]:
    if isinstance(binaries, str):
        return (name.rpartition("/")[2],)
    return tuple(mapping(binaries))
