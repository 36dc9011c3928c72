"""A command that runs again in the runtime finds what it found before: what was written ahead of it is there ahead of
it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from dfmigrate.migration import Proved
from dfmigrate.model import Action, FileSystem, StageModel, Write
from dfmigrate.model.image_modes import Target, is_the_images, mode_targets
from dfmigrate.model.packages import installation
from dfmigrate.model.reach import application_roots

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Only a split runs a command in another stage."""
    if not case.split:
        return
    same = case.old.reference == case.new.reference
    if _installs_blindly(case.new) and not (same and _installs_blindly(case.old)):
        message = "the runtime would install packages without package lists"
        yield Open("replays", "A2", message, "put `apt-get update` and the install into one RUN", case.old.line)
    final = {write.path for write in case.new.files.writes}
    places = {id(layer): index for index, layer in enumerate(case.old.layers)}
    first = {action.text: layer for layer in reversed(case.old.layers) for action in layer.actions}
    opened = False
    seen = False
    for index, layer in enumerate(case.new.layers):
        pending = final - {w.path for w in case.new.layers[index - 1].files.writes} if index else final
        for action in layer.actions:
            old = first.get(action.text)
            if old is None or _reads_nothing(action):
                continue
            seen = True
            place = places[id(old)]
            before = case.old.layers[place - 1].files if place else FileSystem()
            late = next(
                (write for write in _met(action, before, application_roots(case.before)) if write.path in pending), None
            )
            if late is not None:
                opened = True
                message = f"`{action.text[:60]}` would run before {late.path} is there"
                yield Open("replays", "A2", message, "keep the order of the two", old.line)
                break
    if seen and not opened:
        yield Proved("replays", ("A2", "A19"), "what runs again in the runtime finds what was written ahead of it")


def _reads_nothing(action: Action) -> bool:
    """Whether the command reads no file of the application; of a setting (``bundle config``) its pack says so."""
    if action.role in ("user-management", "system-packages") or action.program == "mkdir":
        return True
    return action.role == "configuration" and action.facts is not None and not action.facts.reads


def _met(action: Action, files: FileSystem, roots: Sequence[str]) -> tuple[Write, ...]:
    """What a command may read or remove, oldest first; ``rm`` meets nothing but what it names."""
    targets = mode_targets(action)
    if targets and all(target.literal for target in targets):
        return _changed(targets, files, roots)
    if action.program != "rm":
        return files.writes
    # A word with a wildcard reaches no further than the folder in front of it.
    words = [word for word in action.text.split()[1:] if not word.startswith("-")]
    folders = [re.split(r"[*?\[]", word, maxsplit=1)[0] for word in words]
    if any(not folder.startswith("/") or re.search(r"[$`{\"'\\;&|<>]|/\.\.?(/|$)", folder) for folder in folders):
        return files.writes
    places = [
        posixpath.normpath(folder if folder == word else posixpath.dirname(folder))
        for folder, word in zip(folders, words, strict=True)
    ]
    found = {at for place in places for at in files.index.below(place)}
    found |= {at for place in places for folder in _folders(place) for at in files.index.at(folder)}
    return tuple(files.writes[at] for at in sorted(found))


def _changed(targets: Sequence[Target], files: FileSystem, roots: Sequence[str]) -> tuple[Write, ...]:
    """What must be there when owners and modes change: of the image's own folders, not what is copied into them as
    the builder left it."""
    found = {
        at for target in targets for folder in (target.path, *_folders(target.path)) for at in files.index.at(folder)
    }
    own = [target.path for target in targets if is_the_images(target.path, files, roots)]
    found |= {at for target in targets if target.path not in own for at in files.index.below(target.path)}
    return tuple(files.writes[at] for at in sorted(found))


def _folders(path: str) -> Iterator[str]:
    while path != "/":
        path = posixpath.dirname(path)
        yield path


_WITHOUT_LISTS = frozenset({"--no-cache", "-U", "--update", "--update-cache", "--no-network"})
"""Options with which apk asks for no list that is there already."""
_MANAGERS = ("apt", "apt-get", "apk")


def _installs_blindly(stage: StageModel) -> bool:
    """An ``apt-get install`` or ``apk add`` in a stage that has not fetched the package lists before."""
    fetched = False
    for layer in stage.layers:
        for action in layer.actions:
            fetched = fetched or _may_fetch_lists(action)
            done = installation(action.argv)
            if done is None or done.manager not in _MANAGERS or fetched:
                continue
            if done.manager != "apk" or not _WITHOUT_LISTS.intersection(done.options):
                return True
    return False


def _may_fetch_lists(action: Action) -> bool:
    """``apt-get -qq update``, or a script (``curl ... | bash``), which may call it."""
    if action.role == "unknown" or action.program in ("sh", "bash"):
        return True
    return action.program in (*_MANAGERS, "aptitude") and "update" in action.argv[1:]
