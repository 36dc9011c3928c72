"""Sources that are only bundled for a browser, and where the compiled file that is started came from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from dfmigrate.context.node import NodeProject
from dfmigrate.context.node_config import settings_of
from dfmigrate.context.node_start import Program

_OUT = ("-d", "--out-dir")
_ENDINGS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs")


def bundle_entries(project: NodeProject) -> tuple[str, ...]:
    """What webpack is told to begin with, on its command line or in its configuration, as far as it is literal."""
    named: list[str] = []
    for program in _programs(project):
        if program.name != "webpack" or program.folder != project.folder:
            continue
        named += [word for word in program.words[1:] if word is not None and word.startswith("./")]
        entry = settings_of(project.context, project.folder, "webpack.config", "entry")
        named += [entry.value] if entry.value is not None else []
    return tuple(dict.fromkeys(posixpath.normpath(posixpath.join(project.folder, name)) for name in named))


def compiled_from(project: NodeProject, path: str) -> str | None:
    """The source that Babel makes a file of: ``src/server.js`` for ``dist/server.js``; a file of the context itself."""
    if path in project.context.files:
        return path
    for program in _programs(project):
        if program.name != "babel":
            continue
        out, source = _folders(program)
        if out is None or source is None or not path.startswith(f"{out}/"):
            continue
        stem = posixpath.join(source, posixpath.relpath(path, out))
        stem = stem.removesuffix(".js")
        return next((stem + ending for ending in _ENDINGS if stem + ending in project.context.files), None)
    return None


def _folders(program: Program) -> tuple[str | None, str | None]:
    """Babel's output folder and its one source folder, as context paths."""
    words, out = list(program.words[1:]), None
    operands: list[str] = []
    while words:
        word = words.pop(0) or ""
        if word in _OUT and words:
            out = words.pop(0)
        elif word.startswith("-"):
            # Its other options take a value, or none: only what is a folder counts as a source.
            continue
        else:
            operands.append(word)
    folders = [word for word in operands if re.fullmatch(r"(\./)?[\w./-]+", word)]
    joined = [posixpath.normpath(posixpath.join(program.folder, word)) for word in folders]
    return (
        posixpath.normpath(posixpath.join(program.folder, out)) if out else None,
        joined[0] if joined else None,
    )


def _programs(project: NodeProject) -> Iterator[Program]:
    for name in project.scripts:
        yield from project.build(name).closure.programs


def only_bundled(project: NodeProject, started: Iterable[str], mode: str | None) -> frozenset[str]:
    """Sources that a bundler begins with or reaches, and nothing that is started does.

    Empty where what is started cannot be followed to its end. ``started`` are the files that Node is given.
    """
    entries = bundle_entries(project)
    sources = [compiled_from(project, path) for path in started]
    if not entries or not sources or None in sources:
        return frozenset()
    reached = project.imports([path for path in sources if path is not None], mode)
    if reached.dynamic or not reached.files:
        return frozenset()
    return frozenset(project.imports(entries, mode).files) - frozenset(reached.files)
