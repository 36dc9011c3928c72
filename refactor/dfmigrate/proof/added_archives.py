"""What the runtime installs comes from the archives that a Dockerfile adds: their keys and lists are there by then."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.knowledge.system import folders
from dfmigrate.migration import Proved
from dfmigrate.model import Action, StageModel, is_within
from dfmigrate.model.packages import installation, package_name

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Only a split installs packages in another stage; where a key or a list is written may come later there."""
    if not case.split:
        return
    steps = tuple(_steps(case.old))
    settings = frozenset[str]().union(*(there | _settings(action) for action, there in steps))
    if not settings:
        return
    for action, there in _steps(case.new):
        names = _names(action)
        ahead = [before for other, before in steps if names & _names(other)]
        # Packages under new names; with one setting of an archive there, the others must be, too.
        wanted = ahead[0] if ahead else settings if names and there & settings else frozenset()
        missing = sorted(wanted - there)
        if missing:
            message = f"`{action.text[:60]}` would install packages before {missing[0]} is there"
            hint = "write the archive's key and list in a RUN of their own, or copy them there"
            yield Open("added-archives", "A2", message, hint, case.old.line)
            return
    yield Proved("added-archives", ("A2",), "packages come from the archives that they came from")


def _steps(stage: StageModel) -> Iterator[tuple[Action, frozenset[str]]]:
    """Each command of a stage, and the settings of package managers that were written ahead of it."""
    there: frozenset[str] = frozenset()
    for layer in stage.layers:
        if layer.name in ("COPY", "ADD"):
            there |= frozenset(write.path for write in layer.writes if _is_setting(write.path))
        for action in layer.actions:
            yield action, there
            there |= _settings(action)


def _settings(action: Action) -> frozenset[str]:
    return frozenset(write.path for write in action.writes if _is_setting(write.path))


def _is_setting(path: str) -> bool:
    return any(is_within(path, folder) for folder in folders("of_archives"))


def _names(action: Action) -> frozenset[str]:
    done = installation(action.argv)
    return frozenset(map(package_name, done.packages)) if done is not None else frozenset()
