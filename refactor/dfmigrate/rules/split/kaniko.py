"""Builds with kaniko, which has applied ``.dockerignore`` to copies between stages too."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from dfmigrate.context.platforms import built_with_kaniko
from dfmigrate.model import Build, is_within

from .carry import Carried


def filtered_by_kaniko(build: Build, carried: Sequence[Carried]) -> Iterator[str]:
    """A warning where the project builds with it and a path that is carried is ignored."""
    context, workdir = build.context, build.final.final.workdir
    ignore = context.ignore if context is not None else None
    path = built_with_kaniko(context) if context is not None and ignore is not None else None
    if path is None or ignore is None or workdir is None:
        return
    inside = (item.path for item in carried if is_within(item.path, workdir) and item.path != workdir)
    lost = [below for below in (posixpath.relpath(one, workdir) for one in inside) if ignore.ignores(below)]
    if lost:
        listed = ", ".join(lost[:3])
        yield f"{path} builds with kaniko, and .dockerignore names {listed}: see that it does not filter COPY --from"
