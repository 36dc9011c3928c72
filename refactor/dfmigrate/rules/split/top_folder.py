"""What a project that lies in the root folder itself leaves there: each entry by its name, never the folder."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dfmigrate.knowledge.directories import crowded, directories
from dfmigrate.model import Action, Build, Kind, Layer, Write
from dfmigrate.model.runtime_files import consumed_languages, context_path, may_be_read
from dfmigrate.rules.rule import declined

from . import RULE

_OWN_FOLDER = "set a WORKDIR of the application's own, such as /app"
_BUILDING = frozenset({"build", "dependency-install"})


def top_entries(build: Build, layers: Sequence[Layer]) -> tuple[str, ...]:
    """The entries of ``/`` that the running application may read; none where it has a folder of its own."""
    stage, context = build.final, build.context
    if stage.final.workdir not in ("/", None) or context is None or not context.complete:
        return ()
    found: dict[str, None] = {}
    known = consumed_languages(build)
    taken = directories(stage.base) | crowded(stage.base) | {"/boot", "/lib32", "/libx32", "/media", "/srv", "/mnt"}
    for layer in layers:
        for write in _of_project(layer):
            top = "/" + write.path.strip("/").split("/")[0]
            unread = write.origin.source == "context" and not may_be_read(context_path(write), known, build, context)
            if write.scratch or unread or write.kind is Kind.DIRECTORY:
                continue
            if top in taken:
                message = f"this instruction writes into {top}, which also holds the system's own files"
                raise declined("A17", RULE, message, _OWN_FOLDER, layer.line)
            found[top] = None
    _require_plain(tuple(found), build, layers)
    return tuple(found)


def _require_plain(entries: Sequence[str], build: Build, layers: Sequence[Layer]) -> None:
    """A COPY of an entry follows a link, and gives a folder the usual mode."""
    links = {path for path, entry in build.context.files.items() if entry.link is not None} if build.context else set()
    for layer in layers:
        for write in layer.writes:
            if write.path in entries and write.origin.source == "context" and write.origin.detail in links:
                raise declined("A20", RULE, f"{write.path} is a link, which a COPY follows", _OWN_FOLDER, layer.line)
        for action in layer.actions:
            words = [word or "" for word in action.argv[1:]]
            paths = {posixpath.normpath(posixpath.join(action.cwd or "/", word)) for word in words}
            if action.program == "chmod" and any(path in paths and not layer.files.is_file(path) for path in entries):
                message = f"the mode that `{action.text[:60]}` sets would be lost"
                raise declined("A15", RULE, message, "set it in a RUN after the build", layer.line)


def _of_project(layer: Layer) -> tuple[Write, ...]:
    """What a COPY of the project, or a command that works in ``/``, puts below it."""
    if layer.name in ("COPY", "ADD"):
        destination = layer.before.absolute(layer.instruction.destination)
        return layer.writes if destination == "/" else ()
    return tuple(write for action in layer.actions if _builds_here(action) for write in _below(action, layer))


def _builds_here(action: Action) -> bool:
    return action.cwd == "/" and action.role in _BUILDING


def _below(action: Action, layer: Layer) -> tuple[Write, ...]:
    return tuple(write for write in layer.writes if write.origin.detail == action.text)
