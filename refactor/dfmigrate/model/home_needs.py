"""Which packages of a Node application need what their install scripts left in a home directory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dfmigrate.context.node import NodeProject
from dfmigrate.context.remembered import remembered
from dfmigrate.knowledge.installers import HomeFolder, home_folders

from .closure import may_run, starts_without_development_packages
from .files import is_within
from .home_folders import home_path
from .interpret import Build, Layer
from .node_installs import NodeInstall, node_installs
from .static_site import static_site


@dataclass(frozen=True, slots=True)
class HomeNeed:
    """One package of one install that may need it while the application runs."""

    install: NodeInstall
    project: NodeProject
    home: HomeFolder
    package: str
    path: str | None
    """Where the package looks for it; None where that is not known."""


@remembered
def home_needs(build: Build) -> tuple[HomeNeed, ...]:
    """Every package that an install brings and the process may load; none where a server of files needs none."""
    site = static_site(build)
    if site is not None and not site.needs_packages:
        return ()
    return tuple(_needs(build))


def kept_at_home(build: Build, layers: Sequence[Layer]) -> tuple[str, ...]:
    """The folders that installs among the layers surely made, that are still there, and the process may need."""
    within = {id(layer) for layer in layers}
    paths = (
        need.path
        for need in home_needs(build)
        if id(need.install.layer) in within
        and any(write.path == need.path and write.certain for write in need.install.action.writes)
    )
    left = build.final.files
    return tuple(dict.fromkeys(path for path in paths if path is not None and left.candidates(path)))


@remembered
def unneeded_at_home(build: Build) -> frozenset[str]:
    """The folders that installs have made outside of their projects for packages that nothing loads at run time."""
    made = {
        write.path
        for install in node_installs(build.final.layers, build.context)
        for write in install.action.writes
        if install.action.cwd is not None and not is_within(write.path, install.action.cwd)
    }
    return frozenset(made - {need.path for need in home_needs(build)})


def _needs(build: Build) -> Iterator[HomeNeed]:
    for install in node_installs(build.final.layers, build.context):
        if install.project is None:
            continue
        layer = install.layer
        environment = {**layer.arguments, **layer.before.environment}
        for home in home_folders():
            path = home_path(home, layer.before, environment, build.final.base)
            for package in home.packages:
                if _brings(install, package, build):
                    yield HomeNeed(install, install.project, home, package, path)


def _brings(install: NodeInstall, package: str, build: Build) -> bool:
    """Among the packages that stay, or one for development that a source loads which may run."""
    node = install.project
    if node is None:
        return False
    named = {re.sub(r"(?<=.)@.*", "", word or "") for word in install.action.argv[2:]}
    locked = node.packages
    if package in named or package in {**node.dependencies, **node.optional_dependencies}:
        return True
    if locked is not None and package in (locked.production if locked.production is not None else locked.all):
        return True
    if package not in node.dev_dependencies or starts_without_development_packages(build) is None:
        return False
    quoted = re.compile(rf"[\"'`]{re.escape(package)}[\"'`/]")
    context = node.context
    return any(quoted.search(context.read(path) or "") for path in context.files if may_run(path))
