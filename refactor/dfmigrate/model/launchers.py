"""What a start script calls that the project's build generates, as sbt's packager does."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.knowledge.java import launchers

from .actions import Action
from .files import Kind
from .interpret import Build


def launcher_calls(path: str, build: Build) -> tuple[str, ...]:
    """The programs that the script at ``path`` calls; empty where no build is known to generate one there."""
    written = build.final.files.candidates(path)
    if posixpath.basename(posixpath.dirname(path)) != "bin" or not written:
        return ()
    if any(write.kind is not Kind.TREE or write.origin.source != "run" for write in written):
        return ()
    actions = (action for layer in build.final.layers for action in layer.actions if action.role == "build")
    found = [calls for action in actions for calls in _calls(action, build.context)]
    return found[-1] if found else ()


def _calls(action: Action, context: Context | None) -> Iterator[tuple[str, ...]]:
    for one in launchers():
        if action.program not in one.programs or not one.words.search(action.text):
            continue
        if one.asked is None or (context is not None and _says(context, one.asked)):
            yield one.calls


def _says(context: Context, asked: re.Pattern[str]) -> bool:
    return any(asked.search(context.read(path) or "") for path in context.files if path.endswith(".sbt"))
