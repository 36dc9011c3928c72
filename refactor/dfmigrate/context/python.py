"""A Python project: its requirement files, ``pyproject.toml``, lock files, and the frameworks that they name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from dfmigrate.context.build_context import Context, parents
from dfmigrate.context.documents import toml_file
from dfmigrate.context.parsing import mapping
from dfmigrate.context.pyproject import Pyproject, pyproject_file, workspace_members
from dfmigrate.context.remembered import remembered
from dfmigrate.context.requirement_file import (
    Requirement,
    RequirementFile,
    normalised,
    requirement_file,
    requirement_files,
)

if TYPE_CHECKING:
    from dfmigrate.context.python_lock import PythonLock

_FRAMEWORKS = ("django", "flask", "fastapi", "starlette", "aiohttp", "tornado", "sanic", "quart", "streamlit", "bottle")
_LOCKS = {"poetry.lock": "poetry", "pdm.lock": "pdm", "uv.lock": "uv", "Pipfile.lock": "pipenv", "pixi.lock": "pixi"}


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

    @cached_property
    def workspace(self) -> str | None:
        """The folder above whose uv workspace this project is a member of."""
        for above in (*parents(self.folder), "") if self.folder else ():
            root = pyproject_file(self.context, posixpath.join(above, "pyproject.toml"))
            if root is not None and root.members:
                members = workspace_members(self.context, root)
                return above if members is not None and self.folder in members else None
        return None

    @property
    def manager(self) -> str | None:
        """``poetry pdm uv pipenv pixi``, by the lock file or else the table; None for pip, or in doubt."""
        tools = set(self.locks.values())
        if not tools and self.workspace is not None:
            return "uv"
        if not tools and self.pyproject is not None:
            tools = {name for name in ("poetry", "pdm", "uv", "pixi") if name in self.pyproject.tools}
        if not tools and posixpath.join(self.folder, "Pipfile") in self.context.files:
            tools = {"pipenv"}
        return tools.pop() if len(tools) == 1 else None

    @cached_property
    def lock(self) -> PythonLock | None:
        """What the one lock file of the folder, or of its workspace, pins; None without one that can be read."""
        from dfmigrate.context.python_lock import python_lock

        if not self.locks and self.workspace is not None:
            return python_lock(self.context, posixpath.join(self.workspace, "uv.lock"), self.folder)
        return python_lock(self.context, next(iter(self.locks))) if len(self.locks) == 1 else None

    @property
    def environment_in_project(self) -> bool | None:
        """Whether ``poetry.toml`` puts the environment into the project's ``.venv``; None when it is silent."""
        table = toml_file(self.context, posixpath.join(self.folder, "poetry.toml")) or {}
        given = mapping(table.get("virtualenvs")).get("in-project")
        return given if isinstance(given, bool) else None

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
        table = toml_file(self.context, path) or {}
        return frozenset(normalised(name) for name in mapping(table.get("packages")))


@remembered
def python_project(context: Context, folder: str = "") -> PythonProject | None:
    """Read a folder; None when nothing in it belongs to a Python project."""
    children = context.children(folder)
    names = {posixpath.basename(path): path for path in children}
    candidates = [*children, *context.children(posixpath.join(folder, "requirements"))]
    files = [requirement_file(context, path) for path in candidates if _is_requirement_file(folder, path)]
    pyproject = pyproject_file(context, posixpath.join(folder, "pyproject.toml"))
    project = PythonProject(
        context=context,
        folder=folder,
        files=tuple(file for file in files if file is not None),
        pyproject=pyproject,
        setup=tuple(names[name] for name in ("setup.py", "setup.cfg") if name in names),
        locks={names[name]: tool for name, tool in _LOCKS.items() if name in names},
        pinned_python=_pinned(context, names),
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
