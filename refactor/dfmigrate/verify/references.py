"""Whether anything that is still there refers to a file that is not: scripts, settings, sources and the configuration.

A program that was compiled says nothing that can be read; its sources, in the original image, speak for it.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.verify.configuration import ImageConfig
from dfmigrate.verify.filesystem import File, ImageFiles
from dfmigrate.verify.regions import is_library

COMPILED = (".go", ".rs", ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".java", ".kt", ".scala", ".cs", ".fs", ".vb")
TRANSPILED = (".ts", ".tsx", ".mts", ".cts", ".jsx", ".vue", ".svelte", ".scss", ".sass", ".less", ".coffee")
_WORD = re.compile(r"[\w.@+/-]{2,300}")
_QUOTED = re.compile(r"""["'`]([\w.@+/-]{2,120})["'`]""")
_VARIABLE = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{2,}(?![A-Za-z0-9_])")
_TAKEN_IN = re.compile(
    r"^[ \t]*#[ \t]*include\b.*$|^//go:embed\b.*$|include_(?:str|bytes)!\s*\([^)]*\)|^//# sourceMappingURL=.*$", re.M
)
"""What a compiler reads by name, so that the program needs it no more."""
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
_DEVELOPERS = ("build", "compile", "test", "lint", "format", "dev", "watch", "typecheck", "prepare", "pre", "post")


@dataclass(frozen=True, slots=True)
class References:
    """The words of all that can still speak -> who says them."""

    words: Mapping[str, str]
    quoted: Mapping[str, str]
    started: Mapping[str, str]
    """The words of the commands and of package.json alone."""
    variables: frozenset[str]
    """Every word in capitals."""
    complete: bool
    """False when texts were left out for their number."""

    def to(self, path: str) -> str | None:
        """Who refers to this file; None when nobody does."""
        found = self.started.get(path) or self._by_end(path, self.started)
        if found is not None or path.endswith((*COMPILED, *TRANSPILED)):
            return found
        if "/src/main/resources/" in path:
            # These are in the jar.
            return None
        return self.words.get(path) or self._by_end(path, self.words) or self._by_name(path)

    def to_folder(self, folder: str) -> str | None:
        """Who opens a folder, by a path or by one of the names that applications use bare."""
        name = posixpath.basename(folder)
        found = self.words.get(folder) or self._by_end(folder, self.words) or self.words.get(f"{name}/")
        return found or (self.quoted.get(name) if name in _CONVENTIONAL else None)

    def names(self, variable: str) -> bool:
        """Whether any text names a variable; where texts were left out, yes."""
        return not self.complete or variable in self.variables or variable in self.words

    def _by_end(self, path: str, words: Mapping[str, str]) -> str | None:
        parts = path.strip("/").split("/")
        for start in range(1, len(parts) - 1):
            found = words.get("/".join(parts[start:]))
            if found is not None:
                return found
        return None

    def _by_name(self, path: str) -> str | None:
        name = posixpath.basename(path)
        if posixpath.basename(posixpath.dirname(path)) in _CONVENTIONAL:
            # Template engines add the suffix themselves.
            return self.words.get(name) or self.quoted.get(name.partition(".")[0])
        return None if name in _GENERAL or "." not in name.strip(".") else self.words.get(name)


def references(
    after: ImageFiles, kept: Mapping[str, File], config: ImageConfig, before: ImageFiles, gone: Iterable[str]
) -> References:
    """Read the kept texts of the migrated image, and the sources of the original that are in a program now."""
    words: dict[str, str] = {}
    quoted: dict[str, str] = {}
    started: dict[str, str] = {}
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
    return References(words, quoted, started, frozenset(variables), not after.unread)


def _configured(config: ImageConfig) -> Iterator[tuple[str, str]]:
    yield "ENTRYPOINT", "\n".join(config.entrypoint)
    yield "CMD", "\n".join(config.command)
    yield "HEALTHCHECK", "\n".join(map(str, config.healthcheck.get("Test") or ()))
    for name, value in config.environment.items():
        if name != "PATH":
            yield f"ENV {name}", value


def _collect(text: str, who: str, words: dict[str, str], quoted: dict[str, str]) -> None:
    text = _TAKEN_IN.sub("", text)
    for word in _WORD.findall(text):
        clean = word.rstrip("./") if word.startswith("/") else word.strip("./")
        words.setdefault(clean, who)
        # `folder + "/views/x"` names the same file as "views/x".
        words.setdefault(clean.lstrip("/"), who)
        if word.endswith("/"):
            words.setdefault(f"{clean.lstrip('/')}/", who)
        words.setdefault(posixpath.basename(clean), who)
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
