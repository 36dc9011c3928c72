"""Modules that the application's sources import, and programs that they call: those that the original had."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context.source_text import Source
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.links import find_program
from dfmigrate.verify.pair import Image, Pair
from dfmigrate.verify.regions import is_library

CHECK = "modules"
_PYTHON = re.compile(r"^[ \t]*(?:import[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)*)|from[ \t]+(\w[\w.]*)[ \t]+import)", re.M)
_NODE = re.compile(r"""\b(?:require|import)\s*\(\s*["']([^"'.][^"']*)["']|\bfrom\s+["']([^"'.][^"']*)["']""")
_RUBY = re.compile(r"""^[ \t]*require[ \t(]+["']([\w/-]+)["']""", re.M)
_CALLED = re.compile(
    r"""(?:subprocess\.\w+|Popen|check_output|check_call|os\.system|exec\.Command|exec(?:File)?(?:Sync)?|"""
    r"""spawn(?:Sync)?|shell_exec|popen|execa)\(\s*\[?\s*["']([\w./+-]+)"""
)
_DEVELOPERS = re.compile(
    r"(^|/)(tests?|__tests__|docs?|scripts|tools)/|(^|/)(setup|conftest)\.py$|\.config\.\w+$|[._](test|spec)\.\w+$|/test_[^/]*$|rc\.c?js$"
)


def modules(pair: Pair) -> Iterator[Finding]:
    """Imports that led to a package before and lead nowhere now."""
    told = set()
    for path, text in _sources(pair):
        for name in _imported(path, text):
            folders = _FOLDERS[posixpath.splitext(path)[1]]
            if name in told or _found(name, folders(path, pair.before), pair.before) is None:
                continue
            now = _found(name, folders(path, pair.after), pair.after)
            again = now is not None and _is_of_base_again(now, pair)
            if now is not None and not again:
                continue
            told.add(name)
            text = "has only that of its base image" if again else "does not have it"
            yield Finding(
                CHECK,
                _CODES[posixpath.splitext(path)[1]],
                Weight.BROKEN,
                name,
                f"{path} imports it, and the image {text}",
                "there",
                now,
                _line(path, pair),
                "copy the installed packages into the final stage",
            )
    yield from _called(pair)


def _line(path: str, pair: Pair) -> int:
    if posixpath.splitext(path)[1] in (".py", ".rb"):
        return pair.causes.base
    return pair.causes.path(posixpath.dirname(path) + "/node_modules")


def _called(pair: Pair) -> Iterator[Finding]:
    """Programs that a source starts by a literal name."""
    told = set()
    for path, text in _sources(pair):
        for name in _CALLED.findall(text):
            if name in told or find_program(name, pair.before) is None or find_program(name, pair.after) is not None:
                continue
            told.add(name)
            yield Finding(
                CHECK,
                "C10",
                Weight.BROKEN,
                name,
                f"{path} starts it, and the image does not have it",
                find_program(name, pair.before),
                None,
                pair.causes.base,
                "install its package in the final stage",
            )


def _sources(pair: Pair) -> Iterator[tuple[str, str]]:
    """Sources that are read while the application runs; for a compiled program those of the original."""
    running = (".py", ".js", ".mjs", ".cjs", ".php", ".rb")
    for path in pair.kept:
        silent = is_library(path) or _DEVELOPERS.search(path) is not None
        if path.endswith(running) and path in pair.after.files.texts and not silent:
            yield path, pair.after.files.texts[path].decode("utf-8", "replace")
    for path in pair.ours:
        gone = path not in pair.after.files.files and not path.endswith("_test.go")
        if path.endswith((".go", ".rs", ".c", ".cpp")) and gone and path in pair.before.files.texts:
            yield path, pair.before.files.texts[path].decode("utf-8", "replace")


def _imported(path: str, text: str) -> Iterator[str]:
    if path.endswith(".py"):
        for found in _PYTHON.finditer(text):
            for name in (found[1] or found[2]).split(","):
                yield name.strip().partition(".")[0]
    elif path.endswith((".js", ".mjs", ".cjs")):
        # Bundlers keep comments, and in those the types that sources import.
        for found in _NODE.finditer(Source(path, "node", text).code):
            name = found[1] or found[2]
            if not name.startswith(("node:", "/")):
                yield "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
    elif path.endswith(".rb"):
        for found in _RUBY.finditer(text):
            yield found[1].partition("/")[0]


def _python_folders(path: str, image: Image) -> Iterator[str]:
    for folder in image.files.folders:
        if folder.endswith(("/site-packages", "/dist-packages")):
            yield folder


def _gem_folders(path: str, image: Image) -> Iterator[str]:
    """The folder of every gem that is installed, by its name without the version."""
    for folder, names in image.files.folders.items():
        if folder.endswith("/gems"):
            for name in names:
                yield posixpath.join(folder, name, "lib")


def _node_folders(path: str, image: Image) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while True:
        yield posixpath.join(folder, "node_modules")
        if folder == "/":
            return
        folder = posixpath.dirname(folder)


_FOLDERS = {
    ".py": _python_folders,
    ".rb": _gem_folders,
    ".js": _node_folders,
    ".mjs": _node_folders,
    ".cjs": _node_folders,
}
_CODES = {".py": "B5", ".rb": "C11", ".js": "C7", ".mjs": "C7", ".cjs": "C7"}


def _found(name: str, folders: Iterator[str], image: Image) -> str | None:
    """Where a package or module lies, links followed."""
    for folder in folders:
        for candidate in (name, f"{name}.py", f"{name}.rb"):
            resolved = image.files.resolve(posixpath.join(folder, candidate))
            if resolved.file is not None:
                return resolved.path
    return None


def _is_of_base_again(path: str, pair: Pair) -> bool:
    return pair.is_of_base_again(path) or pair.is_of_base_again(f"{path}/__init__.py")
