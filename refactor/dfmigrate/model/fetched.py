"""Archives that a RUN downloads and unpacks: where their content lands, as far as their address tells."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace

from dfmigrate.knowledge.fetched import FetchedSource, archive_folder, fetched_source

from .actions import Action
from .files import Kind, is_within

_QUIET = re.compile(r"-(?:q|nv|-quiet|-no-verbose|[fsSLk]+|-fail|-silent|-location)")
_EXTRACTS = re.compile(r"-?x[vzp]*f")
_USUAL = frozenset({"/usr/local", "/usr", "/etc"})
"""Where ``make install`` may put things when nothing more is known."""


_FETCHING = frozenset({"wget", "curl", "tar"})


def is_concerned(action: Action) -> bool:
    """Whether what an archive's address tells may make an action's writes more exact."""
    return action.program in _FETCHING or (action.facts is not None and action.facts.installs)


def downloaded(action: Action) -> tuple[str, str] | None:
    """The file that ``wget ADDRESS`` or ``curl -o FILE ADDRESS`` leaves, and the address of the archive."""
    if action.program not in ("wget", "curl") or action.cwd is None or None in action.argv or not action.certain:
        return None
    rest = [word or "" for word in action.argv[1:]]
    target: str | None = None
    addresses: list[str] = []
    named = action.program == "wget"
    while rest:
        word = rest.pop(0)
        if (word in ("-O", "--output-document", "-qO") and action.program == "wget" and rest) or (
            re.fullmatch(r"-[fsSLk]*o", word) and action.program == "curl" and rest
        ):
            target = rest.pop(0)
        elif re.fullmatch(r"-[fsSLk]*O[fsSLk]*", word) and action.program == "curl":
            named = True
        elif not word.startswith("-"):
            addresses.append(word)
        elif not _QUIET.fullmatch(word):
            return None
    if len(addresses) != 1 or archive_folder(addresses[0]) is None or (target is None and not named):
        return None
    name = target if target is not None else addresses[0].rpartition("/")[2]
    return (posixpath.normpath(posixpath.join(action.cwd, name)), addresses[0]) if name != "-" else None


def unpacked(action: Action) -> tuple[str, str] | None:
    """The archive that a plain ``tar xf`` unpacks, and the folder into which it does so."""
    words = [word or "" for word in action.argv[1:]]
    if action.program != "tar" or action.cwd is None or None in action.argv or not action.certain or len(words) < 2:
        return None
    if not _EXTRACTS.fullmatch(words[0]) or len(words) not in (2, 4) or (len(words) == 4 and words[2] != "-C"):
        return None
    archive = posixpath.normpath(posixpath.join(action.cwd, words[1]))
    return archive, posixpath.normpath(posixpath.join(action.cwd, words[3] if len(words) == 4 else "."))


def narrowed(action: Action, earlier: Sequence[Action]) -> Action:
    """The action with its writes as exact as the address of an archive tells."""
    fetched = downloaded(action)
    if fetched is not None and len(action.writes) == 1:
        return replace(action, writes=(replace(action.writes[0], path=fetched[0], kind=Kind.FILE),))
    folder = _top_folder(action, earlier)
    if folder is not None and len(action.writes) == 1:
        return replace(action, writes=(replace(action.writes[0], path=folder),))
    source = source_at(action.cwd, earlier)
    if source is None or not source.within_prefix or action.facts is None or not action.facts.installs:
        return action
    rest = tuple(write for write in action.writes if write.path not in _USUAL)
    # Only where a prefix was said does it leave the usual places alone.
    elsewhere = any(action.cwd is None or not is_within(write.path, action.cwd) for write in rest)
    return replace(action, writes=rest) if elsewhere else action


def _top_folder(action: Action, earlier: Sequence[Action]) -> str | None:
    found = unpacked(action)
    folder = archive_folder(_address_of(found[0], earlier)) if found is not None else None
    return posixpath.join(found[1], folder) if found is not None and folder is not None else None


def _address_of(path: str, earlier: Sequence[Action]) -> str:
    """Where a file was fetched from last; "" where that is not known."""
    fetched = [one for action in earlier if (one := downloaded(action)) is not None]
    return next((address for where, address in reversed(fetched) if where == path), "")


def source_at(cwd: str | None, earlier: Sequence[Action]) -> FetchedSource | None:
    """The sources in whose folder a command works."""
    steps = [action for action in earlier if action.program in _FETCHING]
    for index, action in enumerate(steps):
        folder = _top_folder(action, steps[:index])
        if folder is not None and cwd is not None and is_within(cwd, folder):
            archive = unpacked(action)
            return fetched_source(_address_of(archive[0], steps[:index])) if archive is not None else None
    return None
