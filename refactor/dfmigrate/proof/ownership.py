"""What belonged to the user that the image starts as still does."""

from __future__ import annotations

import posixpath

from dfmigrate.context.scripts import changes_user
from dfmigrate.knowledge.system import starts_as_root
from dfmigrate.migration import Proved
from dfmigrate.model import Layer
from dfmigrate.model.called import called_programs

from .case import Answers, Case, Open

_ROOT = frozenset({"0:0", "root:root", "root", "0", "0:root", "root:0", "", None})


def check(case: Case) -> Answers:
    """Not where a rule sets the user, which is an obligation of its own."""
    if not case.split or "user" in case.declared:
        return
    opened = False
    for layer in case.new.layers:
        owner = layer.instruction.flag("chown") if layer.name == "COPY" else None
        name = _name(owner)
        if owner is not None and not name.isdigit() and "$" not in name and not _is_made(name, layer, case):
            opened = True
            message = f"the user {name} is not made yet where a COPY gives files to it"
            yield Open("ownership", "A16", message, "give files by number", case.old.line)
    for write in case.old.files.writes:
        if write.owner in _ROOT or write.scratch:
            continue
        twins = [new for new in case.new.files.writes if new.path == write.path]
        if _nobody(_name(write.owner), case):
            continue
        if twins and _name(twins[-1].owner) != _name(write.owner):
            opened = True
            message = f"{write.path} belongs to {write.owner} and would belong to {twins[-1].owner or 'root'}"
            yield Open("ownership", "E1", message, "copy it with --chown", write.origin.line)
            break
    if not opened:
        yield Proved("ownership", ("A15", "E1"), "what belonged to the image's user still does")


def _nobody(name: str, case: Case) -> bool:
    """A user of the old base image alone, where the process is root and nothing changes to another user."""
    old, new = case.old.base, case.new.base
    if case.old.final.user not in _ROOT or case.new.final.user not in _ROOT or old is None or new is None:
        return False
    if not any(user.name == name for user in old.users) or any(user.name == name for user in new.users):
        return False
    programs = [call.program and posixpath.basename(call.program) for call in called_programs(case.before)]
    return not any(name is None or changes_user(name) or starts_as_root(name) for name in programs)


def _is_made(name: str, until: Layer, case: Case) -> bool:
    """Whether the base image brings a user, or a RUN ahead of the instruction makes it."""
    base = case.new.base
    if base is not None and any(user.name == name for user in base.users):
        return True
    ahead = case.new.layers[: case.new.layers.index(until)]
    return any(
        action.program in ("useradd", "adduser") and name in action.argv for layer in ahead for action in layer.actions
    )


def _name(owner: str | None) -> str:
    """The user alone: ``app`` and ``app:app`` are the same owner."""
    return (owner or "0").partition(":")[0]
