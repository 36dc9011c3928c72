"""What the lock file of a Node project pins, for every package manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dfmigrate.context.bun_lock import bun_packages
from dfmigrate.context.node_lock import LockedPackages, npm_packages
from dfmigrate.context.pnpm_lock import pnpm_packages
from dfmigrate.context.yarn_lock import YarnLock, yarn_lock

if TYPE_CHECKING:
    from dfmigrate.context.node import NodeProject


@dataclass(frozen=True, slots=True)
class _Roots:
    """What the manifests of a workspace ask for, without development packages."""

    asked: Mapping[str, frozenset[str]]
    members: frozenset[str]
    """Names of the members, which are linked and not in the lock file of version 1."""


def locked_packages(project: NodeProject) -> LockedPackages | None:
    """Read the lock file in use; None without one, or when it is binary, malformed or of an unknown version."""
    lock = project.lock
    if lock is None:
        return None
    if lock.manager == "npm":
        return _in_step(project, npm_packages(project.context, lock.path))
    if lock.manager == "pnpm":
        return pnpm_packages(project.context, lock.path)
    if lock.manager == "bun":
        return bun_packages(project.context, lock.path)
    found = yarn_lock(project.context, lock.path)
    return None if found is None else _yarn(project, found)


def _in_step(project: NodeProject, locked: LockedPackages | None) -> LockedPackages | None:
    """Where the manifest asks for a package that the lock file has for development only, npm writes it anew."""
    if locked is None or locked.production is None or set(project.dependencies) <= locked.production:
        return locked
    return replace(locked, all=locked.all | set(project.dependencies), production=None)


def _yarn(project: NodeProject, lock: YarnLock) -> LockedPackages:
    roots = _roots(project)
    production = None if roots is None else lock.reached(roots.asked, roots.members)
    return LockedPackages(
        all=lock.names,
        production=production,
        install_scripts=None,
        binaries=None,
        from_git=lock.from_git,
    )


def _roots(project: NodeProject) -> _Roots | None:
    """Yarn's lock file does not tell development packages from others; the manifests do."""
    from dfmigrate.context.node import node_project

    if project.members is None:
        return None
    members = [node_project(project.context, folder) for folder in project.members]
    projects = [project, *(member for member in members if member is not None)]
    if len(projects) <= len(members):
        return None
    asked: dict[str, set[str]] = {}
    for each in projects:
        for name, wanted in _pairs((each.dependencies, each.optional_dependencies)):
            asked.setdefault(name, set()).add(wanted)
    names = frozenset(each.name for each in projects[1:] if each.name is not None)
    return _Roots({name: frozenset(wanted) for name, wanted in asked.items()}, names)


def _pairs(tables: Iterable[Mapping[str, str]]) -> Iterable[tuple[str, str]]:
    return (pair for table in tables for pair in table.items())
