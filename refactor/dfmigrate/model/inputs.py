"""The context files that an install command reads, where its ecosystem's manifests tell."""

from __future__ import annotations

import posixpath

from dfmigrate.context import Context
from dfmigrate.context.composer import composer_project
from dfmigrate.context.dotnet import dotnet_project, dotnet_projects
from dfmigrate.context.go import go_project
from dfmigrate.context.node import node_project
from dfmigrate.context.python import python_project
from dfmigrate.knowledge.installers import may_name_files, reads_the_project

from .actions import Action
from .artefacts import context_folder
from .files import FileSystem
from .interpret import Layer
from .pip import pip_arguments

Inputs = frozenset[str] | None
"""Context paths (files or folders); None when a command may read anything."""


def _variables(layer: Layer) -> frozenset[str]:
    """Names that the Dockerfile sets where the layer stands."""
    return frozenset(layer.own_variables)


def inputs(action: Action, context: Context | None, layer: Layer) -> Inputs:
    """What the command reads of the context, given the files and variables of its layer."""
    files = layer.files
    if any(may_name_files(name) for name in _variables(layer)):
        return None
    if context is None or not context.complete or None in action.argv or action.cwd is None or "<" in action.text:
        return None
    words = [word for word in action.argv if word is not None]
    if action.program in ("pip", "pip3") and action.role == "dependency-install":
        return _pip(words, action.cwd, context, files)
    folder = context_folder(action.cwd, files)
    if folder is None:
        return None
    if action.program == "npm" and words[1:2] in (["ci"], ["install"], ["i"]):
        return _npm(words, context, folder)
    if words[:3] == ["yarn", "global", "add"]:
        return _yarn_global(words, context, folder)
    if words[:3] == ["go", "mod", "download"]:
        return _go(context, folder)
    if action.program == "composer" and words[1:2] == ["install"]:
        return _composer(words, context, folder)
    if action.program == "dotnet" and words[1:2] == ["restore"]:
        return _dotnet(words, context, folder)
    settings = (["config"], ["enable"], ["cache"])
    return frozenset() if action.program in ("npm", "corepack") and words[1:2] in settings else None


def _npm(words: list[str], context: Context, folder: str) -> Inputs:
    """Only manifests, unless a script of the project or a dependency within it makes the install read more."""
    if "-g" in words or "--global" in words:
        return frozenset() if all(not word.startswith((".", "/")) for word in words[2:]) else None
    if any(not word.startswith("-") for word in words[2:]):
        return None
    node = node_project(context, folder)
    if node is None or node.lifecycle or node.local_dependencies or node.is_workspace or node.compiles_itself:
        return None
    asked = {**node.dependencies, **node.dev_dependencies, **node.optional_dependencies}
    local = any(
        version.startswith((".", "/", "~/")) or version.endswith((".tgz", ".tar.gz")) for version in asked.values()
    )
    return None if local or reads_the_project() & set(asked) else frozenset(node.manifests)


_YARN_SETTINGS = (".npmrc", ".yarnrc", ".yarnrc.yml", "package.json")


def _yarn_global(words: list[str], context: Context, folder: str) -> Inputs:
    """Only the settings beside it, such as the registry; of the manifest, which version of Yarn it wants."""
    if any(word.startswith((".", "/", "-", "file:", "link:")) for word in words[3:]):
        return None
    node = node_project(context, folder)
    plain = node is not None and node.package_manager is None
    paths = (posixpath.join(folder, name) for name in _YARN_SETTINGS[: 3 if plain else 4])
    return frozenset(path for path in paths if path in context.files)


def _pip(words: list[str], cwd: str, context: Context, files: FileSystem) -> Inputs:
    asked = pip_arguments(tuple(words))
    if asked.local or any(word.startswith(("-f", "--find-links")) for word in words):
        return None
    found: set[str] = set()
    for name in (*asked.requirements, *asked.constraints):
        absolute = posixpath.normpath(posixpath.join(cwd, name))
        write = next((w for w in reversed(files.writes) if w.path == absolute and w.origin.source == "context"), None)
        if write is None:
            return None
        path = write.origin.detail
        python = python_project(context, posixpath.dirname(path))
        needed = python.needed_for(path) if python is not None else None
        if needed is None:
            return None
        found.update(needed)
    return frozenset(found)


def _composer(words: list[str], context: Context, folder: str) -> Inputs:
    """Only the manifests, unless the install runs scripts, links folders, or scans the sources for its autoloader."""
    composer = composer_project(context, folder)
    if composer is None or composer.path_repositories or composer.plugins is None or composer.plugins:
        return None
    if composer.install_scripts and "--no-scripts" not in words:
        return None
    optimized = any(word in ("-o", "-a", "--optimize-autoloader", "--classmap-authoritative") for word in words)
    if (composer.autoload_scans_sources or optimized) and "--no-autoloader" not in words:
        return None
    return frozenset(composer.manifests)


def _dotnet(words: list[str], context: Context, folder: str) -> Inputs:
    named = [word for word in words[2:] if not word.startswith("-")]
    here = [path for path in dotnet_projects(context) if posixpath.dirname(path) == folder]
    path = posixpath.join(folder, named[0]) if len(named) == 1 else here[0] if not named and len(here) == 1 else None
    project = dotnet_project(context, posixpath.normpath(path)) if path is not None else None
    manifests = project.manifests if project is not None else None
    return frozenset(manifests) if manifests is not None else None


def _go(context: Context, folder: str) -> Inputs:
    go = go_project(context, folder)
    if go is None or go.replaced or go.workspace or go.vendored:
        return None
    return frozenset(go.manifests)
