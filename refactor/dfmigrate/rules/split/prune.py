"""Development dependencies are left behind when the application is shown to start without them."""

from __future__ import annotations

from collections.abc import Sequence

from dfmigrate.context.node import node_project
from dfmigrate.knowledge.installers import without_development
from dfmigrate.model import Build, Layer
from dfmigrate.model.closure import has_only_development_packages, starts_without_development_packages


def prune_command(build: Build, builder: Sequence[Layer]) -> str | None:
    """The command that removes development dependencies, or None when nothing may or need be removed."""
    node = node_project(build.context) if build.context is not None else None
    if node is None or node.manager != "npm" or node.is_workspace or node.lifecycle or not node.dev_dependencies:
        return None
    if node.local_dependencies or node.compiles_itself or build.final.base is None or build.final.base.family != "node":
        return None
    installs = [
        a
        for layer in builder
        for a in layer.actions
        if a.program == "npm" and a.argv[1:2] in (("install",), ("ci",), ("i",))
    ]
    local = [action for action in installs if "-g" not in action.argv and "--global" not in action.argv]
    if len(local) != 1 or any((word or "").startswith(("--prod", "--only", "--omit")) for word in local[0].argv):
        return None
    if local[0].cwd is None or builder[-1].after.workdir != local[0].cwd:
        return None
    if any("NODE_ENV" in layer.before.environment for layer in builder if local[0] in layer.actions):
        return None
    if starts_without_development_packages(build) is not None or has_only_development_packages(build):
        return None
    if not builder[-1].files.candidates(f"{local[0].cwd}/node_modules"):
        return None
    # What let the install pass must let this pass, too.
    flags = [word for word in local[0].argv if word in ("--legacy-peer-deps", "--force", "-f")]
    omit = without_development(build.final.base.version)
    return " ".join(("npm prune", omit, *flags))
