"""Python packages that pip installs into the image's own interpreter cannot be copied without it: a virtual
environment can."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.requirement_file import RequirementKind, requirement_files
from dfmigrate.model import Action, Build, Layer, StageModel
from dfmigrate.model.mentions import mentions_folder
from dfmigrate.model.pip import PipArguments, pip_arguments
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
    first: int
    """Index of the first layer that installs packages."""
    venv: str
    carried: Carried


def plan(build: Build, cut: int) -> PythonPackages | None:
    """How to carry what pip installs in the builder; None when it installs nothing. Raises ``Declined``."""
    stage = build.final
    installs = [
        (index, action)
        for index, layer in enumerate(stage.layers[: cut + 1])
        for action in layer.actions
        if is_install(action)
    ]
    if not installs:
        return None
    for index, action in installs:
        line = stage.layers[index].line
        if any(
            word in _FOREIGN_TARGET or (word or "").startswith(("--target=", "--prefix=", "--root="))
            for word in action.argv
        ):
            raise declined(
                "B6",
                RULE,
                "pip installs to a place of its own (--user, --target, --prefix, or an editable install)",
                "install with plain `pip install`",
                line,
            )
        _check_requirements(pip_arguments(tuple(word or "" for word in action.argv)), build.context, line)
        if not stage.layers[index].before.is_root:
            raise declined("E12", RULE, "pip runs as another user than root", "install packages before USER", line)
    if stage.base is None or stage.base.family != "python":
        raise declined(
            "B5",
            RULE,
            "pip belongs to the system's Python here, whose packages cannot be moved",
            "use an official python image",
            stage.line,
        )
    if (stage.base.version or "3").startswith("2"):
        raise declined("B5", RULE, "Python 2 has no virtual environments of its own", "move to Python 3", stage.line)
    _check_interpreter(stage, build.context)
    return PythonPackages(installs[0][0], VENV, Carried(VENV))


def is_install(action: Action) -> bool:
    """``pip install`` in any spelling."""
    return (
        action.program is not None
        and re.fullmatch(r"pip[\d.]*", action.program) is not None
        and action.role == "dependency-install"
    )


def _check_interpreter(stage: StageModel, context: Context | None) -> None:
    """A virtual environment changes which ``python`` is found; what names the image's own would miss the packages."""
    for name in {pair.name for layer in stage.layers if layer.name == "ENV" for pair in layer.instruction.pairs}:
        if name in _STEERING or (name.startswith("PIP_") and name not in _HARMLESS):
            raise declined("B5", RULE, f"{name} steers where packages are", "set it in the RUN", stage.line)
    for layer in stage.layers:
        if _names_system_python(layer, stage):
            raise declined("B5", RULE, "this names the system's Python by its path", "name no path", layer.line)
        for action in layer.actions:
            if action.program in ("venv", "virtualenv", "crontab") or ("/pip" in action.text and is_install(action)):
                message = "this RUN has a Python environment or a schedule of its own"
                raise declined("B5", RULE, message, "install with plain `pip install`", layer.line)
            if action.program == "sed" and "site-packages" in action.text:
                raise declined("B5", RULE, "this RUN edits installed packages", "do so in the runtime", layer.line)
    for command in (stage.final.entrypoint, stage.final.command):
        words = command.process() if command is not None else ()
        if any(_OTHER_PATH.search(word) for word in words):
            message = "the start command goes through a program that sets PATH anew, which would hide the packages"
            raise declined("B5", RULE, message, "start `python` or the program by name", stage.line)
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
