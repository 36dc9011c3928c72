"""What install scripts leave in the home directory, such as a browser, is in the runtime too."""

from __future__ import annotations

from dfmigrate.context.node import NodeProject
from dfmigrate.knowledge.installers import HomeFolder, home_folders
from dfmigrate.migration import Proved
from dfmigrate.model.node_installs import NodeInstall, node_installs
from dfmigrate.model.static_site import static_site

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Look at every package that an install brings; where the lock file does not say, at those of the manifest."""
    if not case.split:
        return
    site = static_site(case.before)
    installs = node_installs(case.old.layers, case.context)
    if not installs or (site is not None and not site.needs_packages):
        return
    opened = False
    for install in installs:
        for home in home_folders():
            if install.project is None or not _brings(install.project, home) or _is_elsewhere(install, home, case):
                continue
            opened = True
            message = f"`{home.package}` may keep what it fetched in ~/{home.folder}, which would not be in the runtime"
            hint = (
                f"set {home.elsewhere[0]} where it needs none, or {home.elsewhere[-1]} to a folder of the application"
            )
            yield Open("home-folders", "A3", message, hint, install.layer.line)
    if not opened:
        yield Proved("home-folders", ("A3",), "no package that runs has left anything in a home directory")


def _brings(node: NodeProject, home: HomeFolder) -> bool:
    """Packages for development are of no use to the process, which the closure shows where they are removed."""
    locked = node.packages
    if locked is None:
        return home.package in {**node.dependencies, **node.optional_dependencies}
    return home.package in (locked.production if locked.production is not None else locked.all)


def _is_elsewhere(install: NodeInstall, home: HomeFolder, case: Case) -> bool:
    """A variable says so, or the folder has been carried over."""
    environment = install.layer.before.environment
    for name in home.elsewhere:
        value = environment.get(name) or ""
        if value.startswith("/") and case.new.files.candidates(value):
            return True
        if value and "/" not in value and value not in ("0", "false"):
            return True
    return any(write.path.endswith(f"/{home.folder}") for write in case.new.files.writes)
