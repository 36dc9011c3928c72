"""Programs that a build makes beside the one that is started, and that nothing starts."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered

from .called import called_programs
from .files import Kind
from .interpret import Build
from .mentions import mentions, mentions_tail
from .process import started_words

_COMPILERS = frozenset({"cargo", "zig"})
"""Those that may make many programs in a folder of their own."""


@remembered
def unused_programs(build: Build) -> frozenset[str]:
    """Paths that no start command, script or source names. Empty when a program is started whose name is unknown."""
    if build.context is None or not build.context.complete:
        return frozenset()
    made = {
        write.path
        for layer in build.final.layers
        for action in layer.actions
        if action.program in _COMPILERS and action.role == "build"
        for write in action.writes
        if write.kind is Kind.FILE and not write.scratch
    }
    calls = called_programs(build) if len(made) > 1 else ()
    if len(made) < 2 or any(call.program is None for call in calls) or _finds_itself(build.context):
        return frozenset()
    config = build.final.final
    names = {call.program for call in calls if call.program is not None}
    paths = {config.absolute(name) for name in names}
    texts = [
        *started_words(config, build.context),
        config.healthcheck_text,
        *(value or "" for value in config.environment.values()),
    ]
    search = config.search_path or ()
    return frozenset(
        path
        for path in made
        if path not in paths
        and posixpath.dirname(path) not in search
        and not any(_named(path, text) for text in texts)
        and not mentions_tail(build.context, _tail(path))
    )


def _named(path: str, text: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(_tail(path))}(?![\w-])", text) is not None


def _tail(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _finds_itself(context: Context) -> bool:
    """A program may start its neighbours by their place beside its own."""
    return mentions(context, "current_exe") or mentions(context, "selfExePath")
