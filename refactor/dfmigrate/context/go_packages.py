"""The packages of a Go module: which files build on Linux, what they import, embed and declare."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import MAX_TEXT, Context
from dfmigrate.context.evidence import Place
from dfmigrate.context.source_text import MAX_BYTES, MAX_FILES, Source

_OTHER_SYSTEMS = frozenset(
    (
        "aix",
        "android",
        "darwin",
        "dragonfly",
        "freebsd",
        "illumos",
        "ios",
        "js",
        "netbsd",
        "openbsd",
        "plan9",
        "solaris",
        "wasip1",
        "windows",
    )
)
_PACKAGE = re.compile(r"^[ \t]*package\s+(\w+)", re.MULTILINE)
_MAIN = re.compile(r"^func\s+main\s*\(\s*\)", re.MULTILINE)
_IMPORT_BLOCK = re.compile(r"^import\s*(?:\(([^)]*)\)|([^\n]*))", re.MULTILINE)
_IMPORT = re.compile(r"(?:([\w.]+)\s+)?[\"`]([^\"`\n]+)[\"`]")
_EMBED = re.compile(r"^//go:embed[ \t]+([^\n]+)", re.MULTILINE)
_CONSTRAINT = re.compile(r"^//go:build[ \t]+([^\n]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Embed:
    """A pattern of ``//go:embed``, relative to the folder of its file."""

    pattern: str
    place: Place


@dataclass(frozen=True, slots=True)
class GoPackage:
    """One folder's Go package."""

    folder: str
    name: str
    files: tuple[str, ...]
    imports: frozenset[str]
    embeds: tuple[Embed, ...]
    has_main: bool

    @property
    def cgo(self) -> bool:
        return "C" in self.imports


@dataclass(frozen=True, slots=True)
class GoPackages:
    """All packages of a module by folder; ``complete`` is False when files were left out."""

    packages: Mapping[str, GoPackage]
    complete: bool


def go_packages(context: Context, folder: str) -> GoPackages:
    """Read the packages below a folder, without tests, other modules and other people's code."""
    by_folder: dict[str, list[str]] = {}
    size = 0
    complete = context.complete
    for count, path in enumerate(_go_files(context, folder), start=1):
        size += context.files[path].size
        if size > MAX_BYTES or count > MAX_FILES:
            complete = False
            break
        by_folder.setdefault(posixpath.dirname(path), []).append(path)
    packages: dict[str, GoPackage] = {}
    for where, paths in by_folder.items():
        sources = [Source(path, "go", text) for path in paths if (text := context.read(path, MAX_TEXT)) is not None]
        complete = complete and len(sources) == len(paths)
        package = _package(where, [source for source in sources if _builds_on_linux(source)])
        if package is not None:
            packages[where] = package
    return GoPackages(packages, complete)


def vendored_cgo(context: Context, folder: str) -> bool | None:
    """Whether vendored code uses cgo; None when it cannot be read whole."""
    prefix = posixpath.join(folder, "vendor")
    files = [path for path in context.below(prefix) if path.endswith(".go") and not path.endswith("_test.go")]
    if not context.complete or sum(context.files[path].size for path in files) > MAX_BYTES:
        return None
    for path in files:
        text = context.read(path, MAX_TEXT)
        if text is None:
            return None
        if '"C"' in text and _builds_on_linux(source := Source(path, "go", text)) and "C" in _imports(source):
            return True
    return False


def _go_files(context: Context, folder: str) -> Iterator[str]:
    """As the go command does, leave out ``vendor``, ``testdata``, and folders that start with ``_`` or a dot."""
    other_modules = {
        posixpath.dirname(path)
        for path in context.below(folder)
        if posixpath.basename(path) == "go.mod" and posixpath.dirname(path) != folder
    }
    for path in context.below(folder):
        if not path.endswith(".go") or path.endswith("_test.go") or posixpath.basename(path).startswith(("_", ".")):
            continue
        relative = posixpath.dirname(path)[len(folder) :].strip("/")
        parts = relative.split("/") if relative else []
        if any(part in ("vendor", "testdata") or part.startswith(("_", ".")) for part in parts):
            continue
        if any(path.startswith(f"{other}/") for other in other_modules):
            continue
        yield path


def _package(folder: str, sources: list[Source]) -> GoPackage | None:
    names = [found[1] for source in sources if (found := _PACKAGE.search(source.code))]
    if not names:
        return None
    return GoPackage(
        folder=folder,
        name=names[0],
        files=tuple(source.path for source in sources),
        imports=frozenset(name for source in sources for name in _imports(source)),
        embeds=tuple(embed for source in sources for embed in _embeds(source)),
        has_main="main" in names and any(_MAIN.search(source.code) for source in sources),
    )


def _imports(source: Source) -> Iterator[str]:
    for block in _IMPORT_BLOCK.finditer(source.code):
        for found in _IMPORT.finditer(block[1] or block[2] or ""):
            yield found[2]


def _embeds(source: Source) -> Iterator[Embed]:
    for found in _EMBED.finditer(source.text):
        for pattern in re.findall(r'"([^"]*)"|`([^`]*)`|(\S+)', found[1]):
            yield Embed(next(filter(None, pattern), "").removeprefix("all:"), source.place(found.start()))


def _builds_on_linux(source: Source) -> bool:
    """False only where the name or a plain constraint says so; anything unclear counts as built."""
    parts = posixpath.basename(source.path).removesuffix(".go").split("_")[1:]
    if any(part in _OTHER_SYSTEMS for part in parts[-2:]):
        return False
    declared = _PACKAGE.search(source.code)
    head = source.text[: declared.start()] if declared else source.text
    found = _CONSTRAINT.search(head)
    if found is None:
        return not re.search(r"^// \+build ignore\s*$", head, re.MULTILINE)
    terms = found[1].strip().replace("||", " ").split()
    return not all(term == "ignore" or term in _OTHER_SYSTEMS for term in terms)
