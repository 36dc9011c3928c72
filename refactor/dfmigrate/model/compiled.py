"""Whether the build compiles TypeScript, after which its sources are no longer read."""

from __future__ import annotations

from dfmigrate.context.node import node_project
from dfmigrate.context.node_build import build as build_of

from .interpret import Build
from .node_scripts import node_script


def compiles_typescript(build: Build) -> bool:
    """True when a RUN calls ``tsc``, directly or through a script of ``package.json``."""
    node = node_project(build.context) if build.context is not None else None
    for layer in build.stages[0].layers:
        for action in layer.actions:
            script = node_script(action.argv)
            made = build_of(node, script) if node is not None and script is not None else None
            if action.program == "tsc" or (made is not None and any(tool.name == "tsc" for tool in made.tools)):
                return True
    return False
