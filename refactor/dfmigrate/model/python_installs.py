"""What is installed into the image's own Python, what into environments of their own, and what only serves the
build."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dfmigrate.context.remembered import remembered
from dfmigrate.knowledge.installers import commands_of_python_tool, is_python_installer

from .actions import Action
from .files import is_within
from .interpret import Build, StageModel
from .pip import is_pip_install, pip_arguments
from .process import started
from .starts import served, starts_itself

_SYSTEM = re.compile(r"/usr/(local/)?(lib|bin)(/python[^/]*(/(site|dist)-packages)?)?")
_RUNNERS = frozenset({"poetry", "pipenv", "pdm", "uv"})


@dataclass(frozen=True, slots=True)
class Install:
    """One command that installs Python packages; ``layer`` is the index of its instruction."""

    layer: int
    action: Action
    folders: tuple[str, ...]
    """The environments of its own that it writes to; empty for the image's own Python."""

    @property
    def is_system(self) -> bool:
        return not self.folders


def python_installs(stage: StageModel) -> tuple[Install, ...]:
    """Every command of a stage that installs Python packages, in order."""
    return tuple(
        Install(index, action, _folders(action))
        for index, layer in enumerate(stage.layers)
        for action in layer.actions
        if is_pip_install(action) or (action.role == "dependency-install" and is_python_installer(action.program))
    )


def _folders(action: Action) -> tuple[str, ...]:
    if any(_SYSTEM.fullmatch(write.path) for write in action.writes):
        return ()
    return tuple(dict.fromkeys(write.path for write in action.writes)) or (action.cwd or "/",)


def makes_environment(action: Action) -> bool:
    """``python -m venv``, ``virtualenv`` or ``uv venv``."""
    return action.program in ("venv", "virtualenv") or (action.program == "uv" and action.argv[1:2] == ("venv",))


def is_of_another_python(action: Action, series: str) -> bool:
    """Whether an environment may be made of another Python than the image's own, such as the distribution's."""
    named = re.match(r"\s*(\S*?)python(\d[\d.]*)?\s", action.text)
    if action.program == "uv" or {"-p", "--python"} & set(action.argv):
        return True
    if any((word or "").startswith(("--python=", "-p")) for word in action.argv[1:]):
        return True
    if named is None:
        return False
    folder, version = named[1], named[2]
    return folder not in ("", "/usr/local/bin/") or version not in (None, "3", series)


def configures_build_tool(action: Action, called: Callable[[str], bool]) -> bool:
    """Settings of a Python package manager that the running container does not call."""
    is_manager = is_python_installer(action.program) or action.program in ("pip", "pip3")
    return (
        action.role == "configuration"
        and is_manager
        and not makes_environment(action)
        and not _is_called((action.program or "",), called)
    )


@remembered
def left_to_the_build(build: Build, called: Callable[[str], bool]) -> frozenset[str]:
    """The commands, by their text, that install nothing into the image's own Python but tools of the build.

    Only where the application has an environment of its own, which shows it nothing of the image's packages.
    """
    stage = build.final
    installs = python_installs(stage)
    system, own = [one for one in installs if one.is_system], [one for one in installs if not one.is_system]
    if not system or not own or shows_system_packages(stage) or not _runs_in(own, build):
        return frozenset()
    for install in system:
        commands = _tools(install.action)
        if commands is None or _is_called(commands, called):
            return frozenset()
    return frozenset(install.action.text for install in system)


def shows_system_packages(stage: StageModel) -> bool:
    """Whether an environment may see what is installed into the image's own Python."""
    return any("system-site-packages" in layer.instruction.logical for layer in stage.layers)


def installs_at_start(build: Build) -> bool:
    """Whether ``uv run`` brings the environment up to date when the container starts, with what the build left out."""
    stage = build.final
    return any(_brings_up_to_date(started(one) or (), stage) for one in served(stage.final, build.context))


def _brings_up_to_date(words: tuple[str, ...], stage: StageModel) -> bool:
    place = next((index for index in range(len(words) - 1) if words[index : index + 2] == ("uv", "run")), None)
    text = " ".join(words)
    if (place is None and "uv run" not in text) or "--no-sync" in text or stage.final.environment.get("UV_NO_SYNC"):
        return False
    syncs = [action for layer in stage.layers for action in layer.actions if action.argv[:2] == ("uv", "sync")]
    return not syncs or any(set(action.argv) - _WHOLE_SYNC for action in syncs[-1:])


_WHOLE_SYNC = frozenset({"uv", "sync", "--frozen", "--locked", "--no-cache", "--compile-bytecode", "-q", "--quiet"})


def _is_called(commands: tuple[str, ...], called: Callable[[str], bool]) -> bool:
    return any(called(command) for command in commands)


def _tools(action: Action) -> tuple[str, ...] | None:
    """The commands that an install of mere tools brings; None when it installs anything else."""
    if not is_pip_install(action) or None in action.argv:
        return None
    asked = pip_arguments(tuple(word for word in action.argv if word is not None))
    if asked.requirements or asked.local or asked.constraints:
        return None
    found: list[str] = []
    for name in asked.names:
        commands = commands_of_python_tool(name)
        if commands is None:
            return None
        found.extend(commands)
    return tuple(found)


def _runs_in(own: list[Install], build: Build) -> bool:
    """Whether what is started is found in one of the environments first."""
    stage = build.final
    folders = [folder for install in own for folder in install.folders]
    first = (stage.final.search_path or ("",))[0]
    if any(first and is_within(first, folder) for folder in folders):
        return True
    own_start = starts_itself(stage.final)
    starts = served(stage.final, build.context)[0 if own_start else 1 :]
    return bool(starts) and all(_is_found_in(started(one) or ("",), folders, stage) for one in starts)


def _is_found_in(process: tuple[str, ...], folders: list[str], stage: StageModel) -> bool:
    place = stage.final.absolute(process[0]) or "" if "/" in process[0] else ""
    if any(place and is_within(place, folder) for folder in folders):
        return True
    return process[0].rpartition("/")[2] in _RUNNERS and process[1:2] == ("run",)
