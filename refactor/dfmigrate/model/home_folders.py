"""What install scripts of Node packages leave in a home directory, such as a browser."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dfmigrate.context.documents import json_file
from dfmigrate.context.node import NodeProject, node_project
from dfmigrate.context.node_versions import LockedVersion, locked_versions
from dfmigrate.context.parsing import mapping
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.installers import HomeFolder, home_folders

from .actions import Action, Reading
from .artefacts import Project
from .effects import at_home
from .files import FileSystem, Kind, Origin, Write, is_within
from .image import Config
from .node_scripts import installs_dependencies, leaves_development_out

_MOVING = frozenset({"add", "update", "up", "upgrade"})
_OFF = frozenset({"", "0", "false", "off"})
_STEERS = re.compile(r"(?i)ignore[-_]?scripts|enable_?scripts")
_STEERING = re.compile(r"(?i)(npm|yarn)_.*(scripts|userconfig|globalconfig|rc_filename)")
"""Variables by which the package manager may run no scripts, or read other settings."""
_LEAVING = re.compile(r"(?i)npm_config_(omit|only|production|include|also|optional|dev)|yarn_production")
_SETTINGS = re.compile(r"\.?(npmrc|yarnrc)(\.\w+)*")


def with_kept(action: Action, project: Project | None, config: Config, runs: Sequence[str]) -> Action:
    """The action with what an install is sure to leave outside of its project; ``runs`` are the RUNs up to its own."""
    if project is None or not installs_dependencies(action.argv):
        return action
    origin = Origin("run", action.text, action.line)
    user = config.user if config.user != "" else "0:0"
    made = tuple(
        Write(path, Kind.TREE, origin, user, certain=action.certain) for path in _surely_kept(project, config, runs)
    )
    return replace(action, writes=(*action.writes, *made)) if made else action


def _surely_kept(project: Project, config: Config, runs: Sequence[str]) -> tuple[str, ...]:
    argv = project.action.argv
    manager = posixpath.basename(argv[0] or "")
    node = node_project(project.context, project.folder)
    if node is None or manager not in ("npm", "yarn") or node.manager != manager:
        return ()
    if any(_STEERS.search(text) for text in (*runs, *_settings(node))):
        return ()
    if any(_STEERING.search(name) for name in project.environment):
        return ()
    found = []
    for home in home_folders():
        path = home_path(home, config, project.environment, project.base)
        if home.sure and path is not None and _fetches(home, node, project) and not _is_told(home, node, project, runs):
            found.append(path)
    return tuple(found)


def home_path(
    home: HomeFolder, config: Config, environment: Mapping[str, str | None], base: ImageFacts | None
) -> str | None:
    """Where the packages look for it; None where that is not known."""
    if home.place in environment:
        place = environment[home.place]
        return posixpath.normpath(place) if place is not None and place.startswith("/") else None
    folder = environment["HOME"] if "HOME" in environment else _home(config, base)
    return posixpath.join(folder, home.folder) if folder is not None and folder.startswith("/") else None


def may_keep(home: HomeFolder, package: str, node: NodeProject, argv: Sequence[str | None]) -> bool:
    """Whether the versions of a package that an install may bring keep something there."""
    locked = locked_versions(node, package)
    if not locked or any(_keeps(home, one) for one in locked):
        return True
    # An update may go past what is locked, never back.
    return home.before is None and not _MOVING.isdisjoint(argv)


def is_skipped(home: HomeFolder, package: str, node: NodeProject, environment: Mapping[str, str | None]) -> bool:
    """Whether a variable tells the install script to fetch nothing."""
    locked = locked_versions(node, package) or ()
    for name, limit in home.skip:
        known = limit is None or (bool(locked) and all(one.numbers < limit for one in locked))
        if known and (environment.get(name) or "").lower() not in _OFF:
            return True
    return False


def _keeps(home: HomeFolder, locked: LockedVersion) -> bool:
    return home.since <= locked.numbers and (home.before is None or locked.numbers < home.before)


def _home(config: Config, base: ImageFacts | None) -> str | None:
    if config.is_root:
        return "/root"
    name = (config.user or "").partition(":")[0]
    users = base.users if base is not None else ()
    return next((user.home for user in users if name in (user.name, str(user.uid))), None)


def _fetches(home: HomeFolder, node: NodeProject, project: Project) -> bool:
    """Whether the install certainly runs the script of one of the packages, in a version that keeps it there."""
    left_out = leaves_development_out(project.action.argv) or project.environment.get("NODE_ENV", "") != ""
    left_out = left_out or any(_LEAVING.fullmatch(name) for name in project.environment)
    if node.is_workspace or node.workspace_root is not None or home.before is not None:
        return False
    for package in home.packages:
        locked = locked_versions(node, package) or ()
        if any(one.required is None for one in locked):
            required = package in node.dependencies or (package in node.dev_dependencies and not left_out)
        else:
            required = any(one.required for one in locked)
            required = required and (not left_out or package in (node.production_packages or ()))
        if required and all(_keeps(home, one) for one in locked):
            return True
    return False


def _is_told(home: HomeFolder, node: NodeProject, project: Project, runs: Sequence[str]) -> bool:
    """Whether a variable, a setting or a file may make the script do something else."""
    begin = home.variables or "\0"
    if any(begin in name.upper() and name != home.place for name in project.environment):
        return True
    if any(begin.lower() in text.lower() for text in (*runs, *_settings(node))):
        return True
    manifest = json_file(node.context, node.path) or {}
    given = (*manifest, *mapping(manifest.get("config")))
    names = re.compile(home.settings or r"(?!)")
    return any(name.startswith(home.packages) for name in given) or any(
        names.search(posixpath.basename(path)) for path in node.context.files
    )


def _settings(node: NodeProject) -> tuple[str, ...]:
    """The texts of the package manager's own settings, wherever they may be put."""
    paths = (path for path in node.context.files if _SETTINGS.fullmatch(posixpath.basename(path)))
    return tuple(node.context.read(path) or "" for path in paths)


def without_doubtful(
    files: FileSystem, paths: Iterable[str], reading: Reading, text: str, config: Config
) -> FileSystem:
    """The files after a RUN: what it may have taken away of these paths, in words not understood, is not certain."""
    doubtful = [path for path in paths if _may_remove(path, reading, text, config)]
    return files.doubted(lambda one: any(is_within(one, path) for path in doubtful)) if doubtful else files


def _may_remove(path: str, reading: Reading, text: str, config: Config) -> bool:
    name = ".cache" if "/.cache/" in path else posixpath.basename(path)
    understood = sum(action.text.count(name) for action in reading.actions if _is_understood(action, config))
    return text.count(name) > understood or any(_seeks(action, path, config) for action in reading.actions)


def _is_understood(action: Action, config: Config) -> bool:
    if action.opaque is not None or action.cwd is None or action.program in ("find", "xargs"):
        return False
    written = [at_home(word, config) for word in action.text.split()[1:]]
    return None not in action.argv or (action.program == "rm" and not any(re.search(r"[$`~{]", one) for one in written))


def _seeks(action: Action, path: str, config: Config) -> bool:
    """Whether it removes what it finds around the path, or in a home directory that is not known."""
    if action.program not in ("rm", "mv", "find", "rmdir"):
        return False
    words = [at_home(word, config) for word in action.text.split()[1:]]
    if any(re.match(r"\"?(~|\$\{?HOME)", word) for word in words):
        return True
    removes = action.program == "find" and re.search(r"\s-(delete|exec|execdir|ok)\b", action.text) is not None
    return removes and any(word.startswith("/") and (is_within(path, word) or is_within(word, path)) for word in words)
