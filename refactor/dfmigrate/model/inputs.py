"""The context files that an install command reads, where its ecosystem's manifests tell."""

from __future__ import annotations

import posixpath

from dfmigrate.context import Context
from dfmigrate.context.composer import composer_project
from dfmigrate.context.dotnet import dotnet_project, dotnet_projects
from dfmigrate.context.go import go_project
from dfmigrate.context.node import node_project
from dfmigrate.context.python import python_project

from .actions import Action


def inputs(action: Action, context: Context | None) -> frozenset[str] | None:
    """Context paths (files or folders) that the command reads; None when it may read anything."""
    if context is None or not context.complete or None in action.argv:
        return None
    words = [word for word in action.argv if word is not None]
    if action.program == "npm" and len(words) > 1 and words[1] in ("ci", "install", "i"):
        return _npm(words, context)
    if action.program in ("pip", "pip3"):
        return _pip(words, context)
    if action.program == "go" and words[1:3] == ["mod", "download"]:
        return _go(context)
    if action.program == "composer" and words[1:2] == ["install"]:
        return _composer(words, context)
    if action.program == "dotnet" and words[1:2] == ["restore"]:
        return _dotnet(words, context)
    return (
        frozenset()
        if action.program in ("npm", "corepack") and words[1:2] in (["config"], ["enable"], ["cache"])
        else None
    )


def _npm(words: list[str], context: Context) -> frozenset[str] | None:
    """Only manifests, unless a script of the project or a dependency within it makes the install read more."""
    if "-g" in words or "--global" in words:
        return frozenset() if all(not word.startswith((".", "/")) for word in words[2:]) else None
    if any(not word.startswith("-") for word in words[2:]):
        return None
    node = node_project(context)
    if node is None or node.lifecycle or node.local_dependencies or node.is_workspace or node.compiles_itself:
        return None
    return frozenset(node.manifests)


_FILE_OPTIONS = ("-r", "--requirement", "-c", "--constraint")


def _is_local(word: str) -> bool:
    """A project or an archive of the context, rather than a name."""
    return word.startswith(("-e", "--editable", ".", "/")) or word.endswith((".whl", ".tar.gz"))


def _pip(words: list[str], context: Context) -> frozenset[str] | None:
    found: set[str] = set()
    rest = words[2:]
    for index, word in enumerate(rest):
        name = None
        if word in _FILE_OPTIONS and index + 1 < len(rest):
            name = rest[index + 1]
        elif word.startswith(("--requirement=", "--constraint=")):
            name = word.partition("=")[2]
        elif _is_local(word) and (index == 0 or rest[index - 1] not in _FILE_OPTIONS):
            return None
        if name is None:
            continue
        path = posixpath.normpath(name)
        python = python_project(context, posixpath.dirname(path))
        needed = python.needed_for(path) if python is not None else None
        if needed is None:
            return None
        found.update(needed)
    return frozenset(found)


def _composer(words: list[str], context: Context) -> frozenset[str] | None:
    """Only the manifests, unless the install runs scripts, links folders, or scans the sources for its autoloader."""
    composer = composer_project(context)
    if composer is None or composer.path_repositories or composer.plugins is None or composer.plugins:
        return None
    if composer.install_scripts and "--no-scripts" not in words:
        return None
    optimized = any(word in ("-o", "-a", "--optimize-autoloader", "--classmap-authoritative") for word in words)
    if (composer.autoload_scans_sources or optimized) and "--no-autoloader" not in words:
        return None
    return frozenset(composer.manifests)


def _dotnet(words: list[str], context: Context) -> frozenset[str] | None:
    named = [word for word in words[2:] if not word.startswith("-")]
    projects = dotnet_projects(context)
    path = named[0] if len(named) == 1 else projects[0] if not named and len(projects) == 1 else None
    project = dotnet_project(context, posixpath.normpath(path)) if path is not None else None
    manifests = project.manifests if project is not None else None
    return frozenset(manifests) if manifests is not None else None


def _go(context: Context) -> frozenset[str] | None:
    go = go_project(context)
    if go is None or go.replaced or go.workspace or go.vendored:
        return None
    return frozenset(path for path in ("go.mod", "go.sum") if context.exists(path))
