"""Whether a Node application runs with its production dependencies alone."""

from __future__ import annotations

import re

from dfmigrate.context import Context
from dfmigrate.context.node import NodeProject, node_project
from dfmigrate.context.node_start import start

from .interpret import Build
from .node_scripts import node_script
from .process import commands_of

_NAME = re.compile(r"['\"`]([@\w][\w@./-]*)['\"`]|(?<![\w.-])(node_modules/[\w@./-]*)")
_NOT_RUNNING = re.compile(
    r"(^|/)(tests?|__tests__|spec|cypress|e2e|node_modules)/|\.(test|spec|config|stories)\.[cm]?[jt]sx?$|(^|/)(gulpfile|gruntfile)\."
)
_SOURCE = re.compile(r"\.([cm]?[jt]s|[jt]sx)$", re.IGNORECASE)
_LOADERS = frozenset({"-r", "--require", "--import", "--loader", "--experimental-loader"})


def starts_without_development_packages(build: Build) -> str | None:
    """None when it does; otherwise what stands against it."""
    node = node_project(build.context) if build.context is not None else None
    if node is None:
        return "package.json could not be read"
    config = build.final.final
    if "NODE_OPTIONS" in config.environment:
        return "NODE_OPTIONS may preload a module"
    seen = False
    for command in (config.entrypoint, config.command):
        if command is None or command.line is None:
            continue
        argvs = commands_of(command, config)
        if argvs is None:
            return "the start command could not be read"
        for argv in argvs:
            seen = True
            why = _needs(argv, node)
            if why is not None:
                return why
    if not seen:
        return "no start command is given"
    return _imports(node, build.context) if build.context is not None else None


def has_only_development_packages(build: Build) -> bool:
    """Whether nothing that npm installs is needed once the build is done."""
    node = node_project(build.context) if build.context is not None else None
    if node is None or node.production_packages != frozenset() or node.dependencies or node.optional_dependencies:
        return False
    return starts_without_development_packages(build) is None


def _needs(argv: tuple[str | None, ...], node: NodeProject) -> str | None:
    script = node_script(argv)
    if script is not None:
        closure = start(node, script)
        return (
            None
            if closure.closed is True
            else f"the script `{script}` is not shown to run without development packages"
        )
    if argv[:1] != ("node",):
        return f"`{argv[0]}` is not shown to run without development packages"
    if any(word in _LOADERS for word in argv[1:]):
        return "the start command preloads a module"
    return None


def _imports(node: NodeProject, context: Context) -> str | None:
    """A development package that a source loads or names, where the source may run."""
    running = [path for path in context.files if _SOURCE.search(path) and not _NOT_RUNNING.search(path)]
    found = node.imports(running)
    for name, place in found.development:
        return f"{place.path} loads {name}, which is a development package"
    if found.dynamic:
        return f"{found.dynamic[0].path} loads a module whose name is computed"
    development = set(node.dev_dependencies) - set(node.dependencies)
    if {"@babel/register", "ts-node", "tsx", "esbuild-register", "@swc-node/register"} & set(node.dependencies):
        return "sources are compiled when they are loaded"
    for path in running:
        words = {one or two for one, two in _NAME.findall(context.read(path) or "")}
        if "node_modules" in words or any(
            word.startswith("node_modules/") or "/node_modules/" in word for word in words
        ):
            return f"{path} names node_modules"
        named = sorted(development & words)
        if named:
            return f"{path} names {named[0]}, which is a development package"
    return None
