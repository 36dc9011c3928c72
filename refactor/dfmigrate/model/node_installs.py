"""The commands of a stage that install the packages of a Node project."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.node import NodeProject, node_project

from .actions import Action
from .artefacts import context_folder
from .interpret import Layer
from .node_scripts import installs_dependencies


@dataclass(frozen=True, slots=True)
class NodeInstall:
    """One install of a project's packages."""

    action: Action
    layer: Layer
    project: NodeProject | None
    """The project whose manifest lies where the command runs."""

    @property
    def manager(self) -> str:
        """``npm``, ``yarn``, ``pnpm`` or ``bun``: the program that is called, whatever lock files lie about."""
        return posixpath.basename(self.action.argv[0] or "")


def node_installs(layers: Sequence[Layer], context: Context | None) -> tuple[NodeInstall, ...]:
    """In the order of running."""
    return tuple(
        NodeInstall(action, layer, _project(action, layer, context))
        for layer in layers
        for action in layer.actions
        if installs_dependencies(action.argv)
    )


def _project(action: Action, layer: Layer, context: Context | None) -> NodeProject | None:
    if context is None or action.cwd is None:
        return None
    folder = context_folder(action.cwd, layer.files)
    return node_project(context, folder) if folder is not None else None
