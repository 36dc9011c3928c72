"""A command that runs again in the runtime finds what it found before: what was written ahead of it is there ahead of
it."""

from __future__ import annotations

from dfmigrate.migration import Proved

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Only a split runs a command in another stage."""
    if not case.split:
        return
    first = {action.text: layer for layer in reversed(case.old.layers) for action in layer.actions}
    opened = False
    seen = False
    for index, layer in enumerate(case.new.layers):
        there = {w.path for w in case.new.layers[index - 1].files.writes} if index else set()
        for action in layer.actions:
            old = first.get(action.text)
            if old is None:
                continue
            seen = True
            before = case.old.layers[case.old.layers.index(old) - 1].files if case.old.layers.index(old) else None
            final = {write.path for write in case.new.files.writes}
            late = [w for w in (before.writes if before is not None else ()) if w.path in final and w.path not in there]
            if late:
                opened = True
                message = f"`{action.text[:60]}` would run before {late[0].path} is there"
                yield Open("replays", "A2", message, "keep the order of the two", old.line)
                break
    if seen and not opened:
        yield Proved("replays", ("A2", "A19"), "what runs again in the runtime finds what was written ahead of it")
