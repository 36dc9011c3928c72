"""Workspaces of Node package managers: which folders are members, by ``package.json`` or ``pnpm-workspace.yaml``."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import yaml_file
from dfmigrate.context.glob_pattern import PatternError, compile_segment

if TYPE_CHECKING:
    from dfmigrate.context.node import NodeProject

_MAX_PARTS = 30

Pattern = tuple["re.Pattern[str] | None", ...]
"""One part for each folder; None stands for ``**``, any number of folders."""


def workspace_patterns(project: NodeProject) -> tuple[str, ...] | None:
    """The patterns as written, excluding ones (``!x``) among them; None when they cannot be read."""
    path = posixpath.join(project.folder, "pnpm-workspace.yaml")
    if path not in project.context.files:
        return project.workspaces
    document = yaml_file(project.context, path)
    if document is None:
        return None
    listed = document.get("packages", [])
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        return None
    return tuple(item for item in listed if isinstance(item, str))


def workspace_members(context: Context, folder: str, patterns: tuple[str, ...]) -> tuple[str, ...] | None:
    """The folders with a manifest that the patterns name; None when a pattern has syntax that is not read here."""
    wanted = [_compiled(folder, pattern) for pattern in patterns if not pattern.startswith("!")]
    unwanted = [_compiled(folder, pattern[1:]) for pattern in patterns if pattern.startswith("!")]
    known = [pattern for pattern in (*wanted, *unwanted) if pattern is not None]
    if len(known) < len(patterns):
        return None
    found: list[str] = []
    for path in context.files if wanted else ():
        parts = path.split("/")
        member = "/".join(parts[:-1])
        if parts[-1] != "package.json" or member == folder or "node_modules" in parts:
            continue
        verdicts = [_matches(pattern, parts[:-1]) for pattern in known]
        if any(verdicts[: len(wanted)]) and not any(verdicts[len(wanted) :]):
            found.append(member)
    return tuple(sorted(found))


def _matches(pattern: Pattern, parts: list[str]) -> bool:
    """Which prefixes of the pattern fit the parts read so far; one more part at a time."""
    fitting = _with_empty({0}, pattern)
    for part in parts:
        after: set[int] = set()
        for at in fitting:
            piece = pattern[at] if at < len(pattern) else ""
            if piece is None:
                after.add(at)
            elif not isinstance(piece, str) and piece.match(part):
                after.add(at + 1)
        fitting = _with_empty(after, pattern)
    return len(pattern) in fitting


def _with_empty(fitting: set[int], pattern: Pattern) -> set[int]:
    """``**`` may stand for nothing."""
    found = set(fitting)
    for at in range(len(pattern)):
        if at in found and pattern[at] is None:
            found.add(at + 1)
    return found


def _compiled(folder: str, written: str) -> Pattern | None:
    clean = posixpath.normpath(posixpath.join(folder, written.strip().strip("/")))
    parts = clean.split("/")
    if re.search(r"[{}()]|^\.\.(?:/|$)", clean) or len(parts) > _MAX_PARTS:
        return None
    try:
        return tuple(None if part == "**" else compile_segment(part) for part in parts)
    except PatternError:
        return None
