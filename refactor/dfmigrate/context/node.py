"""A Node project: ``package.json``, its lock file, and what an install needs and brings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from dfmigrate.context.build_context import Context, parents
from dfmigrate.context.documents import json_file
from dfmigrate.context.evidence import Place
from dfmigrate.context.node_lock import LockedPackages, NodeLock, node_locks
from dfmigrate.context.node_workspace import workspace_members, workspace_patterns
from dfmigrate.context.parsing import line_of, mapping, strings, text_or_none, texts
from dfmigrate.context.remembered import remembered

if TYPE_CHECKING:
    from dfmigrate.context.node_build import Build
    from dfmigrate.context.node_imports import Imports
    from dfmigrate.context.node_start import Closure

_LIFECYCLE = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")

_BESIDE_THE_MANIFEST = (
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "bunfig.toml",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".yarn/releases",
    ".yarn/plugins",
    ".yarn/patches",
    ".yarn/sdks",
    ".yarn/cache",
    ".yarn/versions",
    ".pnp.cjs",
    ".pnp.loader.mjs",
    "pnpm-workspace.yaml",
    ".pnpmfile.cjs",
    "patches",
)

_LOCAL = ("file:", "link:", "portal:", "workspace:", "./", "../", "/", "~/")
_GIT = re.compile(r"git[+:@]|(?:github|gitlab|bitbucket|gist):|[\w.-]+/[\w.-]+(?:#|$)|https?://.*\.git(?:#|$)")


@dataclass(frozen=True)
class NodeProject:
    """What ``package.json`` and the files beside it say. Mappings keep the order of the file."""

    context: Context = field(repr=False)
    folder: str
    path: str
    name: str | None
    main: str | None
    module: bool
    """Whether ``.js`` files are ES modules (``"type": "module"``)."""
    scripts: Mapping[str, str]
    dependencies: Mapping[str, str]
    dev_dependencies: Mapping[str, str]
    optional_dependencies: Mapping[str, str]
    workspaces: tuple[str, ...]
    """Patterns of member folders; those of ``pnpm-workspace.yaml`` are not among them."""
    package_manager: str | None
    """As written: ``pnpm@8.15.0+sha256...``."""
    locks: tuple[NodeLock, ...]

    @cached_property
    def lock(self) -> NodeLock | None:
        """The lock file in use; None when there is none, or several and nothing says which."""
        if len({lock.manager for lock in self.locks}) == 1:
            return self.locks[0]
        wanted = (self.package_manager or "").partition("@")[0]
        chosen = [lock for lock in self.locks if wanted and lock.manager.partition("-")[0] == wanted]
        return chosen[0] if chosen else None

    @cached_property
    def manager(self) -> str | None:
        """``npm``, ``yarn``, ``yarn-berry``, ``pnpm`` or ``bun``, when lock file or manifest say so."""
        if self.lock is not None:
            return self.lock.manager
        name, _, version = (self.package_manager or "").partition("@")
        if name == "yarn" and version[:2] not in ("1.", "0."):
            return "yarn-berry"
        return name or None

    @cached_property
    def packages(self) -> LockedPackages | None:
        """The lock file's own account of what is installed; None without one that can be read."""
        from dfmigrate.context.node_packages import locked_packages

        return locked_packages(self)

    @property
    def install_scripts(self) -> frozenset[str] | None:
        """Packages that run a script when installed."""
        return None if self.packages is None else self.packages.install_scripts

    @property
    def production_packages(self) -> frozenset[str] | None:
        return None if self.packages is None else self.packages.production

    @property
    def all_packages(self) -> frozenset[str] | None:
        return None if self.packages is None else self.packages.all

    @property
    def lifecycle(self) -> tuple[str, ...]:
        """The project's own scripts that an install runs, in the order of running."""
        named = tuple(name for name in _LIFECYCLE if name in self.scripts)
        return named or (("install",) if self.compiles_itself else ())

    @property
    def compiles_itself(self) -> bool:
        """``binding.gyp`` without an install script: npm runs ``node-gyp rebuild``."""
        return posixpath.join(self.folder, "binding.gyp") in self.context.files

    @cached_property
    def local_dependencies(self) -> Mapping[str, str]:
        """Dependencies that are folders or archives of the project, with what is written for them."""
        return {name: spec for name, spec in self._all_dependencies() if spec.startswith(_LOCAL)}

    @cached_property
    def git_dependencies(self) -> Mapping[str, str]:
        """Dependencies that an install fetches with git."""
        return {
            name: spec for name, spec in self._all_dependencies() if not spec.startswith(_LOCAL) and _GIT.match(spec)
        }

    @property
    def is_workspace(self) -> bool:
        """Whether an install also installs other folders' dependencies."""
        return workspace_patterns(self) != ()

    @cached_property
    def workspace_root(self) -> NodeProject | None:
        """The project above that has this one as a member, and so the lock file and the settings."""
        for above in (*parents(self.folder), "") if self.folder else ():
            root = node_project(self.context, above)
            if root is not None and root.is_workspace:
                return root if self.folder in (root.members or ()) else None
        return None

    @cached_property
    def members(self) -> tuple[str, ...] | None:
        """Folders of the workspace, without its root; None when they cannot be known."""
        patterns = workspace_patterns(self)
        return None if patterns is None else workspace_members(self.context, self.folder, patterns)

    @cached_property
    def manifests(self) -> tuple[str, ...]:
        """The files and folders to copy ahead of an install, those that exist; all of a workspace's manifests."""
        found = [self.path]
        found += [
            path for path in (posixpath.join(self.folder, name) for name in _BESIDE_THE_MANIFEST) if self._has(path)
        ]
        for member in self.members or ():
            found.append(posixpath.join(member, "package.json"))
        schema = posixpath.join(self.folder, "prisma")
        if self.declares("@prisma/client") and self._has(schema):
            found.append(schema)
        return tuple(dict.fromkeys(found))

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """What is asked of each direct dependency, development ones included."""
        return dict(self._all_dependencies())

    def declares(self, package: str) -> bool:
        """Whether the manifest names the package in any table but peers."""
        return any(package in table for table in (self.dependencies, self.dev_dependencies, self.optional_dependencies))

    def place(self, script: str) -> Place:
        """Where a script stands in the manifest."""
        text = self.context.read(self.path) or ""
        return Place(self.path, line_of(text, rf'"{re.escape(script)}"\s*:'))

    def start(self, script: str) -> Closure:
        """What a script finally runs, and whether production dependencies bring all of it."""
        from dfmigrate.context.node_start import start

        return start(self, script)

    def build(self, script: str) -> Build:
        """What a script that builds the project leaves behind."""
        from dfmigrate.context.node_build import build

        return build(self, script)

    def imports(self, files: Iterable[str], mode: str | None = None) -> Imports:
        """The packages that these files load, directly or through other files of the project.

        ``mode`` is the value of ``NODE_ENV`` that is sure when they run.
        """
        from dfmigrate.context.node_imports import node_imports

        return node_imports(self, files, mode)

    def _all_dependencies(self) -> Iterator[tuple[str, str]]:
        for table in (self.dependencies, self.dev_dependencies, self.optional_dependencies):
            yield from table.items()

    def _has(self, path: str) -> bool:
        return self.context.exists(path)


@remembered
def node_project(context: Context, folder: str = "") -> NodeProject | None:
    """Read the manifest in a folder; None when there is none or it cannot be read."""
    path = posixpath.join(folder, "package.json")
    manifest = json_file(context, path)
    if manifest is None:
        return None
    return NodeProject(
        context=context,
        folder=folder,
        path=path,
        name=text_or_none(manifest.get("name")),
        main=text_or_none(manifest.get("main")),
        module=manifest.get("type") == "module",
        scripts=texts(manifest.get("scripts")),
        dependencies=texts(manifest.get("dependencies")),
        dev_dependencies=texts(manifest.get("devDependencies")),
        optional_dependencies=texts(manifest.get("optionalDependencies")),
        workspaces=_workspaces(manifest.get("workspaces")),
        package_manager=text_or_none(manifest.get("packageManager")),
        locks=node_locks(context, folder),
    )


def _workspaces(value: object) -> tuple[str, ...]:
    return strings(value) or strings(mapping(value).get("packages"))
