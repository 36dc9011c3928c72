"""Containers that only serve a folder of files: nothing else of the project is read when they run."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.node import NodeProject, node_project
from dfmigrate.knowledge.static_servers import Served, served

from .files import is_within
from .interpret import Build
from .node_scripts import MANAGERS, node_script
from .process import process_commands

_RUNNERS = frozenset({"npx", "pnpx", "bunx"})
_OF_A_MANAGER = re.compile(r"package\.json|\.npmrc|\.yarnrc(\.yml)?|\.yarn|\.pnp\..*|pnpm-workspace\.yaml|bunfig\.toml")


@dataclass(frozen=True, slots=True)
class StaticSite:
    """What the process reads of the project. Paths are absolute."""

    root: str
    """The working directory."""
    folder: str
    """The folder that is served."""
    by_manager: bool
    """npm or its like starts the server, and reads the manifest and its own settings."""
    needs_packages: bool
    """The server itself may come from ``node_modules``."""

    def reads(self, path: str) -> bool:
        """Whether the process may read what lies at a path, or below it."""
        if is_within(path, self.folder) or not is_within(path, self.root):
            return True
        first = posixpath.relpath(path, self.root).split("/")[0]
        if first == "node_modules":
            return self.needs_packages
        return self.by_manager and _OF_A_MANAGER.fullmatch(first) is not None


def static_site(build: Build) -> StaticSite | None:
    """The site, where one server of files, its folder written by the build, is all that the container starts."""
    config, context = build.final.final, build.context
    root = config.workdir
    commands = process_commands(config, context)
    if commands is None or context is None or not context.complete or root in (None, "/") or config.healthcheck:
        return None
    programs = [argv for argv in commands if node_script(argv) is None and argv[:1] not in {(one,) for one in MANAGERS}]
    argvs = [tuple(word for word in argv if word is not None) for argv in programs]
    if not argvs or any(len(argv) < len(words) for argv, words in zip(argvs, programs, strict=True)):
        return None
    runner = any(argv[0] in _RUNNERS for argv in argvs)
    argvs = [argv[1:] if argv[0] in _RUNNERS else argv for argv in argvs if argv[1:] or argv[0] not in _RUNNERS]
    found = served(argvs[0]) if len(argvs) == 1 else None
    folder = config.absolute(found.folder) if found is not None else None
    if found is None or folder is None or root is None or folder == root or not is_within(folder, root):
        return None
    if any(is_within(path, root) for path in config.search_path or ()) or _leads_out(found, context):
        return None
    if not any(write.origin.source == "run" for write in build.final.files.candidates(folder)):
        return None
    by_manager = runner or len(programs) < len(commands)
    needs = by_manager and _may_be_installed(found, node_project(context))
    return StaticSite(root, folder, by_manager, needs)


def _leads_out(found: Served, context: Context) -> bool:
    """Settings of the server that name other folders."""
    texts = [context.read(path) or "" for path in context.files if posixpath.basename(path) in found.settings]
    return any(word in text for text in texts for word in found.leading_out)


def _may_be_installed(found: Served, node: NodeProject | None) -> bool:
    """Whether the project's own packages may bring the program; a lock file of npm 7 or newer lists them all."""
    if node is None or any(node.declares(package) for package in found.packages):
        return True
    locked = node.packages
    if locked is None or locked.binaries is None:
        return True
    return any(package in locked.all or package in locked.binaries for package in found.packages)
