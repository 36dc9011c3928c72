"""What belonged to the user that the image starts as still does."""

from __future__ import annotations

from dfmigrate.migration import Proved

from .case import Answers, Case, Open

_ROOT = frozenset({"0:0", "root:root", "root", "0", "0:root", "root:0", "", None})


def check(case: Case) -> Answers:
    """Only for an image that already ran as a user; a user that a rule sets is another obligation."""
    if not case.split or "user" in case.declared or case.old.final.is_root:
        return
    opened = False
    for write in case.old.files.writes:
        if write.owner in _ROOT or write.scratch:
            continue
        twins = [new for new in case.new.files.writes if new.path == write.path]
        if twins and _name(twins[-1].owner) != _name(write.owner):
            opened = True
            message = f"{write.path} belongs to {write.owner} and would belong to {twins[-1].owner or 'root'}"
            yield Open("ownership", "E1", message, "copy it with --chown", write.origin.line)
            break
    if not opened:
        yield Proved("ownership", ("A15", "E1"), "what belonged to the image's user still does")


def _name(owner: str | None) -> str:
    """The user alone: ``app`` and ``app:app`` are the same owner."""
    return (owner or "0").partition(":")[0]
