"""Whether the build compiles TypeScript, after which its sources are no longer read."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context.node import node_project
from dfmigrate.context.node_build import build as build_of
from dfmigrate.context.node_tools import Role, node_tools

from .interpret import Build
from .node_scripts import node_script
from .process import process_commands
from .variables import values_of

_COMPILERS = frozenset({"tsc", "vue-tsc", "nest", "esbuild", "tsup"})
"""Programs after which nothing loads the TypeScript of a project; ``nest`` calls the compiler."""


def compiles_typescript(build: Build) -> bool:
    """True when a RUN calls a compiler, directly or through a script of ``package.json``, and nothing that starts
    loads TypeScript itself."""
    if _loads_typescript(build):
        return False
    node = node_project(build.context) if build.context is not None else None
    for layer in build.stages[0].layers:
        for action in layer.actions:
            script = node_script(action.argv)
            made = build_of(node, script) if node is not None and script is not None else None
            direct = action.program in _COMPILERS and action.role == "build"
            if direct or (made is not None and any(tool.name in _COMPILERS for tool in made.tools)):
                return True
    return False


_TYPESCRIPT = re.compile(r"\.[cm]?tsx?$")
_HOOKS = re.compile(
    r"ts-node|tsx|esbuild-register|@swc-node|@babel/register|babel-register|sucrase|jiti|strip-types|loader"
)


def _loads_typescript(build: Build) -> bool:
    """The process runs a program that compiles what it loads, or is given a TypeScript file or such a hook."""
    config = build.final.final
    commands = process_commands(config, build.context)
    options = values_of("NODE_OPTIONS", config, build.context)
    if commands is None or any(_HOOKS.search(value or "") for value in options):
        return True
    for argv in commands:
        name = posixpath.basename(argv[0] or "") if argv else ""
        tool = node_tools().get(name)
        if name in ("bun", "deno") or (tool is not None and tool.role_of(argv[1:]) in (Role.TRANSPILE, Role.DEV)):
            return True
        if any(word is None or _TYPESCRIPT.search(word) or _HOOKS.search(word) for word in argv):
            return True
    return False
