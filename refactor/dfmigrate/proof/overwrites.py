"""A COPY that now comes after an install does not lay the host's own copy over what was installed."""

from __future__ import annotations

import posixpath

from dfmigrate.migration import Proved
from dfmigrate.model import Kind, Layer, is_within

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """For each COPY of the context that moved behind a RUN: what the RUN wrote must not be in the context, ever."""
    opened = False
    moved = _moved(case)
    for copy, run in moved:
        for write in run.writes:
            inside = [w for w in copy.writes if w.origin.source == "context" and is_within(w.path, write.path)]
            folder = _context_path(copy, write.path)
            if write.kind is not Kind.TREE or folder is None:
                continue
            if case.context is None or not case.context.complete:
                opened = True
                yield Open(
                    "overwrites",
                    "A12",
                    f"a copy of {folder} from the build context would overwrite what was installed",
                    "run with the build context at hand",
                    copy.line,
                )
            elif inside or not case.context.is_ignored(folder):
                opened = True
                yield Open(
                    "overwrites",
                    "A12",
                    f"`{folder}` on the host would overwrite what was installed",
                    f"add `{folder}` to .dockerignore",
                    _line(copy, case),
                )
    if moved and not opened:
        yield Proved(
            "overwrites", ("A12",), "what is installed ahead of the source cannot be overwritten by the host's own copy"
        )


def _moved(case: Case) -> list[tuple[Layer, Layer]]:
    """Pairs of COPY and RUN whose order is the other way round than in the original."""
    order = {_key(layer): index for stage in case.before.stages for index, layer in enumerate(stage.layers)}
    found = []
    for stage in case.after.stages:
        for index, copy in enumerate(stage.layers):
            if copy.name not in ("COPY", "ADD") or copy.instruction.flag("from") is not None or _key(copy) not in order:
                continue
            for run in stage.layers[:index]:
                if run.name == "RUN" and order.get(_key(run), -1) > order[_key(copy)]:
                    found.append((copy, run))
    return found


def _key(layer: Layer) -> tuple[str, str]:
    return layer.name, " ".join(layer.instruction.logical.split())


def _context_path(copy: Layer, path: str) -> str | None:
    """The context path that the COPY would lay at ``path``; None when it cannot reach it."""
    destination = copy.before.absolute(copy.instruction.destination)
    if destination is None or not is_within(path, destination) or path == destination:
        return None
    relative = posixpath.relpath(path, destination)
    for source in copy.instruction.sources:
        clean = posixpath.normpath("/" + source).lstrip("/")
        if not any(mark in clean for mark in "*?["):
            return posixpath.normpath(posixpath.join(clean, relative))
    return None


def _line(layer: Layer, case: Case) -> int | None:
    return next((old.line for old in case.old.layers if _key(old) == _key(layer)), None)
