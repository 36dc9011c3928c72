"""A Python project: its requirement files, ``pyproject.toml``, lock files, frameworks and entry modules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import MAX_LOCK, Context
from dfmigrate.context.parsing import ManifestError, mapping, parse_toml, strings, text_or_none, texts
from dfmigrate.context.remembered import remembered
from dfmigrate.context.requirement_file import (
    Requirement,
    RequirementFile,
    normalised,
    requirement_file,
    requirement_files,
    requirement_name,
)

_FRAMEWORKS = ("django", "flask", "fastapi", "starlette", "aiohttp", "tornado", "sanic", "quart", "streamlit", "bottle")
_ENTRY_MODULES = (
    "manage.py",
    "app.py",
    "main.py",
    "server.py",
    "run.py",
    "wsgi.py",
    "asgi.py",
    "bot.py",
    "__main__.py",
)
_LOCKS = {"poetry.lock": "poetry", "pdm.lock": "pdm", "uv.lock": "uv", "Pipfile.lock": "pipenv", "pixi.lock": "pixi"}
_FROM_GIT = ("setuptools-scm", "setuptools-git-versioning", "versioneer", "hatch-vcs", "pbr", "versioningit", "dunamai")


@dataclass(frozen=True)
class Pyproject:
    """What ``pyproject.toml`` says, of PEP 621 and of Poetry's own tables."""

    path: str
    name: str | None
    requires_python: str | None
    build_backend: str | None
    build_requires: tuple[str, ...]
    """Normalised names."""
    dependencies: frozenset[str]
    """Normalised names of what is needed at run time."""
    path_dependencies: Mapping[str, str]
    """Dependencies on folders of the project."""
    scripts: Mapping[str, str]
    """Commands that an install creates: name -> ``module:function``."""
    dynamic: frozenset[str]
    tools: frozenset[str]
    """Tables under ``[tool]``."""
    files: tuple[str, ...]
    """Files that building the project reads: readme and licence."""

    @property
    def version_from_git(self) -> bool:
        """Whether building may ask git for the version."""
        return any(name in _FROM_GIT for name in (*self.build_requires, *map(normalised, self.tools)))


@dataclass(frozen=True)
class PythonProject:
    """What the files of a folder say of the Python project in it."""

    context: Context = field(repr=False)
    folder: str
    files: tuple[RequirementFile, ...]
    """The requirement files directly in the folder and in ``requirements/``, without those they bring in."""
    pyproject: Pyproject | None
    setup: tuple[str, ...]
    """``setup.py`` and ``setup.cfg``, where they exist."""
    locks: Mapping[str, str]
    """Lock file's path -> tool."""
    pinned_python: str | None
    """From ``.python-version`` or ``runtime.txt``."""
    entry_modules: tuple[str, ...]
    """Files whose name suggests that they start the application."""

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What all requirement files of the folder ask for."""
        return tuple(requirement for file in self.files for requirement in file.requirements)

    @cached_property
    def names(self) -> frozenset[str]:
        """Normalised names that any manifest asks for directly; what these need in turn is not known."""
        asked = {requirement.name for requirement in self.requirements if requirement.name is not None}
        return frozenset(asked | (self.pyproject.dependencies if self.pyproject is not None else set()) | self._pipfile)

    @cached_property
    def frameworks(self) -> tuple[str, ...]:
        return tuple(name for name in _FRAMEWORKS if name in self.names)

    @property
    def version_from_git(self) -> bool:
        """Whether building the project itself may ask git for the version."""
        if self.pyproject is not None and self.pyproject.version_from_git:
            return True
        texts_of_setup = (self.context.read(path) or "" for path in self.setup)
        return any(re.search(r"setuptools_scm|versioneer|\bpbr\b|git describe", text) for text in texts_of_setup)

    def needed_for(self, path: str) -> tuple[str, ...] | None:
        """The files that ``pip install -r path`` reads; None when that is more than requirement files, or unknown."""
        files = requirement_files(self.context, path)
        if files is None or any(file.needs_source for file in files):
            return None
        return tuple(file.path for file in files)

    @cached_property
    def _pipfile(self) -> frozenset[str]:
        path = posixpath.join(self.folder, "Pipfile")
        table = _toml(self.context, path) or {}
        return frozenset(normalised(name) for name in mapping(table.get("packages")))


@remembered
def python_project(context: Context, folder: str = "") -> PythonProject | None:
    """Read a folder; None when nothing in it belongs to a Python project."""
    children = context.children(folder)
    names = {posixpath.basename(path): path for path in children}
    candidates = [*children, *context.children(posixpath.join(folder, "requirements"))]
    files = [requirement_file(context, path) for path in candidates if _is_requirement_file(folder, path)]
    pyproject = _pyproject(context, names.get("pyproject.toml"))
    project = PythonProject(
        context=context,
        folder=folder,
        files=tuple(file for file in files if file is not None),
        pyproject=pyproject,
        setup=tuple(names[name] for name in ("setup.py", "setup.cfg") if name in names),
        locks={names[name]: tool for name, tool in _LOCKS.items() if name in names},
        pinned_python=_pinned(context, names),
        entry_modules=tuple(names[name] for name in _ENTRY_MODULES if name in names),
    )
    known = project.files or pyproject or project.setup or project.locks or "Pipfile" in names
    return project if known or any(path.endswith(".py") for path in children) else None


def _is_requirement_file(folder: str, path: str) -> bool:
    relative = path[len(folder) :].lstrip("/")
    if not relative.endswith((".txt", ".in", ".pip")):
        return False
    return relative.startswith("requirements/") or re.search(r"require|constraint", relative) is not None


def _pinned(context: Context, names: Mapping[str, str]) -> str | None:
    for name in (".python-version", "runtime.txt"):
        text = context.read(names[name]) if name in names else None
        found = re.match(r"\s*(?:python-)?(\d+(?:\.\d+)*)\s*$", text or "")
        if found:
            return found[1]
    return None


def _pyproject(context: Context, path: str | None) -> Pyproject | None:
    document = None if path is None else _toml(context, path)
    if path is None or document is None:
        return None
    project = mapping(document.get("project"))
    build = mapping(document.get("build-system"))
    tools = mapping(document.get("tool"))
    poetry = mapping(tools.get("poetry"))
    asked = [requirement_name(text) for text in strings(project.get("dependencies"))]
    asked += [normalised(name) for name in mapping(poetry.get("dependencies")) if name.lower() != "python"]
    return Pyproject(
        path=path,
        name=text_or_none(project.get("name")) or text_or_none(poetry.get("name")),
        requires_python=text_or_none(project.get("requires-python"))
        or text_or_none(mapping(poetry.get("dependencies")).get("python")),
        build_backend=text_or_none(build.get("build-backend")),
        build_requires=tuple(filter(None, map(requirement_name, strings(build.get("requires"))))),
        dependencies=frozenset(filter(None, asked)),
        path_dependencies=_path_dependencies(poetry, mapping(tools.get("uv"))),
        scripts={**texts(project.get("scripts")), **texts(poetry.get("scripts"))},
        dynamic=frozenset(strings(project.get("dynamic"))),
        tools=frozenset(tools),
        files=_referenced(project, poetry),
    )


def _path_dependencies(poetry: Mapping[str, object], uv: Mapping[str, object]) -> Mapping[str, str]:
    groups = [mapping(group).get("dependencies") for group in mapping(poetry.get("group")).values()]
    tables = [poetry.get("dependencies"), poetry.get("dev-dependencies"), *groups, uv.get("sources")]
    found: dict[str, str] = {}
    for table in tables:
        for name, value in mapping(table).items():
            path = text_or_none(mapping(value).get("path"))
            if path is not None:
                found[normalised(name)] = path
            elif mapping(value).get("workspace") is True:
                found[normalised(name)] = "workspace"
    return found


def _referenced(project: Mapping[str, object], poetry: Mapping[str, object]) -> tuple[str, ...]:
    named = (
        project.get("readme"),
        mapping(project.get("readme")).get("file"),
        mapping(project.get("license")).get("file"),
        poetry.get("readme"),
    )
    return tuple(dict.fromkeys([*(text for text in named if isinstance(text, str)), *strings(poetry.get("readme"))]))


def _toml(context: Context, path: str) -> Mapping[str, object] | None:
    text = context.read(path, MAX_LOCK)
    if text is None:
        return None
    try:
        return parse_toml(text)
    except ManifestError:
        return None
