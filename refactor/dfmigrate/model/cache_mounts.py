"""Whether a cache folder can be mounted for some RUNs, so that what they leave in it is not in the image."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from dfmigrate.knowledge.caches import cache_kind
from dfmigrate.knowledge.programs import role
from dfmigrate_grammar import Instruction

from .files import is_within
from .interpret import Build, Layer, StageModel
from .mentions import mentions
from .mounts import mount_targets
from .process import process_commands
from .rewritten import cache_mounts


def cache_target(value: str) -> str | None:
    """The folder of one ``--mount=type=cache``."""
    fields = dict(part.partition("=")[::2] for part in value.split(","))
    return fields.get("target") or fields.get("dst") or fields.get("destination")


def caches_of(layer: Layer) -> tuple[str, ...]:
    """The folders that the commands of a RUN fill only to save a later run the work, as far as they may be mounted."""
    found = [path for action in layer.actions if action.facts is not None for path in action.facts.caches]
    return tuple(dict.fromkeys(path for path in found if cache_kind(path) is not None))


def who_needs(build: Build, stage: StageModel, layers: Sequence[Layer], target: str) -> str | None:
    """Who reads the folder outside of ``layers``, the RUNs that have it mounted; None when nobody does."""
    if cache_kind(target) is None:
        return f"{target} is not known to be a mere cache"
    if not all(target in caches_of(layer) for layer in layers):
        return f"nothing in the RUN uses {target} as its cache"
    first = stage.layers.index(layers[0])
    there = [w for w in stage.layers[first].files.writes if is_within(w.path, target) and not w.scratch]
    if there:
        return f"{there[0].path} was put there"
    named = next((i for i in build.dockerfile.instructions if _names(i, target)), None)
    if named is not None:
        return f"line {build.dockerfile.line_of(named)} names it"
    taken = _copied(build, stage, target)
    if taken is not None:
        return f"line {taken.line} copies it"
    if build.context is not None and mentions(build.context, target):
        return "a file of the project names it"
    return _store_reader(build, stage, layers, target) if cache_kind(target) == "store" else None


def _names(instruction: Instruction, target: str) -> bool:
    text = instruction.logical
    for flag in reversed(instruction.flags):
        if flag.value is not None and flag.value in cache_mounts(instruction):
            text = text[: flag.span[0]] + text[flag.span[1] :]
    parts = target.strip("/").split("/")
    tail = "/".join(parts[1:] if parts[0] == "root" else parts[-2:])
    return re.search(rf"(?<![\w.-]){re.escape(tail)}(?![\w.-])", text) is not None


def _copied(build: Build, stage: StageModel, target: str) -> Layer | None:
    """A copy out of this stage of a folder that holds the cache."""
    for other in build.stages:
        for layer in other.layers:
            origin = layer.instruction.flag("from") if layer.name == "COPY" else None
            if origin is None or origin.lower() not in (stage.name, str(stage.node.index)):
                continue
            sources = [posixpath.normpath("/" + source.lstrip("/")) for source in layer.instruction.sources]
            if any("$" in s or "*" in s or is_within(target, s) or is_within(s, target) for s in sources):
                return layer
    return None


def _store_reader(build: Build, stage: StageModel, layers: Sequence[Layer], target: str) -> str | None:
    first = stage.layers.index(layers[0])
    for layer in (*stage.layers[first + 1 :], *_inherited(build, stage)):
        if layer.name != "RUN" or target in mount_targets(layer.instruction, layer.before) or layer in layers:
            continue
        if layer.opaque is not None:
            return f"line {layer.line} may read it"
        for action in layer.actions:
            facts = action.facts
            if action.role == "unknown" or (facts is not None and (facts.scripted or target in facts.caches)):
                return f"line {layer.line} may read it"
    if build.final is not stage and not _descends(build.final, stage):
        return None
    commands = process_commands(build.final.final, build.context)
    if commands is None:
        return "the start command may read it"
    fillers = {action.program for layer in layers for action in layer.actions}
    for argv in commands:
        facts = role(argv)
        if argv[0] in fillers or (facts is not None and (target in facts.caches or facts.scripted)):
            return f"the start command `{argv[0]}` reads it"
    return None


def _inherited(build: Build, stage: StageModel) -> Iterator[Layer]:
    for other in build.stages:
        if _descends(other, stage):
            yield from other.layers


def _descends(stage: StageModel, ancestor: StageModel) -> bool:
    parent = stage.parent
    while parent is not None:
        if parent is ancestor:
            return True
        parent = parent.parent
    return False
