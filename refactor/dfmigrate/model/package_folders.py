"""Folders outside of the application that hold nothing but the packages that its commands installed."""

from __future__ import annotations

from collections.abc import Sequence

from dfmigrate.knowledge.directories import left_empty

from .called import calls
from .files import Kind, is_within
from .interpret import Build, Layer


def package_folders(build: Build, layers: Sequence[Layer], roots: Sequence[str]) -> tuple[str, ...]:
    """Those that the layers fill and in which the base image has nothing of its own, such as ``/usr/local/bundle``."""
    # Hex and rebar are needed again only by Mix itself.
    installers = {"bundle", "bundler", "gem", *(("mix",) if calls(build)("mix") else ())}
    base = build.stages[0].base
    empty = left_empty(base)
    found: dict[str, None] = {}
    for layer in layers:
        for action in layer.actions:
            if action.role != "dependency-install" or action.program not in installers:
                continue
            for write in action.writes:
                inside = any(is_within(write.path, root) for root in roots)
                own = write.path in empty or not layer.files.brings(write.path)
                if write.kind is Kind.TREE and not write.scratch and not inside and own:
                    found[write.path] = None
    return tuple(path for path in found if not any(path != other and is_within(path, other) for other in found))
