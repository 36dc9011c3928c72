"""What a rule declares to change is changed in the one way that it may be."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.migration import Proved
from dfmigrate.model import StageModel
from dfmigrate.model.cargo_run import cargo_starts
from dfmigrate.model.process import process_commands
from dfmigrate.model.rewritten import AUTHORS, plain_words

from . import cargo_run
from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Look at labels, command and base image where they were declared."""
    found = [*_labels(case), *_command(case), *_bases(case)]
    yield from found
    if not found and case.declared & {"labels", "command", "base"}:
        yield Proved("declared", ("C3", "D5", "D6", "D11", "H4"), "what changes on purpose changes in that way alone")


def _labels(case: Case) -> Iterator[Open]:
    """Only MAINTAINER's text, and only as its label."""
    old, new = dict(case.old.final.labels), dict(case.new.final.labels)
    if "labels" not in case.declared or old == new:
        return
    written = [layer.instruction.value for layer in case.old.layers if layer.name == "MAINTAINER"]
    expected = {**old, AUTHORS: written[-1]} if written else old
    if new != expected:
        yield Open("declared", "D6", "a label would have another value than MAINTAINER said", "keep it", case.old.line)


def _command(case: Case) -> Iterator[Open]:
    """Only from shell form to the same words in exec form, or from ``cargo run`` to the program that it starts."""
    if "command" not in case.declared:
        return
    pairs = [(case.old.final.entrypoint, case.new.final.entrypoint), (case.old.final.command, case.new.final.command)]
    changed = [
        (old, new)
        for old, new in pairs
        if (old.process() if old is not None else None) != (new.process() if new is not None else None)
    ]
    crate = cargo_starts(case.old, case.context)
    words = plain_words(case.old, case.context)
    for old, new in changed:
        inherited = old is not None and old.line is None
        if crate is not None and new is not None and crate == (new.argv or tuple(new.text.split())):
            why = cargo_run.why_not(case)
            if why is not None:
                yield Open(
                    "declared", "C3", why, "start the program that is built, not Cargo", old.line if old else None
                )
            continue
        if not inherited and (old is None or new is None or words is None or new.argv != words):
            message = "the command would be another one without its shell"
            yield Open("declared", "H4", message, "keep the shell form", case.old.line)


def _bases(case: Case) -> Iterator[Open]:
    """Only from an image that is gone to one that has the same version, C library and programs."""
    if case.split:
        return
    for old, new in zip(case.before.stages, case.after.stages, strict=False):
        if old.parent is not None or _reference(old) == _reference(new):
            continue
        why = _other_base(case, old, new)
        if why is not None:
            yield Open("declared", "D11", why, "choose the image yourself", old.line)


def _reference(stage: StageModel) -> str | None:
    return stage.reference if stage.base is None else stage.base.reference


def _other_base(case: Case, old: StageModel, new: StageModel) -> str | None:
    was, now = old.base, new.base
    if "base" not in case.declared or was is None or now is None:
        return "the base image would be another one"
    if not was.removed or now.removed:
        return f"{was.reference} is not gone, or {now.reference} is"
    if was.libc != now.libc or (was.version or "").split(".")[0] != (now.version or "").split(".")[0]:
        return f"{now.reference} has another version or C library than {was.reference}"
    if (old.packages or old.files.opaque) and (was.distribution, was.release) != (now.distribution, now.release):
        return f"packages are installed, and {now.reference} is another distribution than {was.reference}"
    if any(_names_old(layer.instruction.logical, was) for layer in old.layers):
        return f"a path of {was.reference} is named"
    lost = _programs(case, old) & was.tools - now.tools
    return f"{now.reference} is not known to have {sorted(lost)[0]}" if lost else None


def _names_old(text: str, base: ImageFacts) -> bool:
    home = base.environment.get("JAVA_HOME")
    return "/openjdk" in text or "java-" in text or (home is not None and home in text)


def _programs(case: Case, stage: StageModel) -> frozenset[str]:
    called = {action.program for layer in stage.layers for action in layer.actions}
    started = process_commands(stage.final, case.context) or ()
    return frozenset(name for name in (*called, *(argv[0] for argv in started)) if name)
