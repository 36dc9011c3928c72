"""Development dependencies are left behind when the application is shown to start without them."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dfmigrate.context.node import NodeProject
from dfmigrate.knowledge.installers import pruning, without_development
from dfmigrate.model import Build, Layer, is_within
from dfmigrate.model.closure import application, has_only_development_packages, starts_without_development_packages
from dfmigrate.model.node_installs import NodeInstall, node_installs
from dfmigrate.model.self_contained import self_contained


def prune_command(build: Build, builder: Sequence[Layer], taken: Sequence[str]) -> str | None:
    """The command that removes development dependencies, or None when nothing may or need be removed.

    ``taken`` are the paths that the runtime copies: packages that stay behind need no pruning.
    """
    installs = node_installs(builder, build.context)
    node = installs[-1].project if installs else None
    if node is None or node != application(build) or not node.dev_dependencies or not _is_plain(node):
        return None
    install = installs[-1]
    if any(one.manager != install.manager or one.action.cwd != install.action.cwd for one in installs):
        return None
    if any(_leaves_some_out(one) for one in installs) or builder[-1].after.workdir != install.action.cwd:
        return None
    packages = posixpath.join(install.action.cwd or "/", "node_modules")
    if not builder[-1].files.candidates(packages) or not any(is_within(packages, path) for path in taken):
        return None
    if starts_without_development_packages(build) is not None:
        return None
    return _command(install, node, build)


def leaves_packages(build: Build, builder: Sequence[Layer], taken: Sequence[str]) -> bool:
    """Whether all that was installed stays in the builder, as nothing that runs needs it."""
    if not has_only_development_packages(build) and self_contained(build) is None:
        return False
    folders = [posixpath.join(one.action.cwd or "/", "node_modules") for one in node_installs(builder, build.context)]
    return not any(is_within(folder, path) for folder in folders for path in taken)


def kept_development(build: Build, builder: Sequence[Layer], taken: Sequence[str]) -> str | None:
    """Why development dependencies stay although the install brought some; None when they do not."""
    installs = node_installs(builder, build.context)
    node = installs[-1].project if installs else None
    if node is None or node != application(build) or not node.dev_dependencies:
        return None
    if any(_leaves_some_out(one) for one in installs) or prune_command(build, builder, taken) is not None:
        return None
    packages = posixpath.join(installs[-1].action.cwd or "/", "node_modules")
    if not any(is_within(packages, path) for path in taken):
        return None
    why = starts_without_development_packages(build) or "it is not known how to take them away from this install"
    return f"development dependencies stay in the runtime: {why}"


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
