"""What install scripts leave in the home directory, such as a browser, is in the runtime too."""

from __future__ import annotations

import posixpath

from dfmigrate.migration import Proved
from dfmigrate.model import Layer, is_within
from dfmigrate.model.home_folders import is_skipped, may_keep
from dfmigrate.model.home_needs import HomeNeed, home_needs
from dfmigrate.model.node_installs import node_installs
from dfmigrate.model.static_site import static_site

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Look at every package that an install brings; where the lock file does not say, at those of the manifest."""
    if not case.split and "user" not in case.declared:
        return
    site = static_site(case.before)
    if not node_installs(case.old.layers, case.context) or (site is not None and not site.needs_packages):
        return
    opened = False
    for need in home_needs(case.before):
        if not _may_be_kept(need, case):
            continue
        home = need.home
        hint = f"set {home.skip[0][0] if home.skip else home.place} where it needs none, or {home.place} to a folder"
        hint += " of the application"
        line = need.install.layer.line
        if not case.split:
            if {home.place, "HOME"} & set(case.old.final.environment):
                continue
            opened = True
            message = f"`{need.package}` may look in the home directory for what it fetched, which would be another"
            yield Open("home-folders", "E6", message, hint, line)
        elif not _is_there(need, case):
            opened = True
            message = f"`{need.package}` may keep what it fetched in ~/{home.folder}, which would not be in the runtime"
            yield Open("home-folders", "A3", message, hint, line)
    if not opened:
        yield Proved("home-folders", ("A3",), "what packages that run have left in a home directory is there as well")


def _may_be_kept(need: HomeNeed, case: Case) -> bool:
    """Neither the version of the package nor a variable says that there is nothing, or that it is not looked for."""
    layer = need.install.layer
    environment = {**layer.arguments, **layer.before.environment}
    if not may_keep(need.home, need.package, need.project, need.install.action.argv):
        return False
    if is_skipped(need.home, need.package, need.project, environment):
        return False
    return not (need.home.instead is not None and case.old.final.environment.get(need.home.instead))


def _is_there(need: HomeNeed, case: Case) -> bool:
    """At the very place where it was, or in neither image: it was removed, or written to a mount."""
    path = need.path
    if path is None:
        return False
    kept = any(write.path == path for write in need.install.action.writes)
    if kept and not case.old.files.candidates(path):
        return True
    return bool(case.new.files.exactly(path)) or any(_carries(layer, path) for layer in case.new.layers)


def _carries(layer: Layer, path: str) -> bool:
    """Whether a COPY from another stage lays a folder around the path, or itself, to the same place."""
    instruction = layer.instruction
    if layer.name != "COPY" or instruction.flag("from") is None:
        return False
    target = layer.after.absolute(instruction.destination)
    return any(
        posixpath.normpath(source) == target and is_within(path, target)
        for source in instruction.sources
        if target is not None
    )
