"""Every ``COPY --from`` names a path that is there."""

from __future__ import annotations

import posixpath

from dfmigrate.knowledge.certificates import bundle, has_certificates
from dfmigrate.migration import Proved
from dfmigrate.model import Build, Layer, StageModel
from dfmigrate.model.process import started
from dfmigrate.model.rewritten import stage_index

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Look each source up in the stage that it is copied from; copies that the original had are its own business."""
    original = {
        _key(layer, case.before)
        for stage in case.before.stages
        for layer in stage.layers
        if layer.name in ("COPY", "ADD")
    }
    shown: list[str] = []
    opened = False
    for stage in case.after.stages:
        for layer in stage.layers:
            origin = layer.instruction.flag("from") if layer.name == "COPY" else None
            if origin is None or _key(layer, case.after) in original:
                continue
            source = _stage(case.after, origin)
            for path in layer.instruction.sources:
                full = posixpath.normpath("/" + path.lstrip("/"))
                if source is not None and _is_there(full, source, case, layer):
                    shown.append(full)
                    continue
                opened = True
                yield Open(
                    "copies",
                    "A6",
                    f"nothing shows that `{full}` exists in the stage `{origin}`",
                    "name the file that the build writes",
                    _line(layer, case),
                )
    if shown and not opened:
        yield Proved(
            "copies",
            ("A6", "A9"),
            f"every path copied from a stage is written there: {', '.join(dict.fromkeys(shown))}",
        )


def _key(layer: Layer, build: Build) -> tuple[str | None, str]:
    """What it copies: the stage by its number, as it may have been given a name since."""
    origin = layer.instruction.flag("from")
    words = (word for word in layer.instruction.logical.split() if not word.startswith("--from="))
    return stage_index(build.dockerfile, origin) if origin is not None else None, " ".join(words)


def _stage(build: Build, name: str) -> StageModel | None:
    return next((stage for stage in build.stages if stage.name == name.lower() or str(stage.node.index) == name), None)


def _is_there(path: str, stage: StageModel, case: Case, copy: Layer) -> bool:
    exact = [w for w in stage.files.writes if w.certain and (w.path == path or w.path.startswith(path + "/"))]
    if exact:
        return True
    if path == bundle() and stage.base is not None:
        return has_certificates(stage.base) or "ca-certificates" in stage.packages
    if stage.base is not None and any(path in (*option.folders, *option.libraries) for option in stage.base.runtimes):
        return True
    # The original starts this file, so whatever wrote its folder wrote it; that command is in the stage too. It is one
    # file of that folder alone, so it must not land in the place of the whole.
    destination = copy.instruction.destination
    target = copy.before.absolute(destination)
    into = destination.endswith(("/", ".")) or target == copy.before.workdir
    lands = target == (posixpath.dirname(path) if into else path)
    return lands and path in _started_paths(case.old) and bool(stage.files.candidates(path))


def _started_paths(stage: StageModel) -> frozenset[str]:
    paths = (
        stage.final.absolute(word)
        for word in started(stage.final) or ()
        if not word.startswith("-") and " " not in word
    )
    return frozenset(path for path in paths if path is not None)


def _line(layer: Layer, case: Case) -> int | None:
    return next((old.line for old in case.old.layers if old.instruction.logical == layer.instruction.logical), None)
