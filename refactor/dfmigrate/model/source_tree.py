"""Where COPY finds its sources: the build context seen as a file system, and the wildcards of a source."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context import Context
from dfmigrate.context.glob_pattern import PatternError, compile_segment, has_wildcard
from dfmigrate.context.remembered import remembered

from .files import FileSystem, Kind, Origin, Write, is_within


@remembered
def context_files(context: Context) -> FileSystem:
    """What the builder is sent, each path below ``/``."""
    writes = [
        Write("/" + path, Kind.FILE, Origin("context", path), mode=entry.mode, link=entry.link)
        for path, entry in context.files.items()
        if path not in context.inline
    ]
    holders = {posixpath.dirname(path) for path in (*context.files, *context.folders)}
    for folder in sorted(context.folders - holders | context.unlisted):
        kind = Kind.TREE if folder in context.unlisted else Kind.DIRECTORY
        writes.append(Write("/" + folder, kind, Origin("context", folder)))
    return FileSystem(tuple(writes), bare=True)


def matches(files: FileSystem, source: str) -> tuple[str, ...] | None:
    """The absolute paths that a source names, links followed ahead of the first wildcard only; None where what lies
    there is not known."""
    path = posixpath.normpath("/" + source.lstrip("/"))
    parts = path.split("/")[1:]
    first = next((at for at, part in enumerate(parts) if has_wildcard(part)), None)
    if first is None:
        return (path,)
    folder = files.resolve("/" + "/".join(parts[:first]))
    if files.opaque or files.brings(folder):
        return None
    try:
        pattern = [compile_segment(part) for part in parts[first:]]
    except PatternError:
        return None
    found: dict[str, None] = {}
    for write in files.reaches(folder):
        below = write.path[len(folder) :].lstrip("/").split("/") if is_within(write.path, folder) else []
        if write.kind is Kind.TREE and (len(below) < len(pattern) or write.path == folder):
            return None
        if write.path != folder and _fit(pattern, below):
            found[posixpath.join(folder, *below[: len(pattern)])] = None
    return tuple(sorted(found))


def _fit(pattern: list[re.Pattern[str]], parts: list[str]) -> bool:
    return len(parts) >= len(pattern) and all(
        segment.match(part) for segment, part in zip(pattern, parts, strict=False)
    )
