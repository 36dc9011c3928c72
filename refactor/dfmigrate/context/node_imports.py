"""Which packages JavaScript files load when they run, and whether production dependencies bring them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.evidence import Place
from dfmigrate.context.node import NodeProject
from dfmigrate.context.node_branches import without_untaken
from dfmigrate.context.node_start import Need, package_need, package_of
from dfmigrate.context.source_text import Source, literal_at

_MAX_FILES = 3_000
_ENDINGS = ("", ".js", ".mjs", ".cjs", ".json", ".ts", ".mts", ".cts", ".tsx", ".jsx", ".node")
_CODE = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_CALL = re.compile(r"(?<![\w.$])(?:require|import|require\.resolve)\s*\(\s*")
_STATEMENT = re.compile(r"(?<![\w.$])(?:import|export)\b(?!\s*\()(?P<what>[^;'\"`()=]{0,2000}?)(?:\bfrom\s*)?(?=['\"])")
_BUILT_IN = frozenset(
    {
        *("assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram"),
        *(
            "diagnostics_channel",
            "dns",
            "domain",
            "events",
            "fs",
            "http",
            "http2",
            "https",
            "inspector",
            "module",
            "net",
        ),
        *("os", "path", "perf_hooks", "process", "punycode", "querystring", "readline", "repl", "stream", "sys"),
        *(
            "string_decoder",
            "timers",
            "tls",
            "trace_events",
            "tty",
            "url",
            "util",
            "v8",
            "vm",
            "wasi",
            "worker_threads",
        ),
        *("zlib", "bun"),
    }
)


@dataclass(frozen=True, slots=True)
class Imports:
    """What a set of files loads, files that they load included."""

    files: tuple[str, ...]
    packages: Mapping[str, tuple[Need, Place]]
    """Package -> where it comes from, and the first place that loads it."""
    unresolved: tuple[tuple[str, Place], ...]
    """Relative modules that are not in the context, such as build output."""
    dynamic: tuple[Place, ...]
    """Where a module with a computed name is loaded."""

    @property
    def development(self) -> tuple[tuple[str, Place], ...]:
        """Packages that go away with the development dependencies."""
        return tuple((name, place) for name, (need, place) in self.packages.items() if need is Need.DEVELOPMENT)

    @property
    def closed(self) -> bool | None:
        """Whether production dependencies bring everything that is loaded; None when that is not known."""
        if self.development:
            return False
        unknown = any(need is Need.UNKNOWN for need, _ in self.packages.values())
        return None if unknown or self.unresolved or self.dynamic else True


def node_imports(project: NodeProject, files: Iterable[str], mode: str | None = None) -> Imports:
    """Follow the modules that these files load. Imports of types only do not count, nor branches that ``mode``
    excludes."""
    context = project.context
    seen: dict[str, None] = {}
    packages: dict[str, tuple[Need, Place]] = {}
    unresolved: dict[str, Place] = {}
    dynamic: list[Place] = []
    pending = [found for path in files if (found := _resolve(project, path)) is not None]
    while pending:
        path = pending.pop(0)
        if path in seen or len(seen) >= _MAX_FILES:
            continue
        seen[path] = None
        text = context.read(path) if path.endswith(_CODE) else ""
        if text is None:
            unresolved.setdefault(path, Place(path))
            continue
        for module, place in _modules(Source(path, "node", text), mode):
            if module is None:
                dynamic.append(place)
            elif module.startswith("."):
                target = _resolve(project, posixpath.join(posixpath.dirname(path), module))
                if target is None:
                    unresolved.setdefault(module, place)
                else:
                    pending.append(target)
            elif module.partition("/")[0] not in _BUILT_IN and not module.startswith(("node:", "bun:")):
                name = package_of(module)
                packages.setdefault(name, (package_need(project, name), place))
    if len(seen) >= _MAX_FILES:
        dynamic.append(Place(pending[0] if pending else project.path))
    return Imports(tuple(seen), packages, tuple(unresolved.items()), tuple(dynamic))


def _modules(source: Source, mode: str | None) -> Iterator[tuple[str | None, Place]]:
    code = without_untaken(source, mode)
    for found in _CALL.finditer(code):
        literal = literal_at(code, found.end(), source.language)
        if literal is None or literal.value is None:
            # `import(` in a type and `require()` without an argument load nothing.
            if code[found.end() : found.end() + 1] != ")":
                yield None, source.place(found.start())
        else:
            yield literal.value, source.place(found.start())
    for found in _STATEMENT.finditer(code):
        what = found["what"].strip()
        if what.startswith("type ") and not what.startswith("type from"):
            continue
        if what and not re.search(r"\bfrom\s*\Z", found[0]):
            continue
        literal = literal_at(code, found.end(), source.language)
        if literal is not None and literal.value is not None:
            yield literal.value, source.place(found.start())


def _resolve(project: NodeProject, path: str) -> str | None:
    clean = posixpath.normpath(path)
    if clean.startswith(".."):
        return None
    files = project.context.files
    stem = "" if clean == "." else clean
    for ending in _ENDINGS:
        if stem + ending in files:
            return stem + ending
    # TypeScript names the output in its imports: `./a.js` stands for `a.ts`.
    if stem.endswith((".js", ".mjs", ".cjs")):
        renamed = re.sub(r"js$", "ts", stem)
        if renamed in files:
            return renamed
    for ending in _ENDINGS[1:]:
        index = posixpath.join(stem, f"index{ending}")
        if index in files:
            return index
    return None
