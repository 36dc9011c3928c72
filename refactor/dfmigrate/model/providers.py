"""Who brings a program that is called by its name or path."""

from __future__ import annotations

import posixpath

from dfmigrate.knowledge.packages import bringing, in_base

from .files import Kind
from .interpret import StageModel

SYSTEM = "the image or a package of its distribution"


def providers(program: str, stage: StageModel) -> frozenset[str]:
    """Who may bring a program: the base, a package, or a write. Several where that is not certain."""
    base = stage.base
    name = posixpath.basename(program)
    folders = [posixpath.dirname(program)] if program.startswith("/") else list(stage.final.search_path or ())
    found: set[str] = set()
    if "/" in program and not program.startswith("/"):
        folders = [posixpath.dirname(stage.final.absolute(program) or program)]
    for folder in folders:
        for write in stage.files.candidates(posixpath.join(folder, name)):
            found.add(f"{write.origin.source}:{write.origin.detail}")
            if write.kind is not Kind.TREE:
                return frozenset(found)
    if "/" in program and not program.startswith(("/bin/", "/usr/", "/sbin/", "/opt/")):
        return frozenset(found)
    if base is not None and base.distribution is not None:
        if not bringing(base.distribution, name).isdisjoint(stage.packages):
            return frozenset({SYSTEM})
        if name in base.tools or in_base(base.distribution, base.variant, name):
            return frozenset({SYSTEM})
    return frozenset(found)
