"""Links that lead nowhere, and scripts whose interpreter is not there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.verify.accounts import EXECUTE, identity
from dfmigrate.verify.archive import Kind
from dfmigrate.verify.filesystem import Resolved
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.node_packages import dangling_needs, store_of
from dfmigrate.verify.pair import Image, Pair
from dfmigrate.verify.regions import is_library

_PYTHON = re.compile(r"^python(\d+\.\d+)$")
_FOLDER = re.compile(r"/lib/python(\d+\.\d+)/site-packages/")
_MOST = 10


def dangling_links(pair: Pair) -> Iterator[Finding]:
    """Links of the application that lead nowhere in the result, unless they did so before."""
    lost = tuple(_lost_links(pair))
    stored = {path for path, _ in lost if store_of(path) is not None}
    needs = dangling_needs(pair.after.files) if stored else frozenset()
    unused: dict[str, list[str]] = {}
    for path, now in lost:
        store = store_of(path)
        if store is not None and needs is not None and path not in needs:
            unused.setdefault(store, []).append(path)
            continue
        was = pair.before.files.resolve(path)
        yield Finding(
            "links",
            "A8" if "/node_modules/" in path else "A20",
            Weight.BROKEN,
            path,
            "the link leads in a circle" if now.loop else f"the link leads to {now.path}, which is not there",
            _target(was.path, was.file is not None),
            pair.kept[path].target,
            pair.causes.path(path),
            "copy what it points at too",
        )
    for store, paths in unused.items():
        one = len(paths) == 1
        which, whom = ("the link leads", "it") if one else (f"{len(paths)} links below it lead", "them")
        text = f"{which} nowhere, and no package that is kept needs {whom}"
        yield Finding("links", "A8", Weight.NOTE, paths[0] if one else store, text, line=pair.causes.path(store))


def _lost_links(pair: Pair) -> Iterator[tuple[str, Resolved]]:
    """The application's links that lead nowhere, but for those that did so in the original, and where they end."""
    for path, file in pair.kept.items():
        if file.kind is not Kind.LINK or file.target.startswith(("/proc/", "/dev/", "/run/")):
            continue
        now = pair.after.files.resolve(path)
        was = pair.before.files.resolve(path)
        if now.file is None and (was.file is not None or path not in pair.before.files.files):
            yield path, now


def shebangs(pair: Pair) -> Iterator[Finding]:
    """Interpreters of the executable scripts of the application."""
    told: dict[tuple[str, str], int] = {}
    for path, file in pair.kept.items():
        if not file.is_executable or file.shebang is None:
            continue
        problem = interpreter_problem(file.shebang, pair.after)
        if problem is None:
            continue
        old = pair.before.files.get(path)
        if old is not None and interpreter_problem(old.shebang or file.shebang, pair.before) is not None:
            continue
        folder = posixpath.dirname(path)
        told[folder, problem] = told.get((folder, problem), 0) + 1
        if told[folder, problem] > _MOST:
            continue
        on_path = folder in pair.after.config.search_path
        # What packages ship as examples and tools of their own is not started by anybody.
        weight = Weight.NOTE if is_library(path) and not on_path else Weight.BROKEN
        yield Finding(
            "shebangs",
            "B5" if "python" in file.shebang else "C10",
            weight,
            path,
            problem,
            f"#!{(old.shebang if old is not None else None) or file.shebang}",
            f"#!{file.shebang}",
            pair.causes.path(path),
            "keep the interpreter at the same path in both stages",
        )


def python_versions(pair: Pair) -> Iterator[Finding]:
    """Console scripts whose interpreter is another Python than the one that the packages beside them are for."""
    seen = set()
    for path, file in pair.kept.items():
        found = _FOLDER.search(path)
        if found is None or file.kind is not Kind.FILE:
            continue
        prefix = path[: found.start()]
        if (prefix, found[1]) in seen:
            continue
        seen.add((prefix, found[1]))
        versions = _versions_in(prefix, pair.after)
        if versions and found[1] not in versions:
            yield Finding(
                "shebangs",
                "B7",
                Weight.BROKEN,
                f"{prefix}/lib/python{found[1]}/site-packages",
                f"the packages are for Python {found[1]}, and the interpreter beside them is {', '.join(versions)}",
                found[1],
                ", ".join(versions),
                pair.causes.base,
                "use the same version of Python in both stages",
            )


def _versions_in(prefix: str, image: Image) -> tuple[str, ...]:
    """The versions of the interpreters in ``PREFIX/bin``, by the names of the programs that they lead to."""
    found = set()
    for name in image.files.names(f"{prefix}/bin"):
        if name.startswith("python"):
            resolved = image.files.resolve(f"{prefix}/bin/{name}")
            version = _PYTHON.match(posixpath.basename(resolved.path)) if resolved.file is not None else None
            if version is not None:
                found.add(version[1])
    return tuple(sorted(found))


def interpreter_problem(shebang: str, image: Image) -> str | None:
    """Why the kernel, or ``env``, does not start a script; None when it does."""
    words = shebang.split()
    if not words:
        return "the first line names no interpreter"
    resolved = image.files.resolve(words[0])
    if resolved.file is None or resolved.file.kind is not Kind.FILE:
        return f"its interpreter {words[0]} is not there"
    if not resolved.file.mode & 0o111:
        return f"its interpreter {words[0]} is not executable"
    if posixpath.basename(words[0]) != "env":
        return None
    rest = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    if rest and not rest[0].startswith("/") and find_program(rest[0], image) is None:
        return f"its interpreter {rest[0]} is not on PATH"
    return None


def find_program(name: str, image: Image, *, user_only: bool = False) -> str | None:
    """The path of a program as ``execvp`` finds it, links followed; with ``user_only`` by the image's user."""
    who = identity(image.config.user, image.files) if user_only else None
    places = [name] if "/" in name else [posixpath.join(folder or ".", name) for folder in image.config.search_path]
    for place in places:
        resolved = image.files.resolve(place, base=image.config.workdir)
        if resolved.file is None or resolved.file.kind is not Kind.FILE or not resolved.file.mode & 0o111:
            continue
        if who is None or (who.may(resolved.file, EXECUTE) and who.reaches(image.files, resolved) is None):
            return resolved.path
    return None


def _target(path: str, there: bool) -> str | None:
    return path if there else None
