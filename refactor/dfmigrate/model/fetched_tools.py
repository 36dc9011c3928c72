"""Package managers that a RUN downloads as one file, such as Composer."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from .files import Kind, Write
from .interpret import Layer


def is_fetched_installer(write: Write, layers: Sequence[Layer]) -> bool:
    """Whether a download wrote exactly this file, and a command that calls it by its name installs dependencies."""
    if write.origin.source != "run" or write.kind is not Kind.FILE:
        return False
    actions = [action for layer in layers for action in layer.actions]
    fetched = any(action.role == "download" and write in action.writes for action in actions)
    roles = [action.role for action in actions if action.program == posixpath.basename(write.path)]
    return fetched and "dependency-install" in roles
