"""Build arguments that choose the base image by way of others: ``ARG IMAGE_TAG=$VERSION-buster``."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context import Context
from dfmigrate_grammar import Dockerfile

from .expansion import referenced

_LARGE = 200_000
_DOCKERFILE = re.compile(r"(^|[./_-])(docker|container)file", re.IGNORECASE)


def unfolded(text: str, dockerfile: Dockerfile) -> str:
    """A FROM's text with each variable replaced that only puts another one into a longer tag."""
    for name in sorted(referenced(text)):
        values = [pair.value for line in dockerfile.global_args for pair in line.pairs if pair.name == name]
        value = values[-1] if values else None
        if value is not None and len(values) == 1 and referenced(value) and name not in referenced(value):
            text = value.join(re.split(rf"\$\{{{name}\}}|\${name}(?!\w)", text))
    return text


def is_set_elsewhere(name: str, context: Context | None) -> bool:
    """Whether a file of the project, other than a Dockerfile, names a build argument: it may be given another value."""
    if context is None or not context.complete:
        return True
    for path, entry in context.files.items():
        if _DOCKERFILE.search(posixpath.basename(path)):
            continue
        if entry.size <= _LARGE and name in (context.read(path) or ""):
            return True
    return False
