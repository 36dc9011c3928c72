"""Where a stage's apt is told to fetch packages from, as far as its own steps say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .actions import Action
from .files import is_within
from .interpret import Layer, StageModel
from .packages import installation

_FOLDER = "/etc/apt"
LISTS = re.compile(r"/etc/apt(\Z|/(sources\.list|mirrors?)(\.list|\.d)?(/|\Z))")
"""The files that say where packages are."""
_SETTINGS = re.compile(r"/etc/apt/apt\.conf(\.d)?(/|\Z)")
_LEADS = re.compile(r"(?i)proxy|mirror|://|dir::|#include")
_APT = frozenset({"apt", "apt-get", "aptitude"})


def sets_sources(layer: Layer) -> bool:
    """Whether it writes one of apt's own files, any of which may matter to what is installed next."""
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
    return tuple(
        (write.path, action)
        for layer, action in before_update(stage)
        for write in (layer.writes if action is None else action.writes)
        if is_within(write.path, _FOLDER)
    )


def own_sources(stage: StageModel) -> tuple[str, ...]:
    """Of those files the ones that say, or may say, where packages are."""
    return tuple(path for path, action in before_fetching(stage) if LISTS.match(path) or _may_lead(path, action))


def before_update(stage: StageModel) -> Iterator[tuple[Layer, Action | None]]:
    """Every command up to the first that asks for packages, with its layer, and every instruction that is no RUN."""
    for layer in stage.layers:
        if layer.name != "RUN":
            yield layer, None
            continue
        for action in layer.actions:
            if installation(action.argv) is not None or (action.program in _APT and "update" in action.argv):
                return
            yield layer, action


def _may_lead(path: str, action: Action | None) -> bool:
    """Whether a setting of apt may name a proxy or a mirror: unknown is as good as yes."""
    if not _SETTINGS.match(path):
        return False
    if action is None or action.program not in ("echo", "printf") or None in action.argv:
        return True
    return _LEADS.search(" ".join(word or "" for word in action.argv)) is not None
