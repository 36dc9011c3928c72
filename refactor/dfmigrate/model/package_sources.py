"""Where a stage's apt is told to fetch packages from, as far as its own steps say so."""

from __future__ import annotations

from collections.abc import Iterator

from .actions import Action
from .files import Write, is_within
from .interpret import Layer, StageModel
from .packages import installation

_FOLDER = "/etc/apt"
_APT = frozenset({"apt", "apt-get", "aptitude"})


def sets_sources(layer: Layer) -> bool:
    """Whether it writes one of apt's own files."""
    return any(is_within(write.path, _FOLDER) for write in layer.writes)


def installed(stage: StageModel) -> tuple[str, ...]:
    """Every system package that the stage installs, as it names it."""
    found = [installation(action.argv) for layer in stage.layers for action in layer.actions]
    return tuple(package for one in found if one is not None for package in one.packages)


def installs(stage: StageModel) -> bool:
    """Whether the stage installs system packages."""
    return any(installation(action.argv) is not None for layer in stage.layers for action in layer.actions)


def before_fetching(stage: StageModel) -> tuple[tuple[str, Action | None], ...]:
    """What the stage has written of apt's files when it first asks for packages, and the command that did it."""
    return tuple(_before_fetching(stage))


def _before_fetching(stage: StageModel) -> Iterator[tuple[str, Action | None]]:
    for layer in stage.layers:
        if layer.name != "RUN":
            yield from ((path, None) for path in _paths(layer.writes))
            continue
        for action in layer.actions:
            if installation(action.argv) is not None or (action.program in _APT and "update" in action.argv):
                return
            yield from ((path, action) for path in _paths(action.writes))


def _paths(writes: tuple[Write, ...]) -> Iterator[str]:
    return (write.path for write in writes if is_within(write.path, _FOLDER))
