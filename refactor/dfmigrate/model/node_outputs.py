"""What the package managers and build tools of Node leave in a project's folder."""

from __future__ import annotations

import posixpath

from dfmigrate.context.node import NodeProject
from dfmigrate.context.node_build import build, tool_outputs
from dfmigrate.context.node_tools import node_tools

from .node_scripts import Argv, installs_dependencies, leaves_development_out, node_script, written_lock

_NOTHING = frozenset({"prune", "cache", "config", "audit"})


def node_outputs(argv: Argv, node: NodeProject) -> tuple[tuple[str, bool], ...] | None:
    """The paths, relative to the project's folder, each with whether only a build reads it; None when unknown."""
    if None in argv or not argv:
        return None
    if installs_dependencies(argv):
        return _installed(argv, node)
    program = posixpath.basename(argv[0] or "")
    if program in ("npm", "yarn", "pnpm") and argv[1:2] and argv[1] in _NOTHING:
        return ()
    script = node_script(argv)
    if script is not None:
        found = build(node, script).outputs
    elif program in node_tools() or program == "bun":
        found = tool_outputs(node, (program, *(word for word in argv[1:] if word is not None)))
    else:
        return None
    return _relative(found, node)


def _installed(argv: Argv, node: NodeProject) -> tuple[tuple[str, bool], ...] | None:
    """``node_modules``, the lock file, and what the project's own install scripts make."""
    program = posixpath.basename(argv[0] or "")
    if node.is_workspace or (program == "yarn" and node.manager == "yarn-berry") or node.compiles_itself:
        return None
    leaves_out = leaves_development_out(argv)
    if not node.dependencies and (leaves_out or not node.dev_dependencies):
        # Where nothing is installed, npm makes no folder to install it in.
        return None
    found = [("node_modules", False), (written_lock(program, node), True)]
    for name in node.lifecycle:
        made = _relative(build(node, name).outputs, node)
        if made is None:
            return None
        found += [one for one in made if not posixpath.normpath(one[0]).startswith("node_modules/")]
    return tuple(found)


def _relative(paths: tuple[str, ...] | None, node: NodeProject) -> tuple[tuple[str, bool], ...] | None:
    if paths is None:
        return None
    return tuple((posixpath.relpath(path, node.folder or "."), False) for path in paths)
