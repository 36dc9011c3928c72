"""What of ours the engine holds, and its removal: at the end of a run, and for runs that were killed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dfmigrate.verify.engine import Engine, EngineError
from dfmigrate.verify.journal import PREFIX, Dead, Run, dead_runs, is_outdated, known_runs, noted_images


@dataclass(frozen=True, slots=True)
class Held:
    """One container or image of ours."""

    run: str
    kind: str
    """``container`` or ``image``."""
    name: str


def held(engine: Engine) -> tuple[Held, ...]:
    """Everything on the engine that bears our name, whichever run made it."""
    if engine.name == "buildah":
        containers = engine.demand("containers", "--all", "--format", "{{.ContainerName}}")
        images = engine.demand("images", "--format", "{{.Name}}:{{.Tag}}")
    else:
        containers = engine.demand("ps", "--all", "--format", "{{.Names}}")
        images = engine.demand("images", "--format", "{{.Repository}}:{{.Tag}}")
    return (*_ours("container", containers, "-"), *_ours("image", images, "/"))


def _ours(kind: str, names: str, separator: str) -> Iterable[Held]:
    for name in names.split():
        _, is_ours, rest = name.partition(PREFIX + separator)
        if is_ours:
            # <seconds>-<random>, then what it is for.
            run = rest.partition(":")[0] if kind == "image" else "-".join(rest.split("-")[:2])
            yield Held(run, kind, name)


def remove_all(engine: Engine, found: Iterable[Held]) -> tuple[Held, ...]:
    """Remove containers, then images; returns what is gone. What it cannot remove raises EngineError at the end."""
    gone, failures = [], []
    for item in sorted(found, key=lambda item: item.kind):
        done = engine.ask(*_removal(engine, item), seconds=120)
        if done.code == 0:
            gone.append(item)
        else:
            failures.append(f"{item.name}: {done.last_line}")
    if failures:
        raise EngineError(f"could not remove {'; '.join(failures)}")
    return tuple(gone)


def _removal(engine: Engine, item: Held) -> tuple[str, ...]:
    if item.kind == "image":
        return ("rmi", "--force", item.name)
    return ("rm", item.name) if engine.name == "buildah" else ("rm", "--force", "--volumes", item.name)


def clear(engine: Engine, run: Run) -> tuple[Held, ...]:
    """Remove what this run made."""
    gone = remove_all(engine, [item for item in held(engine) if item.run == run.id])
    _remove_unnamed(engine, run.folder)
    return gone


def _remove_unnamed(engine: Engine, folder: Path) -> None:
    """Steps on the way, where the builder keeps them as images: those that nobody has named or built on since."""
    for image in noted_images(folder):
        done = engine.ask("inspect", "--type", "image", image)
        if done.code == 0 and _is_unnamed(engine, done.out):
            engine.ask("rmi", image)


def _is_unnamed(engine: Engine, description: str) -> bool:
    described = json.loads(description)
    if engine.name == "buildah":
        return not described.get("FromImage")
    return bool(described) and not described[0].get("RepoTags")


def clear_dead_runs(engine: Engine) -> tuple[str, ...]:
    """Remove what runs left that were killed or lost their engine; one sentence for each, empty when there are none."""
    dead = dead_runs()
    for one in dead:
        _end_clients(one)
    known = known_runs()
    ids = {one.id for one in dead}
    found = [item for item in held(engine) if item.run in ids or (item.run not in known and is_outdated(item.run))]
    gone = remove_all(engine, found)
    for one in dead:
        _remove_unnamed(engine, one.folder)
        shutil.rmtree(one.folder, ignore_errors=True)
    return tuple(_sentence(run, gone) for run in sorted(ids | {item.run for item in gone}))


def _sentence(run: str, gone: tuple[Held, ...]) -> str:
    kinds = [item.kind for item in gone if item.run == run]
    return f"an earlier run ({run}) was cut off: removed {counted(kinds)} and its temporary files"


def counted(kinds: list[str]) -> str:
    """``2 containers, 1 image``."""
    words = [
        f"{kinds.count(kind)} {kind}{'s' if kinds.count(kind) > 1 else ''}"
        for kind in ("container", "image")
        if kind in kinds
    ]
    return ", ".join(words) or "nothing on the engine"


def _end_clients(one: Dead) -> None:
    """Its builds may go on without it, and would leave an image after we have looked."""
    for pid in one.clients:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGTERM)
