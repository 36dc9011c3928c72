"""A command that runs again in the runtime finds what it found before: what was written ahead of it is there ahead of
it."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.migration import Proved
from dfmigrate.model import Action, StageModel, is_within
from dfmigrate.model.packages import installation

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Only a split runs a command in another stage."""
    if not case.split:
        return
    if _installs_blindly(case.new) and not _installs_blindly(case.old):
        message = "the runtime would install packages without package lists"
        yield Open("replays", "A2", message, "put `apt-get update` and the install into one RUN", case.old.line)
    first = {action.text: layer for layer in reversed(case.old.layers) for action in layer.actions}
    opened = False
    seen = False
    for index, layer in enumerate(case.new.layers):
        there = {w.path for w in case.new.layers[index - 1].files.writes} if index else set()
        for action in layer.actions:
            old = first.get(action.text)
            if old is None or _reads_nothing(action):
                continue
            seen = True
            before = case.old.layers[case.old.layers.index(old) - 1].files if case.old.layers.index(old) else None
            final = {write.path for write in case.new.files.writes}
            late = [w for w in (before.writes if before is not None else ()) if w.path in final and w.path not in there]
            late = [write for write in late if _may_meet(action, write.path)]
            if late:
                opened = True
                message = f"`{action.text[:60]}` would run before {late[0].path} is there"
                yield Open("replays", "A2", message, "keep the order of the two", old.line)
                break
    if seen and not opened:
        yield Proved("replays", ("A2", "A19"), "what runs again in the runtime finds what was written ahead of it")


def _reads_nothing(action: Action) -> bool:
    """Whether the command reads no file of the application; of a setting (``bundle config``) its pack says so."""
    if action.role in ("user-management", "system-packages") or action.program == "mkdir":
        return True
    return action.role == "configuration" and action.facts is not None and not action.facts.reads


def _may_meet(action: Action, path: str) -> bool:
    """Whether a command may read or remove something at a path; ``rm`` of other folders by name does not."""
    if action.program != "rm":
        return True
    # A word with a wildcard reaches no further than the folder in front of it.
    words = [word for word in action.text.split()[1:] if not word.startswith("-")]
    folders = [re.split(r"[*?\[]", word, maxsplit=1)[0] for word in words]
    if any(not folder.startswith("/") or re.search(r"[$`{\"'\\;&|<>]|/\.\.?(/|$)", folder) for folder in folders):
        return True
    places = [
        posixpath.normpath(folder if folder == word else posixpath.dirname(folder))
        for folder, word in zip(folders, words, strict=True)
    ]
    return any(is_within(path, place) or is_within(place, path) for place in places)


def _installs_blindly(stage: StageModel) -> bool:
    """An ``apt-get install`` in a stage that has not fetched the package lists before."""
    fetched = False
    for layer in stage.layers:
        for action in layer.actions:
            if action.argv[1:2] == ("update",) and action.program in ("apt", "apt-get"):
                fetched = True
            done = installation(action.argv)
            if done is not None and done.manager in ("apt", "apt-get") and not fetched:
                return True
    return False
