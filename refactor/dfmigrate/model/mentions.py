"""Whether any text of the project names a path: what decides if a file may be opened when the application runs."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source, string_texts

from .whole_values import whole_values

_SOURCE = re.compile(
    r"\.(go|js|mjs|cjs|jsx|ts|tsx|mts|cts|vue|svelte|py|rb|php|phtml|inc|module|install|theme|profile|engine|java|kt|scala|groovy|cs|fs|vb|cshtml|c|h|cc|cpp|cxx|hpp|rs|sh|bash|"
    r"d|di|dt|swift|cr|ecr|zig|exs?|eex|heex|hs|nim|lua|pl|"
    r"conf|cfg|ini|toml|ya?ml|properties|xml|json|env|html|tmpl|ejs|pug|hbs|twig|jinja2?)$"
)
_MANIFEST = re.compile(
    r"(^|/)(package-lock\.json|npm-shrinkwrap\.json|composer\.lock|\.dockerignore|tsconfig[^/]*\.json|nest-cli\.json|vercel\.json|netlify\.toml|fly\.toml|pom\.xml|.*\.csproj|Cargo\.toml|dub\.json|dub\.selections\.json)$"
)
_ELSEWHERE = re.compile(
    r"(^|/)(\.(github|gitlab|circleci|vscode|idea)/|(\.travis|\.?appveyor|\.gitlab-ci|\.drone|azure-pipelines|\.golangci)\.ya?ml$)"
)
"""What editors and the servers that build and test a project read: nothing in the container does."""
_GO_MANIFESTS = ("go.mod", "Gopkg.lock", "Gopkg.toml", "glide.lock")
_GO_VENDOR_LISTS = ("modules.txt", "vendor.json", "manifest")
_RECIPE = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?dockerfile[\"']?[ \t]*:.*$", re.MULTILINE)
"""Which Dockerfile a compose file builds."""
_GO_IMPORTS = re.compile(r"^import\s*(?:\([^)]*\)|[^\n]*)", re.MULTILINE)
_GO_READERS = re.compile(
    r"\"(?:go/(?:parser|build|scanner|importer)|golang\.org/x/tools/[^\"\n]*|github\.com/traefik/yaegi[^\"\n]*|[^\"\n]*\.go)\""
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
    return _holds(_words(context), path)


def names_path(context: Context, path: str) -> bool:
    """The same of what a program can open: of Go only what stands in its strings, not the names of packages."""
    return _holds(_spoken_words(context), path)


def _holds(words: frozenset[str] | None, path: str) -> bool:
    if words is None or path in words:
        return True
    return not path.startswith("/") and posixpath.basename(path) in words


def mentions_folder(context: Context, folder: str) -> bool:
    """True when a text names something below a folder by its path: ``src/main/resources/x``, or the folder itself."""
    words = _spoken_words(context)
    if words is None or folder in words or f"/{folder}" in words:
        return True
    return any(word.startswith((f"{folder}/", f"/{folder}/")) for word in words)


def leads_to_sources(context: Context, folder: str) -> bool:
    """Whether something may lead a Go program to Go sources in a folder: a path, or the folder's name where it is all
    that a string or a setting says. Elsewhere a word by itself is none."""
    words = _path_words(context) if not _reads_go(context) else _spoken_words(context)
    if words is None or folder in words or f"/{folder}" in words:
        return True
    return any(word.startswith((f"{folder}/", f"/{folder}/")) for word in words)


def is_vendored(context: Context, path: str) -> bool:
    """Whether a file came along with another one's Go packages, of which only the compiler reads any."""
    above, found, _ = f"/{path}".rpartition("/vendor/")
    return bool(found) and has_go_manifest(context, above.strip("/"))


def is_go_vendor(context: Context, folder: str) -> bool:
    """Whether a folder called ``vendor`` is one of Go's packages, and not a program's own content: it lies beside the
    list of a module's packages, holds such a list, or holds Go."""
    if has_go_manifest(context, posixpath.dirname(folder)):
        return True
    lists = (posixpath.join(folder, name) for name in _GO_VENDOR_LISTS)
    return any(path in context.files for path in lists) or any(path.endswith(".go") for path in context.below(folder))


def has_go_manifest(context: Context, folder: str) -> bool:
    """Whether Go's packages are listed in a folder: the root of a module, or of what was one before there were any."""
    return any(posixpath.join(folder, name) in context.files for name in _GO_MANIFESTS)


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
        if _SOURCE.search(path)
        and not _MANIFEST.search(path)
        and not _ELSEWHERE.search(path)
        and "node_modules/" not in path
        and (path.endswith(".go") or not is_vendored(context, path))
    ]
    if sum(context.files[path].size for path in paths) > _MOST_BYTES:
        return None
    return ((path, _text(context, path)) for path in paths)


@remembered
def _words(context: Context) -> frozenset[str] | None:
    texts = naming_texts(context)
    return None if texts is None else _words_of(text for _, text in texts)


@remembered
def _spoken_words(context: Context) -> frozenset[str] | None:
    texts = naming_texts(context)
    if texts is None or not any(path.endswith(".go") for path in context.files):
        return _words(context)
    return _words_of(_spoken(path, text) for path, text in texts)


@remembered
def _path_words(context: Context) -> frozenset[str] | None:
    texts = naming_texts(context)
    if texts is None:
        return None
    own = [(path, text) for path, text in texts if not is_vendored(context, path)]
    words = (word for path, text in own for word in _WORD.findall(_spoken(path, text)))
    # What follows the colon of an address is no path.
    paths = _words_of(word for word in words if "/" in word and not word.startswith("//"))
    strings = ((path, _GO_IMPORTS.sub("", text) if path.endswith(".go") else text) for path, text in own)
    return paths.union(*(whole_values(path, text) for path, text in strings))


@remembered
def _reads_go(context: Context) -> bool:
    """Whether the project's own code looks for Go sources, or may run them."""
    paths = [path for path in context.files if path.endswith(".go") and not is_vendored(context, path)]
    return any(_GO_READERS.search(_text(context, path)) for path in paths)


def _spoken(path: str, text: str) -> str:
    """Of Go the strings, other than the names of imported packages."""
    if not path.endswith(".go"):
        return text
    return "\n".join(string_texts(_GO_IMPORTS.sub("", text), "go"))


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    found = set[str]()
    for text in texts:
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
    """A file's text without what no container reads: of ``package.json`` the scripts that only developers and builds
    run, of Go the comments."""
    text = context.read(path) or ""
    if path.endswith((".yml", ".yaml")):
        return _RECIPE.sub("", text)
    if path.endswith(".go"):
        return Source(path, "go", text).code
    if posixpath.basename(path) != "package.json":
        return text
    try:
        manifest = json.loads(text)
        if not isinstance(manifest, dict) or not isinstance(manifest.get("scripts", {}), dict):
            return text
        scripts = manifest.pop("scripts", {})
        kept = {name: script for name, script in scripts.items() if not name.startswith(_DEVELOPERS)}
        return json.dumps([manifest, kept])
    except (ValueError, RecursionError):
        return text
