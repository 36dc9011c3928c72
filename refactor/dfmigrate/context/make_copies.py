"""What ``cp``, ``mv`` and ``install`` of a recipe leave."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

_FOLDERS = frozenset(
    f"{prefix}/{name}"
    for prefix in ("/usr", "/usr/local")
    for name in ("bin", "sbin", "lib", "include", "share", "share/man/man1", "share/man/man8")
)
"""Folders that every system has, whatever is written behind them."""
_VALUES = frozenset({"-m", "--mode", "-o", "--owner", "-g", "--group"})
_OPEN = re.compile(r"0?[0-7]?[0-7][0-7][4-7]")
"""Modes with which everybody can read what is installed."""
_JOINED = re.compile(rf"(?:-D?m|--mode=){_OPEN.pattern}")
_PLAIN = frozenset({"-c", "-p", "-s", "-v", "-D", "-T", "-C", "-b"})


def copied(words: Sequence[str]) -> tuple[str, ...] | None:
    """The files that a copy leaves; None when the last word may be a folder or a file."""
    if len(words) < 2:
        return None
    *sources, target = words
    names = [posixpath.basename(word.rstrip("/")) for word in sources]
    if target.endswith("/") or len(sources) > 1 or posixpath.normpath(target) in _FOLDERS:
        return tuple(posixpath.join(target, name) for name in names)
    last = posixpath.basename(target)
    # A program that keeps its name is not laid into a folder of that name.
    return (target,) if "." in last or last == names[0] else None


def installed(words: Sequence[str]) -> tuple[str, ...] | None:
    """The files and folders that ``install`` makes; None for options that are not known."""
    rest: list[str] = []
    folders = False
    pending = list(words)
    while pending:
        word = pending.pop(0)
        if word in _VALUES and pending:
            given = pending.pop(0)
            if not (_OPEN.fullmatch(given) if word in ("-m", "--mode") else given in ("root", "0")):
                return None
        elif word in ("-d", "--directory"):
            folders = True
        elif not word.startswith("-"):
            rest.append(word)
        elif word not in _PLAIN and not _JOINED.fullmatch(word):
            return None
    return tuple(rest) if folders else copied(rest)
