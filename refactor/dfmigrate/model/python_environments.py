"""Where Python's package managers put what they install: the system's packages or an environment of the project."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.documents import toml_file
from dfmigrate.context.parsing import mapping
from dfmigrate.context.python import python_project
from dfmigrate.knowledge.images import ImageFacts

from .actions import Action
from .artefacts import context_folder
from .files import FileSystem
from .image import Config
from .uv_python import has_pythons_own, takes_the_images
from .virtualenv import first_environment

Places = tuple[str, ...] | None
"""Folders below which it writes, absolute; None: not known."""

SYSTEM = ("/usr/local/lib/python*/site-packages", "/usr/local/bin")
_DEBIAN = ("/usr/local/lib/python*/dist-packages", "/usr/lib/python*/site-packages", "/usr/bin")
_ASSIGNED = re.compile(r"\s*([A-Za-z_]\w*)=([^\s\"'$`\\]*)(?=\s)")
_STEERING = re.compile(r"(POETRY|UV|PIPENV|PDM|XDG)_\w+|VIRTUAL_ENV|WORKON_HOME|CONDA_PREFIX")
_TRUE = frozenset({"1", "true", "yes", "y", "on"})


@dataclass(frozen=True, slots=True)
class Installing:
    """One command that installs, with all that decides where to."""

    action: Action
    earlier: Sequence[Action]
    """The stage's commands so far."""
    config: Config
    arguments: Mapping[str, str | None]
    files: FileSystem
    base: ImageFacts | None
    context: Context | None

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word or "" for word in self.action.argv)

    @property
    def folder(self) -> str | None:
        """The folder of the context that the working directory shows."""
        return context_folder(self.action.cwd, self.files) if self.action.cwd is not None else None

    @property
    def variables(self) -> Mapping[str, str] | None:
        """The variables that steer these programs; None when one of them is not known."""
        values = {**self.arguments, **self.config.environment}
        text = self.action.text
        while (found := _ASSIGNED.match(text)) is not None:
            values[found[1]] = found[2]
            text = text[found.end() :]
        here = [action for action in self.earlier if action.line == self.action.line]
        if _ASSIGNMENT_LEFT.match(text) or any(action.program == "export" for action in here):
            return None
        steering = {name: value for name, value in values.items() if _STEERING.fullmatch(name)}
        if any(value is None for value in steering.values()):
            return None
        return {name: value for name, value in steering.items() if value}

    @property
    def system(self) -> tuple[str, ...]:
        official = self.base is not None and has_pythons_own(self.base)
        return SYSTEM if official else (*SYSTEM, *_DEBIAN)

    def home(self, *parts: str) -> str | None:
        return posixpath.join("/root", *parts) if self.config.is_root else None

    def made(self, path: str) -> bool:
        """Whether something is known to lie below a folder already."""
        return self.files.is_directory(path) or bool(self.files.exactly(path))


_ASSIGNMENT_LEFT = re.compile(r"\s*[A-Za-z_]\w*=")


def environment_places(installing: Installing) -> Places:
    """The folders that the command writes to."""
    action = installing.action
    reader = _READERS.get(action.program or "")
    variables = installing.variables
    if reader is None or variables is None or None in action.argv or action.cwd is None or not action.facts:
        return None
    if action.facts.folder != "" or variables.keys() & {"CONDA_PREFIX"}:
        return None
    return reader(installing, variables, action.cwd)


def _poetry(installing: Installing, variables: Mapping[str, str], cwd: str) -> Places:
    settings = _poetry_settings(installing, variables)
    if settings is None:
        return None
    # `poetry run pip` works in the same environment, and on nothing of the project.
    own = _poetry_project(installing, cwd) if installing.words[1:2] != ("run",) else ()
    inside = posixpath.join(cwd, ".venv")
    if "VIRTUAL_ENV" in variables:
        return (variables["VIRTUAL_ENV"], *own)
    if settings.get("in-project") != "false" and installing.made(inside):
        return (inside, *own)
    if settings.get("create") == "false":
        # The Python below the one that Poetry itself runs in, be that an environment on PATH.
        return (*installing.system, *own)
    if settings.get("in-project") == "true":
        return (inside, *own)
    default = installing.home(".cache/pypoetry/virtualenvs")
    if "cache-dir" in settings:
        default = posixpath.join(settings["cache-dir"], "virtualenvs")
    folder = settings.get("path", default)
    return (folder, *own) if folder is not None and folder.startswith("/") and "{" not in folder else None


def _poetry_settings(installing: Installing, variables: Mapping[str, str]) -> dict[str, str] | None:
    """``virtualenvs.*`` and ``cache-dir``: variables before ``poetry.toml`` before ``poetry config``."""
    found: dict[str, str] = {}
    for action in installing.earlier:
        words = [word for word in action.argv[1:] if word is not None and not word.startswith("--no-")]
        if action.program != "poetry" or words[:1] != ["config"]:
            continue
        if len(words) != 3 or words[1].startswith("-") or not action.certain or None in action.argv:
            return None
        found[words[1].removeprefix("virtualenvs.")] = words[2].lower() if words[2] in _SWITCHES else words[2]
    context, folder = installing.context, installing.folder
    if context is None or folder is None:
        return None
    local = toml_file(context, posixpath.join(folder, "poetry.toml")) or {}
    given = {**mapping(local.get("virtualenvs")), **{k: v for k, v in local.items() if k == "cache-dir"}}
    found.update({k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in given.items()})
    if "XDG_CACHE_HOME" in variables:
        found.setdefault("cache-dir", posixpath.join(variables["XDG_CACHE_HOME"], "pypoetry"))
    for name, value in variables.items():
        if name == "POETRY_CACHE_DIR":
            found["cache-dir"] = value
        elif name.startswith("POETRY_VIRTUALENVS_"):
            key = name.removeprefix("POETRY_VIRTUALENVS_").lower().replace("_", "-")
            # Poetry reads a variable as true for "true" and "1" alone.
            found[key] = value if key == "path" else str(value.lower() in ("true", "1")).lower()
    strange = any(key.startswith("options") for key in found) or "XDG_CONFIG_HOME" in variables
    return None if strange else found


_SWITCHES = frozenset({"true", "false", "True", "False", "TRUE", "FALSE"})


def _poetry_project(installing: Installing, cwd: str) -> tuple[str, ...]:
    """What is written into the project itself: the lock file, or anything where a build script runs."""
    words, context, folder = installing.words, installing.context, installing.folder
    if context is None or folder is None or words[1] in ("update", "add"):
        return (cwd,)
    text = context.read(posixpath.join(folder, "pyproject.toml")) or ""
    scripted = re.search(r"^\s*(build\s*=|\[tool\.poetry\.build)", text, re.MULTILINE) is not None
    project = python_project(context, folder)
    if "--no-root" not in words and (scripted or project is None or project.setup):
        return (cwd,)
    return () if installing.made(posixpath.join(cwd, "poetry.lock")) else (posixpath.join(cwd, "poetry.lock"),)


def _pipenv(installing: Installing, variables: Mapping[str, str], cwd: str) -> Places:
    words = installing.words
    fixed = words[1] == "sync" or {"--deploy", "--ignore-pipfile", "--skip-lock"} & set(words)
    own = () if fixed else (posixpath.join(cwd, "Pipfile.lock"), posixpath.join(cwd, "Pipfile"))
    if "--system" in words:
        first = variables.get("VIRTUAL_ENV") or first_environment(installing.config)
        return (*((first,) if first is not None else installing.system), *own)
    if "VIRTUAL_ENV" in variables and "PIPENV_IGNORE_VIRTUALENVS" not in variables:
        return (variables["VIRTUAL_ENV"], *own)
    inside = posixpath.join(cwd, ".venv")
    if variables.get("PIPENV_VENV_IN_PROJECT", "").lower() in _TRUE or installing.made(inside):
        return (inside, *own)
    if {"PIPENV_VENV_IN_PROJECT", "PIPENV_CUSTOM_VENV_NAME", "PIPENV_PIPFILE", "XDG_DATA_HOME"} & variables.keys():
        return None
    folder = variables.get("WORKON_HOME", installing.home(".local/share/virtualenvs"))
    return (folder, *own) if folder is not None and folder.startswith("/") else None


def _uv(installing: Installing, variables: Mapping[str, str], cwd: str) -> Places:
    words = installing.words
    if variables.get("UV_LINK_MODE") == "symlink" or {"--target", "--prefix", "--python", "-p"} & set(words):
        return None
    if words[1] == "pip":
        return _uv_pip(installing, variables, cwd)
    if not takes_the_images(installing.base, installing.context, installing.folder, variables):
        return None
    folder = variables.get("UV_PROJECT_ENVIRONMENT", ".venv")
    if "--active" in words or {"UV_PROJECT", "UV_WORKING_DIRECTORY"} & variables.keys():
        return None
    # Building the project leaves its files beside the sources, and the lock file may be written.
    return tuple(dict.fromkeys((cwd, posixpath.normpath(posixpath.join(cwd, folder)))))


def _uv_pip(installing: Installing, variables: Mapping[str, str], cwd: str) -> Places:
    python = re.fullmatch(r"(/\S+?)(?:/bin/python[\d.]*)?", variables.get("UV_PYTHON", ""))
    if python is not None:
        return (python[1],)
    if "UV_PYTHON" in variables:
        return None
    if "--system" in installing.words or variables.get("UV_SYSTEM_PYTHON", "").lower() in _TRUE:
        # Environments on PATH do not count as the system's Python.
        return installing.system
    if "VIRTUAL_ENV" in variables:
        return (variables["VIRTUAL_ENV"],)
    inside = posixpath.join(cwd, ".venv")
    return (inside,) if installing.made(inside) else None


def _pdm(installing: Installing, variables: Mapping[str, str], cwd: str) -> Places:
    configured = any(action.program == "pdm" and action.argv[1:2] == ("config",) for action in installing.earlier)
    steered = any(name.startswith("PDM_") for name in variables) or "VIRTUAL_ENV" in variables
    return None if configured or steered or {"-g", "--global"} & set(installing.words) else (cwd,)


_READERS: dict[str, Callable[[Installing, Mapping[str, str], str], Places]] = {
    "poetry": _poetry,
    "pipenv": _pipenv,
    "uv": _uv,
    "pdm": _pdm,
}
