"""Python packages in the image's own interpreter cannot be copied without it: a virtual environment can.

One that the file makes itself is carried as it is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.deployments import outside_variables
from dfmigrate.context.requirement_file import RequirementKind, requirement_files
from dfmigrate.model import Build, Layer, StageModel, is_within
from dfmigrate.model.called import By, called_programs, calls
from dfmigrate.model.mentions import mentions_folder
from dfmigrate.model.pip import PipArguments, is_pip_install, pip_arguments
from dfmigrate.model.process import started_words
from dfmigrate.model.python_installs import (
    Install,
    installs_at_start,
    is_of_another_python,
    left_to_the_build,
    makes_environment,
    python_installs,
    shows_system_packages,
)
from dfmigrate.model.uv_python import has_pythons_own
from dfmigrate.rules.rule import declined

from . import RULE
from .carry import Carried

VENV = "/opt/venv"
_FOREIGN_TARGET = ("--user", "--target", "-t", "--prefix", "--root", "-e", "--editable", "--break-system-packages")
_PYTHON_FOLDER = re.compile(r"/usr/(local/)?lib/python|site-packages|dist-packages")
_SYSTEM_PROGRAM = re.compile(r"/usr/(?:local/)?bin/(?!env\b|bash\b|sh\b|apt|dpkg|tini\b|dumb-init\b)[\w.-]+")
_OTHER_PATH = re.compile(r"(^|[/\s])(su|sudo|runuser|cron|crond|supervisord)(\s|$)|^-\w*l\w*$")
_STEERING = frozenset({"PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "VIRTUAL_ENV"})
_HARMLESS = frozenset(
    {
        *("PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_DEFAULT_TIMEOUT", "PIP_ROOT_USER_ACTION"),
        *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_PROGRESS_BAR", "PIP_PREFER_BINARY"),
    }
)


@dataclass(frozen=True, slots=True)
class PythonPackages:
    first: int | None
    """Index of the first layer that installs into the image's own Python what must leave the builder."""
    venv: str | None
    """The environment to install that into."""
    variables: tuple[tuple[str, str], ...]
    """Variables that lead package managers to it."""
    lasting: tuple[tuple[str, str], ...]
    """Those of them that the runtime needs too."""
    carried: tuple[Carried, ...]


def plan(build: Build, cut: int, roots: Sequence[str]) -> PythonPackages | None:
    """How to carry what is installed in the builder; None when no Python packages are. Raises ``Declined``."""
    stage = build.final
    called = calls(build)
    left = left_to_the_build(build, called)
    installs = [one for one in python_installs(stage) if one.layer <= cut and one.action.text not in left]
    if not installs:
        return None
    for install in installs:
        _check_install(install, build)
    series = re.match(r"\d+\.\d+", (stage.base.version or "") if stage.base is not None else "")
    for layer in stage.layers:
        if any(makes_environment(a) and is_of_another_python(a, series[0] if series else "") for a in layer.actions):
            message = "this environment may be made of another Python than the image's own, which would be missing"
            raise declined("B5", RULE, message, "make it with `python -m venv`", layer.line)
    if installs_at_start(build):
        message = (
            "`uv run` installs what is missing when the container starts, which may need what only the builder has"
        )
        raise declined(
            "C3", RULE, message, "start with `uv run --no-sync`, or let `uv sync` install it all", stage.line
        )
    own = tuple(
        Carried(folder, _owner(stage, cut, folder))
        for install in installs
        for folder in install.folders
        if not any(is_within(folder, root) for root in roots)
    )
    system = [install for install in installs if install.is_system]
    if not system:
        return PythonPackages(None, None, (), (), tuple(dict.fromkeys(own)))
    if ((stage.base.version if stage.base is not None else None) or "3").startswith("2"):
        raise declined("B5", RULE, "Python 2 has no virtual environments of its own", "move to Python 3", stage.line)
    if shows_system_packages(stage):
        message = (
            "an environment of the file's own shows packages of the image's Python, from where they would be moved"
        )
        raise declined("B5", RULE, message, "install everything into that environment", stage.line)
    _check_interpreter(build, stage, own=len(system) < len(installs))
    variables = _variables(system, installs, stage)
    lasting = tuple(pair for pair in variables if called(_MANAGERS[pair[0]]))
    return PythonPackages(system[0].layer, VENV, variables, lasting, (Carried(VENV), *dict.fromkeys(own)))


def _check_install(install: Install, build: Build) -> None:
    stage, action = build.final, install.action
    line = stage.layers[install.layer].line
    if any(
        word in _FOREIGN_TARGET or (word or "").startswith(("--target=", "--prefix=", "--root="))
        for word in action.argv
    ) and is_pip_install(action):
        raise declined(
            "B6",
            RULE,
            "pip installs to a place of its own (--user, --target, --prefix, or an editable install)",
            "install with plain `pip install`",
            line,
        )
    if is_pip_install(action):
        _check_requirements(pip_arguments(tuple(word or "" for word in action.argv)), build.context, line)
    if not stage.layers[install.layer].before.is_root:
        message = f"{action.program} runs as another user than root"
        raise declined("E12", RULE, message, "install packages before USER", line)
    if stage.base is None or not has_pythons_own(stage.base):
        raise declined(
            "B5",
            RULE,
            "pip belongs to the system's Python here, whose packages cannot be moved",
            "use an official python image",
            stage.line,
        )


def _owner(stage: StageModel, cut: int, folder: str) -> str | None:
    newest = stage.layers[cut].files.newest(folder)
    return newest.owner if newest is not None and newest.owner not in ("0:0", "root:root", "root", "", None) else None


_MANAGERS = {"VIRTUAL_ENV": "poetry", "UV_PYTHON": "uv"}


def _variables(
    system: Sequence[Install], all_of_them: Sequence[Install], stage: StageModel
) -> tuple[tuple[str, str], ...]:
    """What leads Poetry and uv to the environment: they pass over one that is only found on PATH."""
    found: list[tuple[str, str]] = []
    named = {install.action.program: stage.layers[install.layer].line for install in system}
    others = {
        install.action.program: stage.layers[install.layer].line for install in all_of_them if not install.is_system
    }
    mixed = next((program for program in named if program in others and program in ("poetry", "uv")), None)
    if mixed is not None:
        message = f"{mixed} installs into the image's own Python and into an environment"
        raise declined("B5", RULE, message, "install everything into one of them", named[mixed])
    if "poetry" in named:
        found.append(("VIRTUAL_ENV", VENV))
    if "uv" in named:
        _check_uv(stage)
        found.append(("UV_PYTHON", f"{VENV}/bin/python"))
    return tuple(found)


def _check_uv(stage: StageModel) -> None:
    """The first releases of uv (0.1) refuse ``--system`` beside UV_PYTHON."""
    for layer in stage.layers:
        if re.search(r"\buv(==|:|@)v?0\.1(\.|\b)", layer.instruction.logical):
            raise declined(
                "B5", RULE, "uv 0.1 installs into no environment that is named", "use uv 0.2 or newer", layer.line
            )


def _check_given(context: Context) -> None:
    """A variable that a deployment gives may name the packages where they were."""
    for name, values in outside_variables(context).items():
        elsewhere = any(value is None or _PYTHON_FOLDER.search(value) for value in values)
        if name in _STEERING and (elsewhere or name != "PYTHONPATH"):
            raise declined("B5", RULE, f"a deployment sets {name}, which steers where packages are", "set it no more")


def _check_interpreter(build: Build, stage: StageModel, *, own: bool) -> None:
    """A virtual environment changes which ``python`` is found; what names the image's own would miss the packages."""
    for name in {pair.name for layer in stage.layers if layer.name == "ENV" for pair in layer.instruction.pairs}:
        if name in _STEERING or (name.startswith("PIP_") and name not in _HARMLESS):
            raise declined("B5", RULE, f"{name} steers where packages are", "set it in the RUN", stage.line)
    if build.context is not None:
        _check_given(build.context)
    for layer in stage.layers:
        if _names_system_python(layer, stage):
            raise declined("B5", RULE, "this names the system's Python by its path", "name no path", layer.line)
        for action in layer.actions:
            named = "/pip" in action.text and is_pip_install(action)
            if action.program == "crontab" or (not own and (makes_environment(action) or named)):
                message = "this RUN has a Python environment or a schedule of its own"
                raise declined("B5", RULE, message, "install with plain `pip install`", layer.line)
            if action.program == "sed" and "site-packages" in action.text:
                raise declined("B5", RULE, "this RUN edits installed packages", "do so in the runtime", layer.line)
    scripted = [call.program for call in called_programs(build) if call.by is By.SCRIPT and call.program is not None]
    if any(_OTHER_PATH.search(word) for word in (*started_words(stage.final, build.context), *scripted)):
        message = "the start command goes through a program that sets PATH anew, which would hide the packages"
        raise declined("B5", RULE, message, "start `python` or the program by name", stage.line)
    context = build.context
    if context is not None and any(mentions_folder(context, path) for path in ("usr/local/bin", "usr/local/lib")):
        message = "a file of the project names the system's Python by its path"
        raise declined("B5", RULE, message, "use `#!/usr/bin/env python3`", stage.line)


def _names_system_python(layer: Layer, stage: StageModel) -> bool:
    """Whether an instruction names Python's own folders, or a program in the system's that nobody put there by name."""
    text = layer.instruction.logical
    if _PYTHON_FOLDER.search(text):
        return True
    if layer.name in ("COPY", "ADD"):
        return False
    put = {write.path for write in stage.files.writes}
    return any(path not in put for path in _SYSTEM_PROGRAM.findall(text))


def _check_requirements(asked: PipArguments, context: Context | None, line: int) -> None:
    """Editable and local requirements leave a path to the sources behind."""
    for name in asked.requirements:
        files = requirement_files(context, posixpath.normpath(name)) if context is not None else None
        for requirement in (each for file in files or () for each in file.requirements):
            if requirement.editable or requirement.kind is RequirementKind.PATH:
                raise declined("B6", RULE, f"{name} installs a folder of the project", "install it by name", line)
