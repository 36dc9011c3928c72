"""Git submodules that are not checked out: the build has files there that this folder lacks."""

from __future__ import annotations

import re

from dfmigrate.context.build_context import Context, normal

_FILE = ".gitmodules"
_PATH = re.compile(r"^\s*path\s*=\s*(\S.*?)\s*$", re.MULTILINE)


def missing_submodules(context: Context) -> tuple[str, ...]:
    """The folders of submodules that would be sent and are empty here, in the order of ``.gitmodules``."""
    text = context.outside.get(_FILE) or (context.read(_FILE) if _FILE in context.files else None) or ""
    paths = (normal(found) for found in _PATH.findall(text))
    return tuple(path for path in paths if path and not _is_there(path, context))


def _is_there(path: str, context: Context) -> bool:
    ignored = context.ignore is not None and context.ignore.ignores(path)
    return ignored or bool(context.below(path)) or path in context.unlisted
