"""Files that compiling a Rust project reads beside its sources: what macros embed, and what build scripts watch."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.evidence import Place
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source, language_files, literal_at, read_sources

_FILES = re.compile(
    r"\binclude(?:_str|_bytes)?!\s*[(\[{]\s*(?:concat!\s*\(\s*env!\(\s*\"CARGO_MANIFEST_DIR\"\s*\)\s*,\s*)?"
)
_FOLDERS = re.compile(
    r"\b(?P<name>sqlx::migrate|migrate|embed_migrations|refinery::embed_migrations|diesel_migrations::embed_migrations"
    r"|include_dir|load_dir|static_loader)!\s*[(\[{]\s*"
)
_RUST_EMBED = re.compile(r"#\[folder\s*=\s*")
_TEMPLATE = re.compile(r"#\[template\([^)\]\n]*?\bpath\s*=\s*")
_CHECKED = re.compile(r"\bquery(?:_as|_scalar)?(?:_unchecked)?!\s*\(|\bquery_file(?:_as|_scalar)?!\s*\(")
_WATCHED = re.compile(r"cargo::?rerun-if-changed=([^\"\\{}\s]+)")
_WORDS = ("include", "migrat", "load_dir", "static_loader", "folder", "template", "query", "rerun-if-changed")
_DEFAULTS = {"sqlx::migrate": "migrations", "migrate": "migrations", "embed_migrations": "migrations"}


@dataclass(frozen=True, slots=True)
class RustEmbeds:
    """What the compiler reads. Paths are context paths of files and folders that exist."""

    embedded: tuple[tuple[str, Place], ...]
    """What ends up inside of the program: it is not read at run time."""
    computed: tuple[Place, ...]
    """Macros whose path is not a literal, or names nothing that is sent (such as files that a build script makes)."""
    watched: tuple[str, ...]
    """What build scripts ask to be rebuilt for."""
    checked_queries: bool
    """Whether SQLx's macros ask a database, or ``.sqlx``, while compiling."""


@remembered
def rust_embeds(context: Context, folder: str = "") -> RustEmbeds:
    """Scan all Rust sources below a package's folder."""
    embedded: dict[str, Place] = {}
    computed: list[Place] = []
    watched: dict[str, None] = {}
    checked = False
    # A build script is no part of the program, and so not among the sources that hint at what it does.
    scripts = tuple(path for path in context.below(folder) if posixpath.basename(path) == "build.rs")
    for source in read_sources(context, "rust", (*language_files(context, "rust", folder), *scripts)).files:
        if not any(word in source.text for word in _WORDS):
            continue
        checked = checked or _CHECKED.search(source.code) is not None
        base = _package_folder(context, source.path)
        for path in _WATCHED.findall(source.code):
            watched.setdefault(posixpath.normpath(posixpath.join(base, path)))
        for offset, place in _macros(source):
            path = _target(context, source, base, offset)
            if path is None:
                computed.append(place)
            else:
                embedded.setdefault(path, place)
    return RustEmbeds(
        embedded=tuple(embedded.items()),
        computed=tuple(computed),
        watched=tuple(path for path in watched if context.exists(path)),
        checked_queries=checked,
    )


def _macros(source: Source) -> list[tuple[int, Place]]:
    found = [match for pattern in (_FILES, _FOLDERS, _RUST_EMBED, _TEMPLATE) for match in pattern.finditer(source.code)]
    return [(match.end(), source.place(match.start())) for match in sorted(found, key=lambda match: match.start())]


def _target(context: Context, source: Source, base: str, offset: int) -> str | None:
    """``include_str!`` counts from the file, the others from the package, Askama from its ``templates``."""
    literal = literal_at(source.code, offset, "rust")
    written = literal.value if literal is not None else None
    if written is None:
        call = next((match for match in _FOLDERS.finditer(source.code) if match.end() == offset), None)
        empty = call is not None and source.code[offset : offset + 1] in (")", "]", "}")
        written = _DEFAULTS.get(call["name"]) if call is not None and empty else None
    if written is None:
        return None
    beside = posixpath.dirname(source.path)
    clean = written.replace("$CARGO_MANIFEST_DIR", ".").lstrip("/")
    for start in (beside, base, posixpath.join(base, "templates")):
        path = posixpath.normpath(posixpath.join(start, clean))
        if not path.startswith("..") and context.exists(path):
            return "" if path == "." else path
    return None


def _package_folder(context: Context, path: str) -> str:
    folder = posixpath.dirname(path)
    while folder and posixpath.join(folder, "Cargo.toml") not in context.files:
        folder = posixpath.dirname(folder)
    return folder
