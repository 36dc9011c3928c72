"""The libraries that an application installs, read from the manifests that its install commands name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.composer import composer_project
from dfmigrate.context.elixir import mix_project
from dfmigrate.context.go import go_project
from dfmigrate.context.node import node_project
from dfmigrate.context.python import python_project
from dfmigrate.context.remembered import remembered
from dfmigrate.context.requirement_file import requirement_files
from dfmigrate.knowledge.installers import is_python_installer

from .actions import Action
from .artefacts import context_folder
from .files import FileSystem
from .gems import bundled_gems, named_gems
from .global_tools import is_global_install
from .go_outputs import fetches_programs
from .interpret import Build
from .node_scripts import installs_dependencies
from .pip import is_pip_install, pip_arguments
from .static_site import static_site

_GEMS = frozenset({"gem", "bundle", "bundler"})


@dataclass(frozen=True, slots=True)
class Dependency:
    ecosystem: str
    """In the names of ``knowledge.dependencies``."""
    name: str
    path: str
    """The manifest that asks for it."""
    pure: bool = False
    """The lock file names a build of it without native code; False says nothing."""


@remembered
def dependencies(build: Build) -> tuple[Dependency, ...] | None:
    """The libraries that the application installs, by ecosystem; None when they cannot be listed."""
    found: list[Dependency] = []
    earlier: list[Action] = []
    site = static_site(build)
    for layer in build.stages[0].layers:
        for action in layer.actions:
            if site is not None and not site.needs_packages and installs_dependencies(action.argv):
                # They made the site; what serves it is none of them.
                continue
            if action.program in _GEMS and action.role == "dependency-install":
                variables = {**layer.before.environment, **layer.arguments}
                listed = _gems(action, tuple(earlier), variables, layer.files, build.context)
            elif action.program in ("composer", "composer.phar") and action.role == "dependency-install":
                listed = _composer(action, layer.files, build.context)
            elif action.program == "mix":
                listed = _mix(action, layer.files, build.context)
            else:
                listed = _of_action(action, layer.files, build.context)
            if listed is None:
                return None
            found.extend(listed)
            earlier.append(action)
    return tuple(dict.fromkeys(found))


def _gems(
    action: Action,
    earlier: tuple[Action, ...],
    variables: dict[str, str | None],
    files: FileSystem,
    context: Context | None,
) -> tuple[Dependency, ...] | None:
    if context is None or action.cwd is None or None in action.argv:
        return None
    if action.program == "gem":
        names = named_gems(action)
        return tuple(Dependency("rubygems", name, "Dockerfile") for name in names) if names is not None else None
    bundled = bundled_gems(action, earlier, variables, files, context)
    if bundled is None:
        return None
    return tuple(Dependency("rubygems", name, bundled[1]) for name in bundled[0])


def _of_action(action: Action, files: FileSystem, context: Context | None) -> tuple[Dependency, ...] | None:
    is_install = action.role == "dependency-install"
    builds_go = action.program == "go" and action.role == "build"
    is_python = action.role == "dependency-install" and is_python_installer(action.program)
    known = is_pip_install(action) or is_python or action.program in ("npm", "yarn", "pnpm", "bun", "go")
    if not (is_install or builds_go) or not known or fetches_programs(action.argv):
        return ()
    if context is None or action.cwd is None or None in action.argv:
        return None
    if is_global_install(action) or "-g" in action.argv or "--global" in action.argv:
        return _for_all(action)
    by_pip = action.program == "uv" and action.argv[1:2] == ("pip",)
    by_pip = by_pip or (action.program == "poetry" and action.argv[1:2] == ("run",))
    if is_pip_install(action) or by_pip:
        return _pip(action, files, context)
    folder = context_folder(action.cwd, files)
    if folder is None:
        return None
    if is_python:
        return _locked(action, context, folder)
    return _go(context, folder) if action.program == "go" else _node(context, folder)


def _for_all(action: Action) -> tuple[Dependency, ...]:
    """Those that a global install names; whether they install in a runtime is ``proof.global_packages``'s question."""
    words = [word for word in action.argv[1:] if word is not None and not word.startswith("-")]
    names = (word[:1] + word[1:].partition("@")[0] for word in words)
    return tuple(Dependency("npm", name, "Dockerfile", pure=True) for name in names)


def _composer(action: Action, files: FileSystem, context: Context | None) -> tuple[Dependency, ...] | None:
    folder = context_folder(action.cwd, files) if action.cwd is not None else None
    project = composer_project(context, folder) if context is not None and folder is not None else None
    if project is None:
        return None
    names = project.packages if project.packages is not None else frozenset(project.require)
    return tuple(Dependency("composer", name, project.path) for name in sorted(names))


def _mix(action: Action, files: FileSystem, context: Context | None) -> tuple[Dependency, ...] | None:
    """What needs examining; of the rest the lock file shows that Mix alone builds it."""
    if {"local.hex", "local.rebar", "archive.install"} & set(action.argv[1:2]):
        return ()
    folder = context_folder(action.cwd, files) if action.cwd is not None else None
    project = mix_project(context, folder) if context is not None and folder is not None else None
    if project is None or (project.locked is None and project.dependencies) or project.path_dependencies:
        return None
    names = (project.locked or frozenset()) - project.plain | project.native_tools
    return tuple(Dependency("hex", name, project.path) for name in sorted(names))


def _locked(action: Action, context: Context, folder: str) -> tuple[Dependency, ...] | None:
    """What a lock file pins, development packages included; without one, what the manifest asks for directly."""
    project = python_project(context, folder)
    if project is None or None in action.argv or set(action.argv) & _NAMING:
        return None
    if project.lock is not None:
        own = {package.name for package in project.lock.local}
        return tuple(
            Dependency("pypi", package.name, project.lock.path, package.is_pure)
            for package in project.lock.packages
            if package.name not in own and not package.is_foreign
        )
    names = {name for group in (project.pyproject.groups.values() if project.pyproject else ()) for name in group}
    return tuple(
        Dependency("pypi", name, posixpath.join(folder, "pyproject.toml")) for name in sorted(names | project.names)
    )


_NAMING = frozenset({"add", "--extra", "--extras", "-E", "--all-extras"})
"""Words with which more may be installed than the manifest asks for."""


def _node(context: Context, folder: str) -> tuple[Dependency, ...] | None:
    node = node_project(context, folder)
    if node is None:
        return None
    names = node.production_packages
    if names is None and node.manager == "npm":
        # Of a lock file that is behind the manifest
        names = node.all_packages
    listed = names if names is not None else {*node.dependencies, *node.optional_dependencies}
    return tuple(Dependency("npm", name, node.path) for name in sorted(listed))


def _go(context: Context, folder: str) -> tuple[Dependency, ...] | None:
    go = go_project(context, folder)
    if go is None:
        # Without go.mod a build takes the standard library and the files that it names, or fails.
        return (
            () if not any(context.exists(posixpath.join(folder, name)) for name in ("go.mod", "Gopkg.toml")) else None
        )
    return tuple(Dependency("go", name, posixpath.join(go.folder, "go.mod")) for name in go.requires)


def _pip(action: Action, files: FileSystem, context: Context) -> tuple[Dependency, ...] | None:
    asked = pip_arguments(tuple(word for word in action.argv if word is not None))
    found = [Dependency("pypi", name, "Dockerfile") for name in asked.names]
    for file in asked.requirements:
        detail = _context_path(file, action, files)
        listed = requirement_files(context, detail) if detail is not None else None
        if detail is None or listed is None:
            return None
        found.extend(Dependency("pypi", n, detail) for each in listed for n in _names(each.requirements))
        if any(requirement.name is None for each in listed for requirement in each.requirements):
            return None
    for local in asked.local:
        detail = _context_path(local, action, files)
        project = python_project(context, detail or "") if detail is not None else None
        if project is None or project.pyproject is None or "dependencies" in project.pyproject.dynamic:
            return None
        found.extend(
            Dependency("pypi", name, project.pyproject.path) for name in sorted(project.pyproject.dependencies)
        )
    return tuple(found)


def _names(requirements: object) -> Iterator[str]:
    assert isinstance(requirements, tuple)
    for requirement in requirements:
        if requirement.name is not None:
            yield re.sub(r"[-_.]+", "-", requirement.name).lower()


def _context_path(path: str, action: Action, files: FileSystem) -> str | None:
    """The context path that lies at a path of the image, seen from the command's directory."""
    absolute = posixpath.normpath(posixpath.join(action.cwd or "/", path))
    for write in reversed(files.writes):
        if write.path == absolute and write.origin.source == "context":
            return write.origin.detail
    return context_folder(absolute, files)
