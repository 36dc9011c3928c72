"""Whether any text of the project names a path: what decides if a file may be opened when the application runs."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered

_SOURCE = re.compile(
    r"\.(go|js|mjs|cjs|jsx|ts|tsx|mts|cts|vue|svelte|py|rb|php|phtml|java|kt|scala|groovy|cs|fs|vb|cshtml|c|h|cc|cpp|cxx|hpp|rs|sh|bash|"
    r"d|di|dt|swift|cr|ecr|zig|exs?|eex|heex|hs|nim|lua|pl|"
    r"conf|cfg|ini|toml|ya?ml|properties|xml|json|env|html|tmpl|ejs|pug|hbs|twig|jinja2?)$"
)
_MANIFEST = re.compile(
    r"(^|/)(package-lock\.json|npm-shrinkwrap\.json|composer\.lock|\.dockerignore|tsconfig[^/]*\.json|nest-cli\.json|vercel\.json|netlify\.toml|fly\.toml|pom\.xml|.*\.csproj|Cargo\.toml|dub\.json|dub\.selections\.json)$"
)
_WORD = re.compile(r"[\w.@+/-]{2,300}")
_AHEAD = re.compile(r"^(\.{1,2}/)+")
"""What leads to a path from another one, and is no part of its name."""
_INCLUDED = re.compile(
    r"^[ \t]*#[ \t]*include\b.*$|^//go:embed\b.*$|\binclude(?:_str|_bytes)?!\s*\(\s*\"[^\"\n]*\""
    r"|^//[ \t]+[\w.+-]+\.swift[ \t]*$|!\s*\(?\s*\"[^\"\n]*\.dt\"",
    re.MULTILINE,
)
_DEVELOPERS = (
    "build",
    "compile",
    "test",
    "lint",
    "format",
    "dev",
    "watch",
    "typecheck",
    "prepare",
    "pre",
    "post",
    "clean",
)
_MOST_BYTES = 32 << 20


def mentions(context: Context, path: str) -> bool:
    """True when a source or configuration file names the path (a relative one also by its last part); True too where
    the texts were too many to read."""
    words = _words(context)
    if words is None or path in words:
        return True
    return not path.startswith("/") and posixpath.basename(path) in words


def mentions_folder(context: Context, folder: str) -> bool:
    """True when a text names something below a folder by its path: ``src/main/resources/x``, or the folder itself."""
    words = _words(context)
    if words is None or folder in words or f"/{folder}" in words:
        return True
    return any(word.startswith((f"{folder}/", f"/{folder}/")) for word in words)


def mentions_tail(context: Context, tail: str) -> bool:
    """True when a text names a path that is or ends with this one: ``release/server``, but not ``server`` alone."""
    words = _words(context)
    return words is None or any(word == tail or word.endswith("/" + tail) for word in words)


def quotes(context: Context, name: str) -> bool:
    """True when a source or configuration file has the name, or a command line that starts with it, as a string."""
    start = re.compile(rf"[\"'`]{re.escape(name)}[\"'` ]")
    texts = (context.read(path) or "" for path in context.files if _SOURCE.search(path) and not _MANIFEST.search(path))
    return any(start.search(text) for text in texts)


def naming_texts(context: Context) -> Iterator[tuple[str, str]] | None:
    """The sources and configuration files that may name others, with their texts; None where they are too many."""
    paths = [
        path
        for path in context.files
        if _SOURCE.search(path) and not _MANIFEST.search(path) and "node_modules/" not in path
    ]
    if sum(context.files[path].size for path in paths) > _MOST_BYTES:
        return None
    return ((path, _text(context, path)) for path in paths)


@remembered
def _words(context: Context) -> frozenset[str] | None:
    texts = naming_texts(context)
    if texts is None:
        return None
    found = set[str]()
    for _, text in texts:
        # What a source includes or imports is read by its compiler.
        for word in _WORD.findall(_INCLUDED.sub("", text)):
            clean = word.strip("./") if not word.startswith("/") else word.rstrip("./")
            found.update((clean, _AHEAD.sub("", word)))
            found.add(posixpath.basename(clean))
            if clean.startswith("/"):
                parts = clean.split("/")
                found.update("/".join(parts[:depth]) for depth in range(2, len(parts)))
    return frozenset(found)


def _text(context: Context, path: str) -> str:
    """A file's text; of ``package.json`` without the scripts that only developers and builds run."""
    text = context.read(path) or ""
    if posixpath.basename(path) != "package.json":
        return text
    try:
        manifest = json.loads(text)
        scripts = manifest.pop("scripts", {})
        kept = {name: script for name, script in scripts.items() if not name.startswith(_DEVELOPERS)}
        return json.dumps([manifest, kept])
    except (ValueError, AttributeError, RecursionError):
        return text
