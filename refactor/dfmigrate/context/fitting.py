"""Whether a folder can be the build context of a Dockerfile at all: what the Dockerfile copies must be in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from dfmigrate.context.build_context import Context
from dfmigrate.knowledge.buildfiles import is_build_file


def missing_source(context: Context, sources: Iterable[str]) -> str | None:
    """The first COPY source that the folder does not hold; ``.`` when the folder holds nothing but build files."""
    for source in sources:
        clean = posixpath.normpath("/" + source).lstrip("/")
        if not clean:
            if all(is_build_file(path, ()) for path in context.files):
                return source
        elif not context.matches(clean):
            return source
    return None
