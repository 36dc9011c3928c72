"""Package managers that a RUN downloads as one file, such as Composer."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from .actions import Action
from .files import Kind, Write
from .interpret import Layer


def is_fetched_installer(write: Write, layers: Sequence[Layer]) -> bool:
    """Whether a download wrote exactly this file, be it moved afterwards, and a command that calls it by its name
    installs dependencies."""
    if write.origin.source != "run" or write.kind is not Kind.FILE:
        return False
    actions = [action for layer in layers for action in layer.actions]
    fetched = any(action.role == "download" and write in action.writes for action in actions)
    fetched = fetched or any(write in action.writes and _moves_download(action, actions) for action in actions)
    roles = [action.role for action in actions if action.program == posixpath.basename(write.path)]
    return fetched and "dependency-install" in roles


def _moves_download(action: Action, actions: Sequence[Action]) -> bool:
    words = [word for word in action.argv[1:] if word is not None and not word.startswith("-")]
    if action.program != "mv" or action.cwd is None or None in action.argv or len(words) != 2:
        return False
    source = posixpath.normpath(posixpath.join(action.cwd, words[0]))
    downloads = [one for one in actions if one.role == "download"]
    return any(write.path == source and write.kind is Kind.FILE for one in downloads for write in one.writes)
