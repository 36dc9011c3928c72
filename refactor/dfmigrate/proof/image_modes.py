"""Owners and modes of what the base image brings are changed in the runtime too: a COPY brings only what it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dfmigrate.migration import Proved
from dfmigrate.model import Action, FileSystem, Layer, StageModel, is_within
from dfmigrate.model.image_modes import (
    ACCOUNTS,
    Target,
    changed_of_image,
    changes_modes,
    found_by,
    is_the_images,
    mode_targets,
)
from dfmigrate.model.reach import application_roots

from .case import Answers, Case, Open

_MAKES_USERS = frozenset({"useradd", "adduser", "groupadd", "addgroup"})
_ROOT = ("", "0", "root")


def check(case: Case) -> Answers:
    """Only what the runtime's image brings as well; its own folders alone are those of the builder."""
    if not case.split:
        return
    repeated = {_placed(action): (layer, at) for layer in case.new.layers for at, action in enumerate(layer.actions)}
    seen, roots = False, application_roots(case.before)
    for layer, at, files in _commands(case.old):
        action, targets = layer.actions[at], changed_of_image(at, layer, files, case.old, roots)
        again = repeated.get(_placed(action))
        lost = [target.path for target in targets if not _is_passed_over(target, case)] if again is None else []
        if lost:
            message = f"`{action.text[:60]}` changes {lost[0]} of the image, which would be as it was"
            yield Open("image_modes", "A15", message, "put it into a RUN of its own, behind the build", layer.line)
            return
        if again is None or not targets:
            continue
        seen = True
        missing = _missing(action, files, again, case)
        if missing is not None:
            message = f"`{action.text[:60]}` would run again, where {missing} is not shown to be"
            yield Open("image_modes", "A15", message, "put it into a RUN of its own, behind the build", layer.line)
            return
        name = _strange_name(action, again[0], case)
        if name is not None:
            message = f"`{action.text[:60]}` would run again, where nobody is shown to be called {name}"
            yield Open("image_modes", "A16", message, "name users and groups by number", layer.line)
            return
    if seen:
        yield Proved("image_modes", ("A15", "A16"), "owners and modes of the image's own files are changed again")


def _commands(stage: StageModel) -> Iterator[tuple[Layer, int, FileSystem]]:
    """Each command by its place, with the files that it finds."""
    before = FileSystem(given=stage.files.given, crowded=stage.files.crowded, bare=stage.files.bare)
    for layer in stage.layers:
        for index, action in enumerate(layer.actions):
            if changes_modes(action):
                yield layer, index, found_by(index, before, layer.actions)
        before = layer.files


def _placed(action: Action) -> tuple[str, tuple[Target, ...]]:
    """The command, and what it means where it stands."""
    return action.text, mode_targets(action)


def _is_passed_over(target: Target, case: Case) -> bool:
    """What the new image has not, and what is copied whole from the builder, where the command has run."""
    if not case.new.files.brings(target.path):
        return True
    for layer in case.new.layers:
        if layer.name == "COPY" and layer.instruction.flag("from") is not None:
            goal = layer.before.absolute(layer.instruction.destination)
            sources = [source.rstrip("/") or "/" for source in layer.instruction.sources]
            if goal is not None and any(goal == source and is_within(target.path, source) for source in sources):
                return True
    return False


def _missing(action: Action, files: FileSystem, again: tuple[Layer, int], case: Case) -> str | None:
    """A target that may not be there when the command runs again."""
    layer, index = again
    place = next(at for at, one in enumerate(case.new.layers) if one is layer)
    ground = FileSystem(given=case.new.files.given, crowded=case.new.files.crowded, bare=case.new.files.bare)
    here = found_by(index, case.new.layers[place - 1].files if place else ground, layer.actions)
    same = case.old.reference is not None and case.old.reference == case.new.reference
    for target in mode_targets(action):
        if target.literal and (target.path in here.given or here.reaches(target.path)):
            continue
        # Where nothing else put it there, the image did.
        own = is_the_images(target.path, files, application_roots(case.before)) or not files.reaches(target.path)
        if not own or not (same or (target.literal and target.path in ACCOUNTS and here.brings(target.path))):
            return target.path
    return None


def _strange_name(action: Action, again: Layer, case: Case) -> str | None:
    """A user or group that the runtime may not have; "?" where its name is not known."""
    if action.program == "chmod":
        return None
    owner = next((word for word in action.argv[1:] if word is None or not word.startswith("-")), None)
    if owner is None:
        return "?"
    base, ahead = case.new.base, case.new.layers[: case.new.layers.index(again) + 1]
    known: set[str | None] = {user.name for user in base.users} if base is not None else set()
    known |= _made(ahead)
    if case.old.reference == case.new.reference:
        # What only the original makes is not the image's.
        known |= set(owner.split(":")) - _made(case.old.layers)
    return next((name for name in owner.split(":") if not name.isdigit() and name not in (*_ROOT, *known)), None)


def _made(layers: Sequence[Layer]) -> set[str | None]:
    """The words of commands that make users and groups: their names are among them."""
    actions = [action for layer in layers for action in layer.actions if action.program in _MAKES_USERS]
    return {word for action in actions for word in action.argv[1:]}
