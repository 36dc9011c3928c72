"""Whether anything that is still there refers to a file that is not: scripts, settings, sources and the configuration.

A program that was compiled says nothing that can be read; its sources, in the original image, speak for it.
"""

from __future__ import annotations

import functools
import json
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dfmigrate.verify.configuration import ImageConfig
from dfmigrate.verify.explained import explanations
from dfmigrate.verify.filesystem import File, ImageFiles
from dfmigrate.verify.regions import is_library

COMPILED = (".go", ".rs", ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".java", ".kt", ".scala", ".cs", ".fs", ".vb")
TRANSPILED = (".ts", ".tsx", ".mts", ".cts", ".jsx", ".vue", ".svelte", ".scss", ".sass", ".less", ".coffee")
_WORD = re.compile(r"[\w.@+/-]{2,300}")
_RELATIVE = re.compile(r"^(?:\.{1,2}/)+")
_QUOTED = re.compile(r"""["'`]([\w.@+/-]{2,120})["'`]""")
_VARIABLE = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{2,}(?![A-Za-z0-9_])")
_TAKEN_IN = re.compile(
    r"^[ \t]*#[ \t]*include\b.*$|^//go:embed\b.*$|include_(?:str|bytes)!\s*\([^)]*\)"
    r"|^[ \t]*//#(?: sourceMappingURL=|region ).*$",
    re.M,
)
"""What a compiler reads by name, so that the program needs it no more, and what a bundler notes of its sources."""
_SILENT = re.compile(
    r"(^|/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|composer\.lock|poetry\.lock|"
    r"\.dfmigrate\.toml|\.dockerignore|\.gitignore|tsconfig[^/]*\.json|pom\.xml|Makefile|[Dd]ockerfile[^/]*|[^/]*\.(md|rst|txt|log|map|"
    r"csproj|lock|patch)|\.[^/]*rc(\.\w+)?|[^/]*\.config\.\w+|[^/]*[._](test|spec)\.\w+|test_[^/]*|\.git/.*)$"
    r"|(^|/)(tests?|__tests__|docs?|\.git|\.github|egg-info|[^/]*\.egg-info|[^/]*\.dist-info)/"
)
"""Texts that name files without any running process reading them."""
_GENERAL = frozenset(
    {
        *("index.js", "index.ts", "index.html", "main.js", "main.py", "main.go", "app.js", "app.py", "package.json"),
        *("__init__.py", "__main__.py", "setup.py", "setup.cfg", "pyproject.toml", "LICENSE", "README.md", "Makefile"),
        *("requirements.txt", "config.json", "Dockerfile", "docker-compose.yml", "go.mod", "go.sum", "Cargo.toml"),
    }
)
"""Names that say too little by themselves."""
_CONVENTIONAL = frozenset(
    {
        *("views", "templates", "public", "static", "locales", "migrations", "assets", "i18n", "resources", "data"),
        *("fixtures", "translations", "sql", "schemas", "certs", "models", "media", "web", "www", "html"),
    }
)
"""Folders that applications open by a bare name."""
_MOST = 8
"""Who says a word, at most: where there are more, one of those left out may need the file."""
_DEVELOPERS = ("build", "compile", "test", "lint", "format", "dev", "watch", "typecheck", "prepare", "pre", "post")


@dataclass(frozen=True, slots=True)
class References:
    """The words of all that can still speak -> who says them."""

    words: Mapping[str, Sequence[str]]
    quoted: Mapping[str, str]
    started: Mapping[str, str]
    """The words of the commands and of package.json alone."""
    variables: frozenset[str]
    """Every word in capitals."""
    complete: bool
    """False when texts were left out for their number."""
    is_explained: Callable[[str, str, str], bool]
    """Of a word, the missing path that it fits, and who says it: whether that is no evidence that it is needed."""

    def to(self, path: str) -> str | None:
        """Who refers to this file; None when nobody does."""
        found = next((self.started[word] for word in (path, *_ends(path)) if word in self.started), None)
        if found is not None or path.endswith((*COMPILED, *TRANSPILED)):
            return found
        if "/src/main/resources/" in path:
            # These are in the jar.
            return None
        by_path = next(filter(None, (self._said(word, path) for word in (path, *_ends(path)))), None)
        return by_path or self._by_name(path)

    def to_folder(self, folder: str) -> str | None:
        """Who opens a folder, by a path or by one of the names that applications use bare."""
        name = posixpath.basename(folder)
        said = (self.words[word] for word in (folder, *_ends(folder), f"{name}/") if word in self.words)
        return next(said, (None,))[0] or (self.quoted.get(name) if name in _CONVENTIONAL else None)

    def names(self, variable: str) -> bool:
        """Whether any text names a variable; where texts were left out, yes."""
        return not self.complete or variable in self.variables or variable in self.words

    def _said(self, word: str, path: str) -> str | None:
        whos = self.words.get(word, ())
        found = next((who for who in whos if not self.is_explained(word, path, who)), None)
        return whos[0] if found is None and len(whos) == _MOST else found

    def _by_name(self, path: str) -> str | None:
        name = posixpath.basename(path)
        if posixpath.basename(posixpath.dirname(path)) in _CONVENTIONAL:
            # Template engines add the suffix themselves.
            return self._said(name, path) or self.quoted.get(name.partition(".")[0])
        return None if name in _GENERAL or "." not in name.strip(".") else self._said(name, path)


def _ends(path: str) -> Iterator[str]:
    """What a path ends in, longest first, down to a name with its folder."""
    parts = path.strip("/").split("/")
    return ("/".join(parts[start:]) for start in range(1, len(parts) - 1))


def references(
    after: ImageFiles, kept: Mapping[str, File], config: ImageConfig, before: ImageFiles, gone: Iterable[str]
) -> References:
    """Read the kept texts of the migrated image, and the sources of the original that are in a program now."""
    words: dict[str, list[str]] = {}
    quoted: dict[str, str] = {}
    started: dict[str, list[str]] = {}
    variables: set[str] = set()
    for name, text in _configured(config):
        variables.update(_VARIABLE.findall(text))
        _collect(text, name, words, quoted)
        _collect(text, name, started, {})
    for path in kept:
        if path in after.texts and not is_library(path) and not _SILENT.search(path):
            text = _text(after, path)
            variables.update(_VARIABLE.findall(text))
            _collect(text, path, words, quoted)
            if posixpath.basename(path) == "package.json" or path.endswith(".sh"):
                _collect(text, path, started, {})
    if any(path in after.elves for path in kept):
        for path in gone:
            if path.endswith(COMPILED) and path in before.texts and not _SILENT.search(path):
                text = _text(before, path)
                variables.update(_VARIABLE.findall(text))
                _collect(text, path, words, quoted)
    first = {word: whos[0] for word, whos in started.items()}

    explain = functools.cache(explanations(before, after, kept).explain)
    return References(words, quoted, first, frozenset(variables), not after.unread, explain)


def _configured(config: ImageConfig) -> Iterator[tuple[str, str]]:
    yield "ENTRYPOINT", "\n".join(config.entrypoint)
    yield "CMD", "\n".join(config.command)
    yield "HEALTHCHECK", "\n".join(map(str, config.healthcheck.get("Test") or ()))
    for name, value in config.environment.items():
        if name != "PATH":
            yield f"ENV {name}", value


def _collect(text: str, who: str, words: dict[str, list[str]], quoted: dict[str, str]) -> None:
    text = _TAKEN_IN.sub("", text)
    for word in _WORD.findall(text):
        clean = _RELATIVE.sub("", word).rstrip("./")
        # `folder + "/views/x"` names the same file as "views/x".
        said = [clean, clean.lstrip("/"), posixpath.basename(clean)]
        if word.endswith("/"):
            said.append(f"{clean.lstrip('/')}/")
        for each in said:
            whos = words.setdefault(each, [])
            if len(whos) < _MOST and who not in whos:
                whos.append(who)
    for word in _QUOTED.findall(text):
        quoted.setdefault(word.strip("./"), who)


def _text(files: ImageFiles, path: str) -> str:
    """A text; of ``package.json`` without the scripts that only developers and builds run."""
    text = files.texts[path].decode("utf-8", "replace")
    if posixpath.basename(path) != "package.json":
        return text
    try:
        manifest = json.loads(text)
        scripts = manifest.get("scripts") or {}
        kept = [script for name, script in scripts.items() if not name.startswith(_DEVELOPERS)]
        return "\n".join(str(each) for each in (*kept, manifest.get("main"), json.dumps(manifest.get("bin"))))
    except (ValueError, AttributeError, RecursionError):
        return text
