"""Every build step of the original still runs, in the same order, under the same configuration, with the files it
reads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from dfmigrate.migration import Proved
from dfmigrate.model import Action, Layer, StageModel, is_within
from dfmigrate.model.inputs import inputs
from dfmigrate.model.rewritten import step_text

from .case import Answers, Case, Open

_OWNERS = frozenset({"chown", "chgrp", "chmod"})
"""They change what they name, and read nothing in it."""


def check(case: Case) -> Answers:
    """Find each RUN of the original in the stages that it must have become."""
    opened = False
    for old, became in _lineages(case):
        for answer in _kept(case, old, became):
            opened = True
            yield answer
    if not opened and any(_runs(stage) for stage in case.before.stages):
        yield Proved(
            "build-steps",
            ("A2", "C14", "F1", "F10"),
            "every RUN runs as before: same order, environment and working directory, with the files it reads",
        )


def _lineages(case: Case) -> Iterator[tuple[StageModel, tuple[StageModel, ...]]]:
    """Each stage of the original, and the stages that may hold its steps: for the final one, all from its index on."""
    last = len(case.before.stages) - 1
    for index, stage in enumerate(case.before.stages):
        yield stage, case.after.stages[index : None if index == last else index + 1]


def _kept(case: Case, stage: StageModel, became: tuple[StageModel, ...]) -> Iterator[Open]:
    new = [(other, layer) for other in became for layer in _runs(other)]
    position = 0
    for layer in _runs(stage):
        found = next((i for i in range(position, len(new)) if _text(new[i][1]) == _text(layer)), None)
        if found is None:
            yield Open(
                "build-steps", "A2", "this RUN no longer runs, or out of order", "keep the instruction", layer.line
            )
            continue
        position = found + 1
        yield from _same_world(case, layer, *new[found])


def _runs(stage: StageModel) -> list[Layer]:
    return [layer for layer in stage.layers if layer.name == "RUN"]


def _text(layer: Layer) -> str:
    return step_text(layer.instruction)


def _same_world(case: Case, old: Layer, stage: StageModel, new: Layer) -> Iterator[Open]:
    declared_path = "env:PATH" in case.declared
    for name, value in old.before.environment.items():
        there = new.before.environment.get(name)
        if there == value or (
            name == "PATH" and declared_path and value is not None and there is not None and there.endswith(value)
        ):
            continue
        if stage is not case.after.stages[0] and name not in _own_environment(case):
            continue
        yield Open(
            "build-steps", "F10", f"this RUN would see another value of {name}", "keep ENV ahead of the RUN", old.line
        )
    for name, value in old.arguments.items():
        if name in old.instruction.logical and new.arguments.get(name, value) != value:
            yield Open(
                "build-steps",
                "F10",
                f"this RUN would see another value of the argument {name}",
                "keep ARG ahead of the RUN",
                old.line,
            )
    if old.before.workdir != new.before.workdir:
        yield Open(
            "build-steps", "D4", "this RUN would run in another directory", "keep WORKDIR ahead of the RUN", old.line
        )
    if old.before.user != new.before.user:
        yield Open("build-steps", "E12", "this RUN would run as another user", "keep USER after the RUN", old.line)
    if old.before.shell != new.before.shell:
        yield Open("build-steps", "D10", "this RUN would run in another shell", "keep SHELL ahead of the RUN", old.line)
    yield from _same_files(case, old, new)


def _own_environment(case: Case) -> frozenset[str]:
    """Names that the Dockerfile itself sets: the base image's own may differ between builder and runtime."""
    layers = [layer for stage in case.before.stages for layer in stage.layers if layer.name == "ENV"]
    return frozenset(pair.name for layer in layers for pair in layer.instruction.pairs)


def _same_files(case: Case, old: Layer, new: Layer) -> Iterator[Open]:
    """Context files that the step saw before and does not see now must be ones that it does not read."""
    seen = {
        w.path: w.origin.detail
        for w in old.files.writes
        if w.origin.source == "context" and (w.origin.line or 0) < old.line
    }
    there = {w.path for w in new.files.writes if w.origin.source == "context" and (w.origin.line or 0) < new.line}
    missing = {path: detail for path, detail in seen.items() if path not in there}
    if not missing:
        return
    for action in old.actions:
        read = _reads(action, case, old, missing)
        if read is None:
            message = f"`{action.text[:60]}` may read files that would be copied only after it"
            yield Open("build-steps", "F1", message, "keep COPY ahead of the RUN", old.line)
            return
        needed = [name for name in missing.values() if any(name == one or name.startswith(one + "/") for one in read)]
        if needed:
            message = f"`{action.text[:60]}` reads `{needed[0]}`, which would be copied only after it"
            yield Open("build-steps", "F4", message, "copy it ahead of the RUN", old.line)
            return


def _reads(action: Action, case: Case, layer: Layer, missing: Mapping[str, str]) -> frozenset[str] | None:
    """What a command reads of the context; for one that reads what it is told, the missing files that it names; for
    ``sed -i`` those that it changes."""
    if action.role in ("dependency-install", "build"):
        return inputs(action, case.context, layer)
    if action.program == "sed" and action.writes and not {"-f", "--file"} & set(action.argv):
        changed = [write.path for write in action.writes]
        return frozenset(detail for path, detail in missing.items() if any(is_within(path, one) for one in changed))
    if action.role == "configuration" and action.facts is not None and all(map(_is_absolute, action.facts.reads)):
        read = action.facts.reads
        return frozenset(detail for path, detail in missing.items() if any(is_within(path, one) for one in read))
    told = action.role in ("system-packages", "user-management", "inspection", "cleanup")
    told = told or action.program in _OWNERS or action.program in ("mkdir", "touch")
    if not told or None in action.argv or action.cwd is None or "<" in action.text or "*" in action.text:
        return None
    named = {posixpath.normpath(posixpath.join(action.cwd, word)) for word in action.argv if word is not None}
    return frozenset(
        detail for path, detail in missing.items() if any(is_within(path, name) for name in named if name != "/")
    )


def _is_absolute(path: str) -> bool:
    return path.startswith("/")
