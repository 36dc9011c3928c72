"""Development dependencies are left behind when the application is shown to start without them."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dfmigrate.context.node import NodeProject
from dfmigrate.knowledge.installers import pruning, without_development
from dfmigrate.model import Build, Layer
from dfmigrate.model.closure import application, has_only_development_packages, starts_without_development_packages
from dfmigrate.model.node_installs import NodeInstall, node_installs
from dfmigrate.model.self_contained import self_contained


def prune_command(build: Build, builder: Sequence[Layer]) -> str | None:
    """The command that removes development dependencies, or None when nothing may or need be removed."""
    installs = node_installs(builder, build.context)
    node = installs[-1].project if installs else None
    if node is None or node != application(build) or not node.dev_dependencies or not _is_plain(node):
        return None
    install = installs[-1]
    if any(one.manager != install.manager or one.action.cwd != install.action.cwd for one in installs):
        return None
    if any(_leaves_some_out(one) for one in installs) or builder[-1].after.workdir != install.action.cwd:
        return None
    if not builder[-1].files.candidates(posixpath.join(install.action.cwd or "/", "node_modules")):
        return None
    if self_contained(build) is not None or has_only_development_packages(build):
        # They stay behind with all others.
        return None
    if starts_without_development_packages(build) is not None:
        return None
    return _command(install, node, build)


def _is_plain(node: NodeProject) -> bool:
    return not (node.is_workspace or node.local_dependencies or node.compiles_itself)


def _leaves_some_out(install: NodeInstall) -> bool:
    """Whether development packages are, or may be, missing already."""
    words = [word or "" for word in install.action.argv]
    told = any(word.startswith(("--prod", "--only", "--omit", "-P", "--dev")) for word in words)
    return told or "NODE_ENV" in install.layer.before.environment


def _command(install: NodeInstall, node: NodeProject, build: Build) -> str | None:
    """In the words of the package manager that installed them, where its version is known to do it."""
    base = build.final.base
    major = (base.version or "").partition(".")[0] if base is not None and base.family == "node" else ""
    facts = pruning(install.manager)
    known = (
        base is not None and base.family == "node" and (not major.isdigit() or (facts and int(major) >= facts.since))
    )
    if facts is None or not known or (install.manager == "yarn" and node.manager == "yarn-berry"):
        return None
    flags = [word for word in install.action.argv if word in facts.keeps]
    if install.manager == "npm":
        flags.insert(0, without_development(base.version if base is not None else None))
    if node.lifecycle:
        # npm 6 and older run them all the same.
        if facts.without_scripts is None or (major.isdigit() and int(major) < 16):
            return None
        flags.append(facts.without_scripts)
    return " ".join((*facts.command, *(flag for flag in flags if flag is not None)))
