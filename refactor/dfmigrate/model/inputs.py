"""The context files that an install command reads, where its ecosystem's manifests tell."""

from __future__ import annotations

import posixpath

from dfmigrate.context import Context
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


def _pip(words: list[str], context: Context) -> frozenset[str] | None:
    found: set[str] = set()
    rest = words[2:]
    for index, word in enumerate(rest):
        name = None
        if word in ("-r", "--requirement", "-c", "--constraint") and index + 1 < len(rest):
            name = rest[index + 1]
        elif word.startswith(("--requirement=", "--constraint=")):
            name = word.partition("=")[2]
        elif word.startswith(("-e", "--editable", ".", "/")) or word.endswith((".whl", ".tar.gz")):
            if index == 0 or rest[index - 1] not in ("-r", "--requirement", "-c", "--constraint"):
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


def _go(context: Context) -> frozenset[str] | None:
    go = go_project(context)
    if go is None or go.replaced or go.workspace or go.vendored:
        return None
    return frozenset(path for path in ("go.mod", "go.sum") if context.exists(path))
