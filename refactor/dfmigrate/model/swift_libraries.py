"""Whether a Swift program may need a library of the full image that its slim one, or the distribution's own, lacks."""

from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.swift import swift_package
from dfmigrate.knowledge.linking import left_by_slim_swift, names_libraries_in_swift

from .artefacts import context_folder
from .hidden import may_hide
from .interpret import Build


def linked_beyond_slim(build: Build) -> str | None:
    """Why it may; None when no package and no source names such a library."""
    context = build.context
    if context is None or not context.complete:
        return "which libraries are linked is not known without the build context"
    builds = [
        context_folder(action.cwd, layer.files) if action.cwd is not None else None
        for layer in build.final.layers
        for action in layer.actions
        if action.role == "build" and (action.program == "swift" or may_hide(action, "swift"))
    ]
    if not builds:
        return "which packages the Swift program is built from is not known"
    for folder in dict.fromkeys(builds):
        package = swift_package(context, folder) if folder is not None else None
        if package is None:
            return "which packages the Swift program is built from is not known"
        if ".package(" in (context.read(package.path) or "") and package.resolved is None:
            return "without Package.resolved it is not known which packages are built"
    return next(filter(None, (_names(path, context) for path in sorted(context.files))), None)


def _names(path: str, context: Context) -> str | None:
    if not names_libraries_in_swift(path):
        return None
    text = context.read(path)
    if text is None:
        return f"{path} could not be read"
    found = left_by_slim_swift().search(text)
    return f"{path} names {found[0]}, a library that only the full image has" if found is not None else None
