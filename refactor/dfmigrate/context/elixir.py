"""An Elixir project: ``mix.exs``, read as text, with its releases, its umbrella and what ``mix.lock`` pins."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import MAX_LOCK, Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source

_LOCKED = re.compile(r'(?m)^\s*"([a-z0-9_]+)":\s*\{:(hex|git)')
_PLAIN = re.compile(
    r'(?m)^\s*"([a-z0-9_]+)":\s*\{:hex, :[a-z0-9_]+, "[^"\n]*", "[0-9a-f]*", \[:mix\], \[([^\n]*)\], "hexpm"'
)
_NATIVE_TOOLS = frozenset(
    {"elixir_make", "cc_precompiler", "rustler", "rustler_precompiled", "zigler", "unifex", "bundlex"}
)
_NATIVE = re.compile(rf"\{{:(?:{'|'.join(sorted(_NATIVE_TOOLS))}),")
_DEPENDENCY = re.compile(r"\{\s*:(\w+)\s*,([^{}]*)\}")
_TOKEN = re.compile(r"([\[{(])|([\]})])|\"(?:[^\"\\]|\\.)*+\"|(?<![\w:@.])(\w+):(?=\s)")
_MAX_BRACKETS = 20_000


@dataclass(frozen=True)
class MixProject:
    """One ``mix.exs``."""

    context: Context = field(repr=False)
    folder: str
    path: str
    app: str | None
    """The application's name; None for the root of an umbrella."""
    version: str | None
    elixir: str | None
    """The requirement, such as ``~> 1.15``."""
    releases: tuple[str, ...] | None
    """Names that ``mix release NAME`` knows; without any, the application's own; None when they are computed."""
    apps_path: str | None
    """Folder of an umbrella's applications."""
    dependencies: frozenset[str]
    path_dependencies: tuple[str, ...]
    """Folders of the project that dependencies come from, as context paths."""
    locked: frozenset[str] | None
    """Every package that the lock file pins; None without one."""
    plain: frozenset[str]
    """Those that are built by Mix alone and need nothing that compiles other languages: they have no native code."""
    from_git: frozenset[str]
    aliases: tuple[str, ...]
    """Tasks of the project's own, such as ``assets.deploy``."""
    escript: bool

    @property
    def is_umbrella(self) -> bool:
        return self.apps_path is not None

    @cached_property
    def apps(self) -> tuple[MixProject, ...]:
        """The applications of an umbrella."""
        if self.apps_path is None:
            return ()
        folders = self.context.children(posixpath.join(self.folder, self.apps_path))
        found = (mix_project(self.context, folder) for folder in folders)
        return tuple(app for app in found if app is not None)

    def release_folder(self, name: str, environment: str = "prod") -> str:
        """Where ``mix release`` puts a release: self-contained, with the runtime; it is started by ``bin/NAME``."""
        return posixpath.join(self.folder, "_build", environment, "rel", name)

    @property
    def manifests(self) -> tuple[str, ...]:
        """What fetching and compiling dependencies reads: manifests, the lock file, compile-time configuration."""
        found = [self.path, *(app.path for app in self.apps), posixpath.join(self.folder, "mix.lock")]
        config = posixpath.join(self.folder, "config")
        found += [path for path in self.context.children(config) if path.endswith(".exs")]
        return tuple(path for path in found if path in self.context.files and not path.endswith("/runtime.exs"))

    @cached_property
    def native_tools(self) -> frozenset[str]:
        """What compiles native code of the project itself, or is a part of Erlang that shows windows."""
        named = {name for project in (self, *self.apps) for name in project.dependencies & _NATIVE_TOOLS}
        text = "".join(self.context.read(project.path) or "" for project in (self, *self.apps))
        return frozenset(named | set(re.findall(r":(wx|observer|debugger|et)\b", text)))

    @property
    def phoenix(self) -> bool:
        return "phoenix" in self.dependencies or any("phoenix" in app.dependencies for app in self.apps)

    @property
    def runtime_config(self) -> str | None:
        """Read when a release starts, from the copy inside of it."""
        path = posixpath.join(self.folder, "config/runtime.exs")
        return path if path in self.context.files else None


@remembered
def mix_project(context: Context, folder: str = "") -> MixProject | None:
    """Read a folder; None when there is no ``mix.exs``."""
    path = posixpath.join(folder, "mix.exs")
    text = context.read(path)
    if text is None:
        return None
    code = Source(path, "elixir", text).code
    lock = context.read(posixpath.join(folder, "mix.lock"), MAX_LOCK)
    pinned = [] if lock is None else _LOCKED.findall(lock)
    listed = _DEPENDENCY.findall(code)
    local = [found[1] for _, options in listed if (found := re.search(r"\bpath:\s*\"([^\"\n]*)\"", options))]
    app = _first(code, r"\bapp:\s*:(\w+)")
    return MixProject(
        context=context,
        folder=folder,
        path=path,
        app=app,
        version=_value(code, "version"),
        elixir=_value(code, "elixir"),
        releases=_releases(code, app),
        apps_path=_first(code, r"\bapps_path:\s*\"([^\"\n]*)\""),
        dependencies=frozenset(name for name, _ in listed),
        path_dependencies=tuple(posixpath.normpath(posixpath.join(folder, where)) for where in local),
        locked=None if lock is None else frozenset(name for name, _ in pinned),
        plain=frozenset(name for name, needs in _PLAIN.findall(lock or "") if not _NATIVE.search(needs)),
        from_git=frozenset(name for name, kind in pinned if kind == "git"),
        aliases=tuple(re.findall(r"[\"']([\w.]+)[\"']:\s*\[", code)),
        escript=re.search(r"\bescript:\s*", code) is not None,
    )


def _releases(code: str, app: str | None) -> tuple[str, ...] | None:
    given = re.search(r"\breleases:\s*(\[|(\w+)\(\s*\)|@?\w+)", code)
    if given is None:
        return (app,) if app is not None else None
    if given[1] == "[":
        return _top_keys(code, given.end())
    body = re.search(rf"\bdefp?\s+{given[2]}\b[^\n]*\bdo\s*\[", code) if given[2] else None
    return None if body is None else _top_keys(code, body.end())


def _top_keys(code: str, at: int) -> tuple[str, ...] | None:
    """The keys of a keyword list whose bracket has just opened."""
    found: list[str] = []
    depth = 0
    for token in re.finditer(
        r"([\[{(])|([\]})])|\"(?:[^\"\\]|\\.)*+\"|(?<![\w:@.])(\w+):(?=\s)", code[at : at + _MAX_BRACKETS]
    ):
        if token[1]:
            depth += 1
        elif token[2]:
            depth -= 1
            if depth < 0:
                return tuple(found)
        elif token[3] and depth == 0:
            found.append(token[3])
    return None


def _value(code: str, key: str) -> str | None:
    """A text that stands there, or in an attribute of the module."""
    found = re.search(rf"\b{key}:\s*(?:\"([^\"\n#]*)\"|@(\w+))", code)
    if found is None or found[1] is not None:
        return None if found is None else found[1]
    return _first(code, rf"(?m)^[ \t]*@{found[2]}\s+\"([^\"\n#]*)\"")


def _first(code: str, pattern: str) -> str | None:
    found = re.search(pattern, code)
    return None if found is None else found[1]
