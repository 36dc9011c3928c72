"""The application's files: what the result lacks and whether anything refers to it, and what it has otherwise."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from dfmigrate.model import is_within
from dfmigrate.verify.archive import Kind
from dfmigrate.verify.filesystem import File
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.moved import Moved, moved
from dfmigrate.verify.pair import Pair
from dfmigrate.verify.references import COMPILED, TRANSPILED
from dfmigrate.verify.regions import is_library, is_system, library_folder

CHECK = "files"
_MOST_NAMES = 4
_MOST_IN_FOLDER = 5
"""Findings on single files of one folder; the rest is counted."""


def missing_files(pair: Pair) -> Iterator[Finding]:
    """What the original has and the result has not."""
    elsewhere = moved(pair)
    yield from _told(elsewhere, pair)
    gone = {
        path: file
        for path, file in pair.ours.items()
        if path not in pair.after.files.files
        and pair.after.files.resolve(path).file is None
        and path not in elsewhere.paths
    }
    tops = _tops(gone)
    copies = {(posixpath.basename(path), file.digest) for path, file in pair.kept.items() if file.digest}
    referred: dict[str, list[tuple[File, str]]] = {}
    for top, files in tops.items():
        folder = _opened(top, files, pair) if top in gone else None
        for file in files:
            if file.kind is Kind.FOLDER and len(files) > 1:
                continue
            who = folder or (pair.references.to(file.path) if file.kind is not Kind.FOLDER else None)
            if who is not None and not is_library(file.path) and not _is_elsewhere(file, copies, pair):
                referred.setdefault(top, []).append((file, who))
    for top, found in referred.items():
        yield from _broken(top, found, pair)
    for top, files in tops.items():
        said = {file.path for file, _ in referred.get(top, ())}
        rest = [file for file in files if file.kind is not Kind.FOLDER and file.path not in said]
        yield from _left_behind(top, rest, pair)


def new_files(pair: Pair) -> Iterator[Finding]:
    """What only the result has, by folder."""
    new = {
        path: file for path, file in pair.kept.items() if path not in pair.before.files.files and not is_system(path)
    }
    elsewhere = moved(pair).targets
    for top, files in _tops(new).items():
        rest = [file for file in files if file.path not in elsewhere and file.kind is not Kind.FOLDER]
        if rest:
            yield Finding(
                CHECK,
                "",
                Weight.NOTE,
                rest[0].path if len(rest) == 1 else top,
                f"only the migrated image has {_counted(rest, top)}",
                None,
                _size(rest),
                pair.causes.path(top),
            )


def _is_elsewhere(file: File, copies: set[tuple[str, bytes]], pair: Pair) -> bool:
    """Whether the same file is kept under another path, so that a relative name may well mean that one."""
    return (posixpath.basename(file.path), file.digest) in copies and file.path not in pair.references.words


def _told(elsewhere: Moved, pair: Pair) -> Iterator[Finding]:
    for before, after, count in elsewhere.folders:
        yield Finding(
            CHECK,
            "B5",
            Weight.DECLARED,
            before,
            f"{count} files of packages are in another folder",
            before,
            after,
            pair.causes.path(after),
        )


def _opened(top: str, files: Iterable[File], pair: Pair) -> str | None:
    """Who opens the whole folder, where it holds more than what a compiler reads."""
    if pair.ours[top].kind is not Kind.FOLDER or is_library(top + "/"):
        return None
    suffixes = (*COMPILED, *TRANSPILED)
    if not any(file.kind is Kind.FILE and not file.path.endswith(suffixes) for file in files):
        # An empty folder is missed by those that write into it.
        only = all(file.kind is Kind.FOLDER for file in files)
        return pair.references.to_folder(top) if only else None
    return pair.references.to_folder(top)


def _broken(top: str, found: list[tuple[File, str]], pair: Pair) -> Iterator[Finding]:
    for file, who in found[:_MOST_IN_FOLDER]:
        mount = pair.causes.cache_mount(file.path)
        empty = file.kind is Kind.FOLDER
        yield Finding(
            CHECK,
            "G3" if mount is not None else "A10" if empty else "A1",
            Weight.BROKEN,
            file.path,
            f"the {'folder' if empty else 'file'} is missing, and {who} refers to it",
            _described(file),
            None,
            mount if mount is not None else pair.causes.path(file.path),
            "copy it out of the cache in the same RUN" if mount is not None else "copy it into the final stage",
        )
    more = len(found) - _MOST_IN_FOLDER
    if more > 0:
        yield Finding(
            CHECK, "A1", Weight.BROKEN, top, f"{more} more files below it are missing that something refers to",
            line=pair.causes.path(top),
        )  # fmt: skip


def _left_behind(top: str, files: list[File], pair: Pair) -> Iterator[Finding]:
    if not files:
        return
    mount = pair.causes.cache_mount(top)
    what = _counted(files, top)
    yield Finding(
        CHECK,
        "G3" if mount is not None else "A1",
        Weight.NOTE,
        files[0].path if len(files) == 1 else top,
        f"{what} stayed behind, and nothing that is kept refers to {'it' if len(files) == 1 else 'them'}",
        _size(files),
        None,
        mount if mount is not None else pair.causes.path(top),
    )


def _tops(files: dict[str, File]) -> dict[str, list[File]]:
    """Grouped by the highest folder that is itself in the set, or by the folder in which single files are.

    What lies in the system's own folders is one group for each of its tops, and so are the packages of a language.
    """
    groups: dict[str, list[File]] = {}
    top = ""
    for path in sorted(files, key=lambda path: path.split("/")):
        shared = "/" + path.split("/")[1] if is_system(path) else library_folder(path)
        if shared is not None and shared not in files:
            groups.setdefault(shared, []).append(files[path])
            continue
        if not top or not is_within(path, top):
            top = path
        alone = top == path and files[path].kind is not Kind.FOLDER
        groups.setdefault(posixpath.dirname(path) if alone else top, []).append(files[path])
    return groups


def _counted(files: list[File], top: str) -> str:
    if len(files) == 1:
        return posixpath.basename(files[0].path)
    if library_folder(f"{top}/") == top:
        packages = dict.fromkeys(file.path.removeprefix(f"{top}/").split("/")[0] for file in files)
        return f"{len(files)} files of {len(packages)} packages ({_listed(list(packages))})"
    return f"{len(files)} files ({_listed([posixpath.basename(file.path) for file in files])})"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")


def _size(files: list[File]) -> str:
    total = sum(file.size for file in files)
    return f"{total / 1e6:.1f} MB" if total >= 100_000 else f"{total} bytes"


def _described(file: File) -> str:
    if file.kind is Kind.LINK:
        return f"link to {file.target}"
    return f"{file.kind.value}, mode {file.mode:04o}, owner {file.uid}:{file.gid}"
