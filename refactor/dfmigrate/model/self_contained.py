"""Servers that a framework's build lays into one folder, and what they were made from and do not read again."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.node import NodeProject
from dfmigrate.context.node_framework import FrameworkOutput, Serving, framework_outputs
from dfmigrate.context.source_text import language_files
from dfmigrate.knowledge.frameworks import framework_facts, is_traced

from .bundled_sources import is_named
from .closure import application
from .files import is_within
from .image import Config
from .interpret import Build
from .node_scripts import MANAGERS, node_script
from .process import healthcheck_commands, process_commands
from .variables import values_of

_RESOLVING = frozenset({"NODE_PATH", "NODE_OPTIONS"})
_ASKING = frozenset({"curl", "wget", "nc"})


@dataclass(frozen=True, slots=True)
class SelfContained:
    """Absolute paths."""

    folder: str
    """What the server is: its code, its packages, its files."""
    replaced: tuple[str, ...]
    """What the build made it from, which it does not load again."""

    def leaves(self, path: str) -> bool:
        """Whether nothing reads what lies at a path, as the server brings its own."""
        return not is_within(path, self.folder) and any(is_within(path, one) for one in self.replaced)


def self_contained(build: Build) -> SelfContained | None:
    """The server, where it is all that the container starts, as the framework's documentation says."""
    config, context, node = build.final.final, build.context, application(build)
    root = config.workdir
    if node is None or context is None or not context.complete or root in (None, "/") or root is None:
        return None
    if any(values_of(name, config, context) for name in _RESOLVING) or any(
        is_within(path, root) for path in config.search_path or ()
    ):
        return None
    commands = process_commands(config, context)
    if commands is None or not _only_asks(config):
        return None
    servers = [argv for argv in commands if node_script(argv) is None and argv[:1] not in {(one,) for one in MANAGERS}]
    words = tuple(word or "" for word in servers[0]) if len(servers) == 1 else ()
    for output in framework_outputs(node):
        facts = framework_facts()[output.framework]
        replaced = facts.unread
        if output.serving is Serving.SELF_CONTAINED:
            replaced = facts.replaces if _brings_all(node) else ()
        elif output.serving is not Serving.SERVER or _opens_files(context):
            continue
        else:
            replaced = tuple(
                name for name in replaced if not is_named(posixpath.join(node.folder, name), build, context)
            )
        if output.output is None or not replaced or not _starts(output, words):
            continue
        folder = posixpath.join(root, posixpath.relpath(output.output[0], node.folder or "."))
        if not any(write.origin.source == "run" and write.path == folder for write in build.final.files.writes):
            return None
        return SelfContained(folder, tuple(posixpath.join(root, name) for name in replaced))
    return None


def _starts(output: FrameworkOutput, words: tuple[str, ...]) -> bool:
    """Exactly the documented command."""
    start = output.start
    given = [posixpath.normpath(word) for word in words[1:]]
    if start is None or words[:1] != start[:1]:
        return False
    return given in ([*start[1:]], [posixpath.join(start[-1], "index.js")])


_OPENS = re.compile(
    r"['\"](?:node:)?fs(?:/promises)?['\"]|['\"](?:fs-extra|graceful-fs|globby|fast-glob|glob|chokidar)['\"]"
    r"|\bprocess\.cwd\(|\b__dirname\b|\bimport\.meta\.(?:url|dirname|filename)\b|\bBun\.file\("
)


def _opens_files(context: Context) -> bool:
    """Whether a source may read files of the project by itself."""
    return any(_OPENS.search(context.read(path) or "") for path in language_files(context, "node"))


def _only_asks(config: Config) -> bool:
    """The health check, if any, is a question over the network by a program of the system's."""
    commands = healthcheck_commands(config)
    return commands is not None and all(argv and posixpath.basename(argv[0] or "") in _ASKING for argv in commands)


def _brings_all(node: NodeProject) -> bool:
    """Whether the server has all that it loads of every production package, and none is built for what it loads."""
    production, built = node.production_packages, node.install_scripts
    if production is None or built is None or production & built:
        return False
    return all(map(is_traced, {*production, *node.dependencies, *node.optional_dependencies}))
