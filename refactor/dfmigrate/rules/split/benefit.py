"""Whether a second stage on the same base image would leave something behind that is worth it."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dfmigrate.model import Action, Build, Layer, is_within
from dfmigrate.model.mounts import mount_targets

from .carry import Carried

_SOURCES = (
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".jsx",
    ".vue",
    ".svelte",
    ".astro",
    ".scss",
    ".sass",
    ".less",
    ".java",
    ".kt",
    ".scala",
    ".go",
)
_FOR_JAVA = (".java", ".kt", ".scala")


def leaves_sources(build: Build, builder: Sequence[Layer], carried: Sequence[Carried]) -> bool:
    """Sources that were compiled, and the downloads of an install, stay in the builder.

    The sources alone are small; what an install keeps in its cache is about as much again as what it installed.
    """
    compiles = any(action.role == "build" for layer in builder for action in layer.actions)
    return (
        compiles
        and _leaves_compiled(builder, carried, _SOURCES)
        and any(_keeps_downloads(layer, carried) for layer in builder)
    ) or _leaves_build_tool(builder, carried)


def _leaves_build_tool(builder: Sequence[Layer], carried: Sequence[Carried]) -> bool:
    """A build tool that fetches itself, its compiler and all libraries into the home directory of an image that has
    none of them, as sbt does on a JRE: it stays in the builder with the sources, and needs no cleaning by hand."""
    fetches = any(
        action.role == "build" and action.facts is not None and action.facts.network and action.facts.caches
        for layer in builder
        for action in layer.actions
    )
    return fetches and _leaves_compiled(builder, carried, _FOR_JAVA)


def _leaves_compiled(builder: Sequence[Layer], carried: Sequence[Carried], endings: Sequence[str]) -> bool:
    """A source file of a compiled language that no copy takes along."""
    return any(
        write.origin.source == "context"
        and posixpath.splitext(write.path)[1] in endings
        and not any(is_within(write.path, item.path) for item in carried)
        for write in builder[-1].files.writes
    )


def _keeps_downloads(layer: Layer, carried: Sequence[Carried]) -> bool:
    """An install whose cache the layer keeps: no mount holds it, no later command of the RUN empties it."""
    if any(action.role == "cleanup" or "cache" in action.argv for action in layer.actions):
        return False
    elsewhere = (*mount_targets(layer.instruction, layer.before), *(item.path for item in carried))
    return any(_caches(action, elsewhere) for action in layer.actions)


def _caches(action: Action, elsewhere: Sequence[str]) -> bool:
    facts = action.facts
    if facts is None or action.role != "dependency-install" or not facts.caches:
        return False
    return not any(is_within(cache, path) for cache in facts.caches for path in elsewhere)
