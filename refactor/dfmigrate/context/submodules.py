"""Git submodules that are not checked out: the build has files there that this folder lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.context.build_context import Context, normal

_FILE = ".gitmodules"
_PATH = re.compile(r"^\s*path\s*=\s*(\S.*?)\s*$", re.MULTILINE)


def missing_submodules(context: Context) -> tuple[str, ...]:
    """The folders of submodules that would be sent and are empty here, in the order of ``.gitmodules``: the one of the
    context, and those above it."""
    above = sorted(path for path in context.outside if path.endswith(f"/{_FILE}"))
    found = (path for file in (_FILE, *above) for path in _listed(context, file))
    return tuple(path for path in found if path and not _is_there(path, context))


def _listed(context: Context, file: str) -> Iterator[str]:
    """Its folders within the context, relative to that."""
    here = context.seen_from(file)
    for listed in _PATH.findall(context.companion(file) or ""):
        path = normal(listed)
        if here == ".":
            yield path
        elif here is not None and path.startswith(f"{here}/"):
            yield path.removeprefix(f"{here}/")


def _is_there(path: str, context: Context) -> bool:
    ignored = context.ignore is not None and context.ignore.ignores(path)
    return ignored or bool(context.below(path)) or path in context.unlisted
