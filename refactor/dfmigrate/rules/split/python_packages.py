"""Python packages that pip installs into the image's own interpreter cannot be copied without it: a virtual
environment can."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.model import Action, Build, Config
from dfmigrate.model.mentions import mentions
from dfmigrate.model.process import commands_of
from dfmigrate.rules.rule import declined

from . import RULE
from .carry import Carried

VENV = "/opt/venv"
_FOREIGN_TARGET = ("--user", "--target", "-t", "--prefix", "--root", "-e", "--editable", "--break-system-packages")
_SYSTEM_PYTHON = re.compile(r"/usr/(local/)?(bin/(python|pip|gunicorn|uvicorn|celery|flask)|lib/python)")


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
    _check_interpreter(stage.final, build.context, stage.line)
    return PythonPackages(installs[0][0], VENV, Carried(VENV))


def is_install(action: Action) -> bool:
    """``pip install`` in any spelling."""
    return (
        action.program is not None
        and re.fullmatch(r"pip[\d.]*", action.program) is not None
        and action.role == "dependency-install"
    )


def _check_interpreter(config: Config, context: Context | None, line: int) -> None:
    """A virtual environment changes which ``python`` is found; an absolute path to the image's own would miss the
    packages."""
    for command in (config.entrypoint, config.command):
        texts = command.process() if command is not None else ()
        if any(_SYSTEM_PYTHON.search(text) for text in texts):
            raise declined(
                "B5",
                RULE,
                "the start command names the system's Python by its path",
                "start `python` or the program by name",
                line,
            )
        if command is not None and any(
            argv and argv[0] in ("bash", "sh") and "-l" in argv for argv in commands_of(command, config) or ()
        ):
            raise declined(
                "B5",
                RULE,
                "a login shell resets PATH, which would hide the packages",
                "start the program without `-l`",
                line,
            )
    if context is not None and any(
        mentions(context, path) for path in ("/usr/local/bin/python", "/usr/local/bin/python3", "/usr/local/lib")
    ):
        raise declined(
            "B5",
            RULE,
            "a file of the project names the system's Python by its path",
            "use `#!/usr/bin/env python3`",
            line,
        )
