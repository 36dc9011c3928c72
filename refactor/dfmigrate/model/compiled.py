"""Whether the build compiles TypeScript, after which its sources are no longer read."""

from __future__ import annotations

from dfmigrate.context.node import node_project

from .interpret import Build
from .node_scripts import node_script


def compiles_typescript(build: Build) -> bool:
    """True when a RUN calls ``tsc``, directly or through a script of ``package.json``."""
    node = node_project(build.context) if build.context is not None else None
    for layer in build.stages[0].layers:
        for action in layer.actions:
            script = node_script(action.argv)
            tools = node.build_tools(script) if node is not None and script is not None else None
            if action.program == "tsc" or (tools is not None and tools.outputs is not None and "tsc" in tools.names):
                return True
    return False
