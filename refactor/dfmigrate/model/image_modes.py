"""``chown``, ``chgrp`` and ``chmod`` of what the base image brings: no COPY carries that over to another stage."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .actions import Action
from .files import FileSystem, is_within
from .interpret import Layer, StageModel

_PROGRAMS = frozenset({"chown", "chgrp", "chmod"})
_PASSING = ("/tmp", "/var/tmp", "/dev", "/proc", "/sys")
"""Folders that everybody may write already, or that the engine lays over."""

ACCOUNTS = ("/etc/passwd", "/etc/group")
"""Files that every distribution brings, whatever commands add to them."""


@dataclass(frozen=True, slots=True)
class Target:
    """One path whose owner or mode a command changes."""

    path: str
    literal: bool
    """False for a word with a wildcard or an unknown variable: ``path`` is the folder in which it may lie."""


def changes_modes(action: Action) -> bool:
    return action.program in _PROGRAMS


def mode_targets(action: Action) -> tuple[Target, ...]:
    """What ``chown``, ``chgrp`` or ``chmod`` changes; empty for every other command."""
    if not changes_modes(action):
        return ()
    words = [word for word in action.argv[1:] if word is None or not _is_option(word)]
    written = [word for word in action.text.split()[1:] if not _is_option(word)]
    first = 0 if any((word or "").startswith("--reference") for word in action.argv) else 1
    found = []
    for at, word in enumerate(words[first:], start=first):
        text = word if word is not None else _folder(written[at]) if len(written) == len(words) else "."
        # Where the directory is not known, as in a subshell, it is one of the project's.
        if action.cwd is not None or text.startswith("/"):
            found.append(Target(posixpath.normpath(posixpath.join(action.cwd or "/", text)), word is not None))
    return tuple(found)


def changed_of_image(
    at: int, layer: Layer, files: FileSystem, stage: StageModel, roots: Sequence[str]
) -> tuple[Target, ...]:
    """What the command at one place of a RUN changes and the base image may have brought; ``files`` are those that it
    finds, ``roots`` the folders of the application."""
    action = layer.actions[at]
    return tuple(
        target
        for target in (*mode_targets(action), *_listed(action, layer))
        if is_the_images(target.path, files, roots)
        and not any(is_within(target.path, folder) for folder in _PASSING)
        and not _belongs_already(target.path, action, stage)
    )


def _listed(action: Action, layer: Layer) -> Iterator[Target]:
    """What a loop or ``find`` may hand over to a command that names no path: those that no other command names."""
    script = layer.reading.script if layer.reading is not None else None
    if not changes_modes(action) or script is None:
        return
    if all(target.literal for target in mode_targets(action)) and not action.text.startswith("xargs"):
        return
    text = script.text
    for other in layer.actions:
        if other.role != "inspection":
            start, end = other.span
            text = text[:start] + " " * (end - start) + text[end:]
    for path in re.findall(r"(?<![\w./$}>-])/[\w.+/-]+", text):
        yield Target(posixpath.normpath(path), False)


def is_the_images(path: str, files: FileSystem, roots: Sequence[str]) -> bool:
    """Whether the base image may have put a path there: it is known to, or nothing that the file did put it there.
    What lies below a folder may have been laid into one of the image's; of the application's folders nobody else has
    any."""
    if path in files.given or path in ACCOUNTS:
        return files.brings(path)
    own = files.candidates(path) or (files.has_below(path) and any(is_within(path, root) for root in roots))
    return not own and files.brings(path)


def own_folders(stage: StageModel) -> tuple[str, ...]:
    """Folders that images of the language alone have, such as the compiler's: another runtime has them not."""
    base = stage.base
    if base is None or base.root_required is not None:
        return ()
    named = [base.workdir, *(value or "" for name, value in base.environment.items() if name != "PATH")]
    return tuple(path for path in named if path.startswith("/") and path != "/")


def found_by(index: int, layers_before: FileSystem, actions: Sequence[Action]) -> FileSystem:
    """The files that the command at ``index`` of a RUN finds."""
    return layers_before.add(write for action in actions[:index] for write in action.writes)


def _belongs_already(path: str, action: Action, stage: StageModel) -> bool:
    """A home directory that is given to the user whose it is."""
    owner = next((word for word in action.argv[1:] if word is None or not _is_option(word)), None)
    name, _, group = (owner or "").partition(":")
    if group not in ("", name):
        return False
    users = stage.base.users if stage.base is not None else ()
    homes = [user.home for user in users if name in (user.name, str(user.uid)) and user.home != "/"]
    return action.program == "chown" and any(is_within(path, home) for home in homes)


def _is_option(word: str) -> bool:
    # `chmod -x` takes a mode that looks like an option.
    return word.startswith("-") and not re.fullmatch(r"-[rwxXst]+", word)


def _folder(text: str) -> str:
    literal = re.split(r"[*?\[{$`\"']", text, maxsplit=1)[0]
    return literal.rpartition("/")[0] or ("/" if literal.startswith("/") else ".")
