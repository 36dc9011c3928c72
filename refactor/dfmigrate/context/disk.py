"""The one place that reads the disk for a context: a bounded walk that follows no link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dfmigrate.context.build_context import MAX_TEXT, Context, Entry, decode, is_companion, parents
from dfmigrate.context.ignore_file import IgnoreFile, Verdicts, parse_ignore_file

MAX_FILES = 20_000
MAX_DEPTH = 64
UNLISTED = frozenset({".git", "node_modules"})
"""Folders that are noted but not entered: large, never written by hand, and of no say in what a project is like."""

_MAX_SEEN = 200_000
_COMPANION_LEVELS = 3
_MOST_COMPANIONS = 100
"""Files of one folder that tell how the image is used; far more than a project has."""


def read_context(folder: Path, dockerfile: Path) -> Context:
    """List what the builder would send of ``folder``; file texts are read later, on demand."""
    root = Path(os.path.normpath(folder.absolute()))
    ignore = _ignore_file(root, dockerfile.absolute())
    walk = _Walk()
    if ignore is not None and ignore.error is not None:
        walk.problems.append((ignore.path, ignore.error))
        walk.complete = False
    _walk(root, ignore, walk)

    def reader(path: str, limit: int) -> bytes | None:
        return _read_file(root / path, limit)

    return Context(
        files=dict(sorted(walk.files.items())),
        folders=frozenset(walk.folders),
        dockerfile=Path(os.path.relpath(dockerfile.absolute(), root)).as_posix(),
        reader=reader,
        ignore=ignore,
        complete=walk.complete,
        has_git=os.path.lexists(root / ".git"),
        outside=dict(_companions(root, walk.files)),
        above=tuple(path.name for path in (root, *root.parents)[:_COMPANION_LEVELS]),
        unlisted=frozenset(walk.unlisted),
        problems=tuple(sorted(walk.problems)),
    )


@dataclass(slots=True)
class _Walk:
    files: dict[str, Entry] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    unlisted: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    complete: bool = True
    seen: int = 0


def _walk(root: Path, ignore: IgnoreFile | None, walk: _Walk) -> None:
    """Breadth first, so that a cut loses the deepest files and not the manifests."""
    level: list[tuple[str, Verdicts]] = [("", ())]
    for _ in range(MAX_DEPTH):
        below: list[tuple[str, Verdicts]] = []
        for folder, above in level:
            for entry, path in _scan(root, folder, walk):
                ignored, verdicts = (False, ()) if ignore is None else ignore.decide(path, above)
                if entry.is_dir(follow_symlinks=False):
                    if not ignored:
                        walk.folders.add(path)
                    if entry.name in UNLISTED:
                        if not ignored:
                            walk.unlisted.append(path)
                    elif not ignored or (ignore is not None and ignore.has_exceptions):
                        below.append((path, verdicts))
                elif not ignored:
                    _add_file(entry, path, walk)
                if len(walk.files) > MAX_FILES or walk.seen > _MAX_SEEN:
                    walk.complete = False
                    walk.problems.append(("", "too many files"))
                    return
        if not below:
            return
        level = below
    walk.complete = False
    walk.problems.append(("", "folders nested too deeply"))


def _scan(root: Path, folder: str, walk: _Walk) -> Iterator[tuple[os.DirEntry[str], str]]:
    try:
        with os.scandir(root / folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        walk.complete = False
        walk.problems.append((folder, error.strerror or "unreadable"))
        return
    for entry in entries:
        walk.seen += 1
        if not _is_text(entry.name):
            walk.problems.append((folder, "a file name that is not UTF-8"))
            walk.complete = False
            continue
        yield entry, f"{folder}/{entry.name}" if folder else entry.name


def _add_file(entry: os.DirEntry[str], path: str, walk: _Walk) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
        link = str(Path(entry.path).readlink()) if stat.S_ISLNK(status.st_mode) else None
    except OSError as error:
        walk.complete = False
        walk.problems.append((path, error.strerror or "unreadable"))
        return
    if link is None and not stat.S_ISREG(status.st_mode):
        return
    mode = stat.S_IMODE(status.st_mode) if link is None else None
    walk.files[path] = Entry(path, status.st_size, mode is not None and bool(mode & 0o111), link, mode)
    walk.folders.update(parents(path))


def _ignore_file(root: Path, dockerfile: Path) -> IgnoreFile | None:
    own = dockerfile.with_name(dockerfile.name + ".dockerignore")
    for path in (own, root / ".dockerignore"):
        if not os.path.lexists(path):
            continue
        name = Path(os.path.relpath(path, root)).as_posix()
        data = _read_file(path, MAX_TEXT)
        if data is None:
            return IgnoreFile(name, (), "unreadable")
        return parse_ignore_file(name, data.decode("utf-8", "replace"))
    return None


def _companions(root: Path, sent: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    """Compose files and pipelines that are not sent: in the context itself, and above it up to the repository's
    root."""
    folder = root
    for level in range(_COMPANION_LEVELS + 1):
        try:
            names = sorted(path.name for path in folder.iterdir() if is_companion(path.name))
        except OSError:
            return
        for name in (*names[:_MOST_COMPANIONS], ".do/app.yaml", ".circleci/config.yml", *_workflows(folder)):
            data = None if level == 0 and name in sent else _read_file(folder / name, MAX_TEXT)
            text = None if data is None else decode(data)
            if text is not None:
                yield "../" * level + name, text
        if os.path.lexists(folder / ".git") or folder.parent == folder or not _inside_repository(folder):
            return
        folder = folder.parent


def _workflows(folder: Path) -> list[str]:
    """GitHub's pipelines."""
    try:
        names = sorted(path.name for path in (folder / ".github/workflows").iterdir())
    except OSError:
        return []
    return [f".github/workflows/{name}" for name in names if name.endswith((".yml", ".yaml"))][:_MOST_COMPANIONS]


def _inside_repository(folder: Path) -> bool:
    return any(os.path.lexists(above / ".git") for above in list(folder.parents)[:_COMPANION_LEVELS])


def _read_file(path: Path, limit: int) -> bytes | None:
    """A regular file's bytes. Opened without following a link and without waiting on a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        data = file.read(limit + 1)
    return data if len(data) <= limit else None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
