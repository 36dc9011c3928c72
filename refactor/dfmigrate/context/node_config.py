"""Configuration of Node's build tools: ``tsconfig.json``, and literals in configuration files that are code."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.parsing import (
    ManifestError,
    mapping,
    parse_jsonc_object,
    strings,
    text_or_none,
)
from dfmigrate.context.source_text import Source, literal_at

_MAX_EXTENDS = 12
_CODE = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_BESIDE = re.compile(r"(?:\w+\.)?(?:resolve|join)\(\s*(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\s*,\s*")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in a file of code. Not ``given``: the tool's default applies. Given without value: computed."""

    given: bool
    value: str | None = None


@dataclass(frozen=True, slots=True)
class TsConfig:
    """The compiler options that say what ``tsc`` writes, with those of the files that it extends."""

    path: str
    out: str | None
    """``outDir`` as a context path."""
    emits: bool
    """Whether anything is written."""
    references: tuple[str, ...]
    """Other configurations that ``tsc -b`` builds too."""
    plain: bool = False
    """No setting changes which files are compiled, or adds anything to the ``.js`` of each."""


def read_tsconfig(context: Context, path: str) -> TsConfig | None:
    """Read a configuration; None when it cannot be read, or when it extends something that decides and is not here."""
    if context.is_folder(path):
        path = posixpath.join(path, "tsconfig.json")
    chain = list(_chain(context, path))
    own = chain[0][1] if chain and chain[0][1] is not None else None
    if own is None:
        return None
    out = no_emit = None
    emits = _has_files(own)
    for where, document in chain:
        if document is None:
            if out is None and no_emit is None:
                return None
            break
        options = mapping(document.get("compilerOptions"))
        if out is None and (written := text_or_none(options.get("outDir"))) is not None:
            out = _resolved(where, path, written)
        if no_emit is None and "noEmit" in options:
            no_emit = options["noEmit"] is True
    references = own.get("references")
    listed = [text_or_none(mapping(item).get("path")) for item in references] if isinstance(references, list) else []
    return TsConfig(
        path=path,
        out=out,
        emits=emits and not no_emit,
        references=tuple(_joined(posixpath.dirname(path), item) for item in listed if item is not None),
        plain=all(document is not None and _is_plain(document) for _, document in chain),
    )


_WIDENS = frozenset({"include", "exclude", "files", "references"})
_ADDS = frozenset(
    {
        *("outFile", "declaration", "declarationMap", "emitDeclarationOnly", "sourceMap", "incremental", "composite"),
        *("tsBuildInfoFile", "jsx", "allowJs", "checkJs", "noEmit", "declarationDir", "allowImportingTsExtensions"),
    }
)


def _is_plain(document: Mapping[str, object]) -> bool:
    return _WIDENS.isdisjoint(document) and _ADDS.isdisjoint(mapping(document.get("compilerOptions")))


_COMPILED = {".ts": ".js", ".mts": ".mjs", ".cts": ".cjs"}
_LEFT_OUT = re.compile(r"(^|/)(node_modules|bower_components|jspm_packages|\.[^/]*)/|\.d(\.\w+)?\.[cm]?ts$")


def emitted_beside(context: Context, config: TsConfig) -> tuple[str, ...] | None:
    """The outputs without ``outDir``, one beside each source; None where settings may change what they are."""
    folder = posixpath.dirname(config.path)
    found: list[str] = []
    for path in context.files:
        stem, ending = posixpath.splitext(path)
        if (folder and not path.startswith(f"{folder}/")) or _LEFT_OUT.search(path):
            continue
        if ending == ".tsx":
            return None
        if ending in _COMPILED:
            found.append(stem + _COMPILED[ending])
    return tuple(found) if config.plain and found else None


def settings_of(context: Context, folder: str, stem: str, key: str) -> Setting:
    """A setting of ``<stem>.{js,ts,...}`` in a folder, such as ``outDir`` of ``vite.config``."""
    return setting_in(context, [posixpath.join(folder, stem + ending) for ending in _CODE], key)


def setting_in(context: Context, paths: list[str], key: str) -> Setting:
    """A setting that all of these files that exist agree on; ``key`` is a regular expression."""
    values: set[str | None] = set()
    for path in paths:
        if path not in context.files:
            continue
        text = context.read(path)
        if text is None:
            return Setting(True)
        values |= set(_values(Source(path, "node", text), key))
    if not values:
        return Setting(False)
    return Setting(True, values.pop() if len(values) == 1 else None)


def _values(source: Source, key: str) -> Iterator[str | None]:
    for found in re.finditer(rf"(?<![\w.$]){key}['\"]?\s*:\s*", source.code):
        offset = found.end()
        beside = _BESIDE.match(source.code, offset)
        literal = literal_at(source.code, beside.end() if beside else offset, source.language)
        if literal is None or literal.value is None:
            yield None
            continue
        following = source.code[literal.end :].lstrip()[:1]
        alone = following == ")" if beside else following in (",", "}", "")
        yield literal.value.lstrip("/") if alone and (beside or not literal.value.startswith("/")) else None


def _chain(context: Context, path: str) -> Iterator[tuple[str, Mapping[str, object] | None]]:
    """A configuration and what it extends, the deciding one first; None for what cannot be read."""
    pending = [path]
    for _ in range(_MAX_EXTENDS):
        if not pending:
            return
        current = pending.pop(0)
        text = context.read(current)
        document = None
        if text is not None:
            try:
                document = parse_jsonc_object(text)
            except ManifestError:
                document = None
        yield current, document
        if document is None:
            continue
        extends = document.get("extends")
        names = [extends] if isinstance(extends, str) else list(strings(extends))
        # Of several, the last one wins.
        pending = [_extended(context, current, name) for name in reversed(names)] + pending


def _extended(context: Context, path: str, name: str) -> str:
    if not name.startswith((".", "/")):
        # A package's configuration is not in the context; the path below does not exist and so reads as unknown.
        return f"node_modules/{name}"
    joined = _joined(posixpath.dirname(path), name)
    return joined if joined in context.files or joined.endswith(".json") else f"{joined}.json"


def _resolved(where: str, main: str, written: str) -> str | None:
    if "${configDir}" in written:
        return _joined(posixpath.dirname(main), written.replace("${configDir}", "."))
    return None if written.startswith("/") else _joined(posixpath.dirname(where), written)


def _has_files(document: Mapping[str, object]) -> bool:
    """``"files": []`` without ``include`` compiles nothing: such a configuration only lists others."""
    return document.get("files") != [] or bool(document.get("include"))


def _joined(folder: str, name: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, name))
    return "" if joined == "." else joined
