"""Whether the build compiles TypeScript, after which its sources are no longer read."""

from __future__ import annotations

from dfmigrate.context.node import node_project
from dfmigrate.context.node_build import build as build_of

from .interpret import Build
from .node_scripts import node_script

_COMPILERS = frozenset({"tsc", "vue-tsc", "nest"})
"""Programs after which nothing loads the TypeScript of a project; ``nest`` calls the compiler."""


def compiles_typescript(build: Build) -> bool:
    """True when a RUN calls a compiler, directly or through a script of ``package.json``."""
    node = node_project(build.context) if build.context is not None else None
    for layer in build.stages[0].layers:
        for action in layer.actions:
            script = node_script(action.argv)
            made = build_of(node, script) if node is not None and script is not None else None
            direct = action.program in _COMPILERS and action.role == "build"
            if direct or (made is not None and any(tool.name in _COMPILERS for tool in made.tools)):
                return True
    return False
