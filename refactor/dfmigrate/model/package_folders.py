"""Folders outside of the application that hold nothing but the packages that its commands installed."""

from __future__ import annotations

from collections.abc import Sequence

from dfmigrate.knowledge.directories import left_empty

from .called import calls
from .files import Kind, is_within
from .home_needs import kept_at_home
from .interpret import Build, Layer


def package_folders(build: Build, layers: Sequence[Layer], roots: Sequence[str]) -> tuple[str, ...]:
    """Those that the layers fill and in which the base image has nothing of its own: ``/usr/local/bundle``, a browser's
    below a home directory."""
    # Hex and rebar are needed again only by Mix itself.
    installers = {"bundle", "bundler", "gem", *(("mix",) if calls(build)("mix") else ())}
    base = build.stages[0].base
    empty = left_empty(base)
    found = dict.fromkeys(
        path
        for path in kept_at_home(build, layers)
        if layers[-1].files.candidates(path) and not any(is_within(path, root) for root in roots)
    )
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
