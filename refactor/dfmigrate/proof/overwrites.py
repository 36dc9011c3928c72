"""A COPY that now comes after an install does not lay the host's own copy over what was installed."""

from __future__ import annotations

import posixpath

from dfmigrate.migration import Proved
from dfmigrate.model import Kind, Layer, Write, is_within

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """For each COPY of the context that now comes after a command that it preceded: what that command wrote must be
    safe."""
    opened = False
    moved = _moved(case)
    for copy, write in moved:
        folder = _context_path(copy, write.path)
        if folder is None:
            continue
        context = case.context
        if context is None or not context.complete:
            opened = True
            message = f"a copy of {folder} from the build context would overwrite what was installed"
            yield Open("overwrites", "A12", message, "run with the build context at hand", _line(copy, case))
        elif context.exists(folder) or not context.is_ignored(folder):
            opened = True
            message = f"`{folder}` on the host would overwrite what was installed"
            yield Open("overwrites", "A12", message, f"add `{folder}` to .dockerignore", _line(copy, case))
    if moved and not opened:
        statement = "what is installed ahead of the source cannot be overwritten by the host's own copy"
        yield Proved("overwrites", ("A12",), statement)


def _moved(case: Case) -> list[tuple[Layer, Write]]:
    """Copies of the context, each with a folder that lies below and that a command wrote which came after it before."""
    copied, commands = {}, {}
    for stage in case.before.stages:
        for index, layer in enumerate(stage.layers):
            copied[_key(layer)] = index
            commands.update({action.text: index for action in layer.actions})
    found = []
    for stage in case.after.stages:
        for index, copy in enumerate(stage.layers):
            if (
                copy.name not in ("COPY", "ADD")
                or copy.instruction.flag("from") is not None
                or _key(copy) not in copied
                or not index
            ):
                continue
            for write in stage.layers[index - 1].files.writes:
                later = write.origin.source == "run" and commands.get(write.origin.detail, -1) > copied[_key(copy)]
                if later and write.kind is Kind.TREE and not write.scratch:
                    found.append((copy, write))
    return found


def _key(layer: Layer) -> tuple[str, ...]:
    """What makes two instructions the same one: for a COPY its paths, whoever is to own them."""
    instruction = layer.instruction
    if layer.name in ("COPY", "ADD"):
        return (layer.name, *instruction.sources, instruction.destination)
    return (layer.name, " ".join(instruction.logical.split()))


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
