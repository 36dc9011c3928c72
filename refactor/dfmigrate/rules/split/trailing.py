"""RUNs behind the last one that builds, which only make folders and set modes and owners: they stay as they stand."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dfmigrate.model import Action, StageModel

from .replay import Replay

_PROGRAMS = frozenset({"mkdir", "chmod", "chown", "chgrp", "touch"})


def without_trailing(building: Sequence[Replay], stage: StageModel) -> list[Replay]:
    """The RUNs of the builder, without those at the end that the runtime can run itself on the same files."""
    kept = list(building)
    while len(kept) > 1 and _stays(kept[-1], kept[:-1], stage):
        kept.pop()
    return kept


def _stays(item: Replay, earlier: Sequence[Replay], stage: StageModel) -> bool:
    actions = item.layer.actions
    if item.makes or item.dropped or not actions or not all(_is_small(action) for action in actions):
        return False
    # What is in both stages would run too early in the runtime, ahead of what is copied there.
    divided = item.commands is None or bool(item.commands)
    built = max(one.layer.line for one in earlier if one.makes or one.dropped or one is earlier[-1])
    return divided or all(_changes_later_files(action, item, built) for action in actions)


def _is_small(action: Action) -> bool:
    return action.certain and action.program in _PROGRAMS and None not in action.argv


def _changes_later_files(action: Action, item: Replay, line: int) -> bool:
    """A mode of files that a COPY behind that line brings: nothing is stored twice that was not before."""
    words = [word for word in action.argv[1:] if word is not None and not word.startswith("-")]
    if action.program not in ("chmod", "chown", "chgrp") or action.cwd is None or len(words) < 2:
        return False
    for word in words[1:]:
        path = posixpath.normpath(posixpath.join(action.cwd, word))
        writes = (*item.layer.files.exactly(path), *item.layer.files.below(path))
        if not writes or not all(one.origin.source == "context" and (one.origin.line or 0) > line for one in writes):
            return False
    return True
