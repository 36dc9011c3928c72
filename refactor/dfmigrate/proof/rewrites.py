"""An instruction that is written otherwise still does the same."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.migration import Proved
from dfmigrate.model import Layer, StageModel
from dfmigrate.model.cache_mounts import cache_target, who_needs
from dfmigrate.model.rewritten import (
    CLEANUP,
    RECOMMENDS,
    adds_like_copy,
    cache_mounts,
    installs_without_lists,
    same_pairs,
    step_text,
)
from dfmigrate_grammar import Instruction

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Look at each instruction of the result that the original does not have in these words."""
    old = [layer for stage in case.before.stages for layer in stage.layers]
    known = {(layer.name, layer.instruction.logical) for layer in old}
    runs: dict[str, Instruction] = {}
    for layer in old:
        if layer.name == "RUN":
            runs.setdefault(step_text(layer.instruction), layer.instruction)
    changed, opened = False, False
    for stage in case.after.stages:
        for layer in stage.layers:
            if (layer.name, layer.instruction.logical) in known:
                continue
            if layer.name == "RUN":
                twin = runs.get(step_text(layer.instruction))
                answers = _run(case, stage, layer, twin)
            else:
                answers = _other(case, layer, old)
            for answer in answers:
                opened = True
                yield answer
            changed = changed or _is_rewritten(layer, old, runs)
    for answer in _other_stages(case):
        opened = True
        yield answer
    if changed and not opened:
        yield Proved("rewrites", ("G3", "H1", "H2", "H3"), "what is written otherwise does the same")


def _is_rewritten(layer: Layer, old: list[Layer], runs: dict[str, Instruction]) -> bool:
    """Whether the original has it in other words; what is new altogether is looked at by other obligations."""
    new = layer.instruction
    if new.name == "RUN":
        return step_text(new) in runs
    names = [pair.name for pair in new.pairs]
    return any(
        (new.name == "COPY" and one.name == "ADD" and one.instruction.logical == new.logical)
        or (bool(names) and one.name == new.name and [pair.name for pair in one.instruction.pairs] == names)
        for one in old
    )


def _run(case: Case, stage: StageModel, layer: Layer, twin: Instruction | None) -> Iterator[Open]:
    """The original's RUN with mounts, options or a cleanup that it did not have; ``twin`` None: a new one."""
    before, after = twin.logical if twin is not None else "", layer.instruction.logical
    given = cache_mounts(twin) if twin is not None else ()
    for mount in cache_mounts(layer.instruction):
        target = cache_target(mount)
        if mount in given or target is None:
            continue
        sharing = [other for other in stage.layers if other.name == "RUN" and _mounts(other, target)]
        why = who_needs(case.after, stage, sharing, target)
        if why is not None:
            yield Open("rewrites", "G3", f"{target} would not be in the image, but {why}", "keep it", None)
    if twin is None:
        return
    if set(given) - set(cache_mounts(layer.instruction)):
        yield Open("rewrites", "G3", "a RUN would lose its cache mount", "keep the mount", None)
    extra = after.count(RECOMMENDS) - before.count(RECOMMENDS)
    if extra < 0 or (extra and "recommends" not in case.declared):
        message = "recommended packages would be installed, or no longer be"
        yield Open("rewrites", "H1", message, "keep the options of the install", None)
    had, has = (text.rstrip().endswith(CLEANUP) for text in (before, after))
    if has and not had:
        late = installs_without_lists(case.after, stage, layer)
        if late is not None:
            yield Open("rewrites", "H2", "a later RUN installs packages with the lists", "keep them", None)


def _mounts(layer: Layer, target: str) -> bool:
    return any(cache_target(mount) == target for mount in cache_mounts(layer.instruction))


def _other(case: Case, layer: Layer, old: list[Layer]) -> Iterator[Open]:
    new = layer.instruction
    if new.name == "COPY":
        added = [one for one in old if one.name == "ADD" and one.instruction.logical == new.logical]
        why = adds_like_copy(added[0].instruction, case.context) if added else None
        if why is not None:
            yield Open("rewrites", "H3", f"{why}, which COPY does not do", "keep ADD", added[0].line)
    elif new.name in ("ENV", "LABEL") and not any(pair.legacy for pair in new.pairs):
        twins = [one for one in old if _is_legacy_of(one, new)]
        kept = {other.instruction.logical for stage in case.after.stages for other in stage.layers}
        if not twins or any(one.instruction.logical in kept for one in twins):
            return
        if not any(same_pairs(one.instruction, new, case.after.dockerfile.escape) for one in twins):
            message = f"{new.pairs[0].name} would have another value"
            yield Open("rewrites", "D1", message, "keep the value as it is written", twins[0].line)


def _is_legacy_of(one: Layer, new: Instruction) -> bool:
    pairs = one.instruction.pairs
    return one.name == new.name and [p.name for p in pairs if p.legacy] == [p.name for p in new.pairs]


def _other_stages(case: Case) -> Iterator[Open]:
    """Where no stage is added, those ahead of the final one leave the same configuration."""
    if case.split:
        return
    for old, new in zip(case.before.stages[:-1], case.after.stages[:-1], strict=False):
        a, b = old.final, new.final
        if (a.workdir, a.user, a.shell) != (b.workdir, b.user, b.shell):
            yield Open("rewrites", "D4", f"the stage in line {old.line} would end otherwise", "keep it", old.line)
        if "base" not in case.declared and dict(a.environment) != dict(b.environment):
            yield Open("rewrites", "D1", f"the stage in line {old.line} would set other variables", "keep", old.line)
