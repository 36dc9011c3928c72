"""The folders that the running application may look into."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.knowledge.system import folders, is_web_server, web_sites

from .files import Kind, is_within
from .interpret import Build, Layer, StageModel
from .mentions import mentions
from .process import started
from .starts import served, starts_itself

_BUILDING = frozenset({"build", "dependency-install", "test"})


def project_roots(layers: Sequence[Layer], final_workdir: str | None) -> tuple[str, ...]:
    """The folders in which the application is laid out and built; none lies within another."""
    found: set[str] = set()
    for layer in layers:
        if layer.name in ("COPY", "ADD") and any(write.origin.source == "context" for write in layer.writes):
            found.add(_copied_root(layer))
        for action in layer.actions:
            if action.role in ("dependency-install", "build", "test") and action.cwd is not None and action.writes:
                if any(is_within(write.path, action.cwd) for write in action.writes):
                    found.add(action.cwd)
                found.update(
                    w.path
                    for w in action.writes
                    if action.program == "dotnet" and not w.scratch and not is_within(w.path, action.cwd)
                )
    if final_workdir is not None and any(
        is_within(final_workdir, root) or is_within(root, final_workdir) for root in found
    ):
        found.add(final_workdir)
    found = {path for path in found if _may_be_an_application(path, layers)}
    return tuple(sorted(root for root in found if not any(root != other and is_within(root, other) for other in found)))


@remembered
def application_roots(build: Build) -> tuple[str, ...]:
    """The project roots of the final stage."""
    return project_roots(build.final.layers, build.final.final.workdir)


@remembered
def unreachable_roots(build: Build) -> frozenset[str]:
    """Those into which the running application does not look."""
    return frozenset(root for root in application_roots(build) if not is_reachable(root, build.final, build.context))


def _may_be_an_application(path: str, layers: Sequence[Layer]) -> bool:
    """A folder of its own: none of the system's, and below /usr none in which the base image has files."""
    if path in folders("system") or any(is_within(path, folder) for folder in folders("no_application")):
        return False
    return not is_within(path, "/usr") or is_within(path, "/usr/src") or not layers[0].files.brings(path)


def _copied_root(layer: Layer) -> str:
    """The folder that a COPY lays out: the working directory when it lies around the destination, else the
    destination."""
    destination = layer.before.absolute(layer.instruction.destination) or "/"
    workdir = layer.before.workdir
    if workdir is not None and workdir != "/" and is_within(destination, workdir):
        return workdir
    if any(write.path == destination and write.kind is Kind.FILE for write in layer.writes):
        return destination.rpartition("/")[0] or "/"
    return destination


def is_reachable(root: str, stage: StageModel, context: Context | None) -> bool:
    """Whether the running application may look into one folder."""
    workdir = stage.final.workdir
    starts = [started(one) or () for one in served(stage.final, context)]
    if len(starts) > 1 and not starts_itself(stage.final):
        # What the base image starts by itself is no application.
        starts = starts[1:]
    process = [word for words in starts for word in words]
    runs_daemon = all(any(is_web_server(word.rpartition("/")[2]) for word in words[:2]) for words in starts)
    if any(is_within(root, site) or is_within(site, root) for site in web_sites()):
        return True
    if not runs_daemon and workdir is not None and is_within(workdir, root):
        return True
    built = any(
        action.role in _BUILDING and action.cwd is not None and is_within(action.cwd, root)
        for layer in stage.layers
        for action in layer.actions
    )
    if not built:
        # Files that were only copied there serve no build.
        return True
    texts = [*process, stage.final.healthcheck_text, *(value or "" for value in stage.final.environment.values())]
    if any(root in text for text in texts):
        return True
    texts = [layer.instruction.logical for layer in stage.layers if layer.name == "RUN"]
    if (
        context is None
        or mentions(context, root)
        or any(re.search(rf"{re.escape(root)}(?![\w-])", text) for text in texts)
    ):
        return True
    # A program may put a path together from its parts; a server's configuration does not.
    return not runs_daemon and mentions(context, root.rpartition("/")[2])
