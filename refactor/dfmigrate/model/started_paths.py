"""The paths that the words of start commands lead to: arguments, the parts of a class path, values of options."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context.remembered import remembered

from .called import start_scripts
from .interpret import Build
from .starts import own_commands, served

_OPTION = re.compile(r"-[\w.-]{0,64}+(?::[\w.-]{0,64}?)??[=:](?=[\w./])")
_MOST_TEXT = 100_000
_MOST_FOLDERS = 16
_PLAIN = re.compile(r"[\w./@+-]+")
_WORD = re.compile(r"[^\s\"'`;|&()<>]+")
_ENTERED = re.compile(r"\bcd\s+[\"']?([\w./@+-]+)")


@remembered
def started_paths(build: Build) -> frozenset[str]:
    """Absolute paths, whether or not something is there, seen from each folder that a command may enter."""
    return frozenset(_paths(build))


def _paths(build: Build) -> Iterator[str]:
    for one in served(build.final.final, build.context):
        commands = own_commands(one, build.context) or ()
        texts = [command.text for command in (one.entrypoint, one.command) if command is not None]
        words = [part for argv in commands for word in argv for part in _parts(word)]
        yield from _seen(words, texts, one.workdir)
    for script in start_scripts(build):
        text = (build.context.read(script.path) if build.context is not None else None) or ""
        words = [part for word in set(_WORD.findall(text[:_MOST_TEXT])) for part in _parts(word)]
        yield from _seen(words, [text[:_MOST_TEXT]], build.final.final.workdir)


def _seen(words: list[str], texts: list[str], workdir: str | None) -> Iterator[str]:
    folders = [workdir or "/"]
    for target in [found for text in texts for found in _ENTERED.findall(text)][:_MOST_FOLDERS]:
        folders.append(posixpath.join(folders[-1], target))
    for word in words:
        yield from (posixpath.normpath(posixpath.join(folder, word)) for folder in folders)


def _parts(word: str | None) -> Iterator[str]:
    """``a/b`` of itself, of ``x:a/b:y``, of ``a/b/*`` and of ``--option=a/b``."""
    option = _OPTION.match(word or "")
    for part in (word or "")[option.end() if option is not None else 0 :].split(":"):
        path = part.removesuffix("*").rstrip("/") or part
        if _PLAIN.fullmatch(path) and not path.startswith("-"):
            yield path
