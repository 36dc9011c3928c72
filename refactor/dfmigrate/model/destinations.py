"""Which paths a file command writes, read from its command line (``cp a b`` writes ``b``)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence

from .files import Kind

Target = tuple[str, Kind]
"""A path as written (perhaps relative) and what is put there."""

Words = Sequence[str]


def _positional(words: Words, takes_value: frozenset[str] = frozenset()) -> list[str]:
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in takes_value:
            skip = True
        elif not word.startswith("-") or word == "-":
            found.append(word)
    return found


def _option(words: Words, *names: str) -> str | None:
    """The value of an option in any of its forms: ``-o x``, ``--output x``, ``--output=x``, ``-ox``."""
    for index, word in enumerate(words):
        for name in names:
            if word == name and index + 1 < len(words):
                return words[index + 1]
            if name.startswith("--") and word.startswith(name + "="):
                return word[len(name) + 1 :]
            if (
                not name.startswith("--")
                and len(name) == 2
                and word.startswith(name)
                and len(word) > 2
                and name != "-o"
            ):
                return word[2:]
    return None


def _last(words: Words) -> tuple[Target, ...] | None:
    target = _option(words, "-t", "--target-directory")
    if target is not None:
        return ((target, Kind.TREE),)
    names = _positional(words)
    return ((names[-1], Kind.TREE),) if len(names) >= 2 else None


def _each(kind: Kind, takes_value: frozenset[str] = frozenset()) -> Callable[[Words], tuple[Target, ...]]:
    return lambda words: tuple((name, kind) for name in _positional(words, takes_value))


def _install(words: Words) -> tuple[Target, ...] | None:
    values = frozenset({"-m", "-o", "-g", "--mode", "--owner", "--group"})
    if any(word in ("-d", "--directory") for word in words):
        return tuple((name, Kind.DIRECTORY) for name in _positional(words, values))
    names = _positional(words, values)
    return ((names[-1], Kind.TREE),) if len(names) >= 2 else None


def _link(words: Words) -> tuple[Target, ...] | None:
    names = _positional(words)
    if len(names) == 1:
        return ((posixpath.basename(names[0].rstrip("/")), Kind.FILE),)
    return ((names[-1], Kind.TREE),) if len(names) == 2 else None


def _tar(words: Words) -> tuple[Target, ...] | None:
    if words and "C" not in words[0] and any(flag in words[0] for flag in ("c",)) and "x" not in words[0]:
        return None
    return ((_option(words, "-C", "--directory") or ".", Kind.TREE),)


def _curl(words: Words) -> tuple[Target, ...] | None:
    target = _option(words, "-o", "--output")
    if target is not None:
        return () if target in ("-", "/dev/null") else ((target, Kind.FILE),)
    if (
        any(word.startswith("-") and not word.startswith("--") and "O" in word for word in words)
        or "--remote-name" in words
    ):
        return ((".", Kind.TREE),)
    joined = next(
        (i for i, w in enumerate(words) if w.startswith("-") and not w.startswith("--") and w.endswith("o")), None
    )
    if joined is not None and joined + 1 < len(words):
        return ((words[joined + 1], Kind.FILE),)
    return ()


def _wget(words: Words) -> tuple[Target, ...] | None:
    target = _option(words, "-O", "--output-document")
    if target is None:
        joined = next(
            (i for i, w in enumerate(words) if w.startswith("-") and not w.startswith("--") and w.endswith("O")), None
        )
        target = words[joined + 1] if joined is not None and joined + 1 < len(words) else None
    if target is not None:
        return () if target in ("-", "/dev/null") else ((target, Kind.FILE),)
    return ((_option(words, "-P", "--directory-prefix") or ".", Kind.TREE),)


def _unzip(words: Words) -> tuple[Target, ...] | None:
    return ((_option(words, "-d") or ".", Kind.TREE),)


def _git(words: Words) -> tuple[Target, ...] | None:
    if not words or words[0] != "clone":
        return None
    names = _positional(words[1:], frozenset({"-b", "--branch", "--depth", "-c", "--config", "-o", "--origin"}))
    if not names:
        return None
    folder = names[1] if len(names) > 1 else posixpath.basename(names[0].rstrip("/")).removesuffix(".git")
    return ((folder, Kind.TREE),)


def _sed(words: Words) -> tuple[Target, ...] | None:
    if not any(word == "--in-place" or word.startswith(("-i", "--in-place=")) for word in words):
        return ()
    names = _positional(words, frozenset({"-e", "--expression", "-f"}))
    script_given = any(word in ("-e", "--expression", "-f") for word in words)
    return tuple((name, Kind.FILE) for name in (names if script_given else names[1:]))


def _compiled(words: Words) -> tuple[Target, ...] | None:
    target = _option(words, "-o")
    return ((target, Kind.FILE),) if target is not None else ((".", Kind.TREE),)


def _go(words: Words) -> tuple[Target, ...] | None:
    elsewhere = any(word.startswith("-C") for word in words)
    target = _option(words, "-o") if words and words[0] == "build" and not elsewhere else None
    return None if target is None or target.endswith("/") else ((target, Kind.FILE),)


def _dotnet(words: Words) -> tuple[Target, ...] | None:
    """``dotnet publish -o`` fills a folder, and leaves ``obj`` and ``bin`` beside the sources."""
    target = _option(words, "-o", "--output")
    if any(word.startswith(("-p:", "/p:", "-property:", "--property", "--artifacts-path")) for word in words):
        return None
    return None if target is None else ((target, Kind.TREE), ("obj", Kind.TREE), ("bin", Kind.TREE))


def _nothing(_words: Words) -> tuple[Target, ...]:
    return ()


_READERS: dict[str, Callable[[Words], tuple[Target, ...] | None]] = {
    "cp": _last,
    "mv": _last,
    "install": _install,
    "ln": _link,
    "mkdir": _each(Kind.DIRECTORY, frozenset({"-m", "--mode"})),
    "touch": _each(Kind.FILE, frozenset({"-t", "-d", "-r"})),
    "tee": _each(Kind.FILE),
    "tar": _tar,
    "unzip": _unzip,
    "curl": _curl,
    "wget": _wget,
    "git": _git,
    "sed": _sed,
    "go": _go,
    "dotnet": _dotnet,
    "venv": _each(Kind.TREE),
    **dict.fromkeys(("chown", "chmod", "chgrp", "rm", "rmdir", "setcap"), _nothing),
    **dict.fromkeys(("gcc", "g++", "cc", "c++", "clang", "clang++"), _compiled),
}


def destinations(argv: Sequence[str | None]) -> tuple[Target, ...] | None:
    """The paths that a file command writes; None when the command is not one, or a word of it is not literal."""
    if not argv or argv[0] is None:
        return None
    reader = _READERS.get(argv[0])
    if reader is None or None in argv:
        return None
    return reader([word for word in argv[1:] if word is not None])
