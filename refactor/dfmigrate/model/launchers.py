"""What a start script calls that the project's build generates, as sbt's packager does."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.context.source_text import Source
from dfmigrate.knowledge.java import launcher_changes, launchers

from .actions import Action
from .files import Kind
from .interpret import Build


def launcher_calls(path: str, build: Build) -> tuple[str | None, ...]:
    """The programs that the script at ``path`` calls, None for those that the project adds in its own words; empty
    where no build is known to generate one there."""
    written = build.final.files.candidates(path)
    if posixpath.basename(posixpath.dirname(path)) != "bin" or not written:
        return ()
    if any(write.kind is not Kind.TREE or write.origin.source != "run" for write in written):
        return ()
    actions = (action for layer in build.final.layers for action in layer.actions if action.role == "build")
    found = [(action, calls) for action in actions for calls in _calls(action, build.context)]
    if not found:
        return ()
    action, calls = found[-1]
    return (*calls, None) if _is_changed(action, build.context) else calls


def _calls(action: Action, context: Context | None) -> Iterator[tuple[str, ...]]:
    for one in launchers():
        if action.program not in one.programs or not one.words.search(action.text):
            continue
        if one.asked is None or (context is not None and _says(context, one.asked)):
            yield one.calls


def _says(context: Context, asked: re.Pattern[str]) -> bool:
    return any(asked.search(text) for text in _build_texts(context))


def _is_changed(action: Action, context: Context | None) -> bool:
    """Whether the project puts text of its own into the script, or lays another one in its place."""
    known = launcher_changes()
    if action.program not in known.programs:
        return False
    if context is None or any(known.files.search(path) for path in context.files):
        return True
    texts = (action.text, *_build_texts(context))
    return any(known.settings.search(known.plain.sub("", text)) for text in texts)


def _build_texts(context: Context) -> Iterator[str]:
    for path in context.files:
        if path.endswith(".sbt") or (path.endswith(".scala") and "project" in path.split("/")[:-1]):
            yield Source(path, "java", context.read(path) or "").code
