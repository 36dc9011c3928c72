"""Images on the engine: built, looked at, read as files, removed."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dfmigrate.verify.build_log import BuildStep, Failure, failure_of, made_images, steps_of
from dfmigrate.verify.engine import Builder, Engine, EngineError
from dfmigrate.verify.image import ImageFacts
from dfmigrate.verify.journal import LABEL, Run
from dfmigrate.verify.process import TimeIsUpError, call, stream

BUILD_SECONDS = 1800.0
FILES_SECONDS = 600.0
_LONG_VALUE = 8
"""Characters; shorter ones are versions and switches, and stand in words that mean something else."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a build needs beside the Dockerfile itself; the same before and after."""

    context: Path
    file_name: str = "Dockerfile"
    """As the user's file is called, so that messages name it."""
    ignore: bytes | None = None
    """The Dockerfile's own ``.dockerignore``, where it has one that goes before the context's."""
    arguments: tuple[tuple[str, str], ...] = ()
    network: str | None = None
    """None: what the engine does of itself."""
    seconds: float = BUILD_SECONDS


@dataclass(frozen=True, slots=True)
class Built:
    """An image of ours on the engine, and how it came about."""

    reference: str
    seconds: float
    steps: tuple[BuildStep, ...]


def build(engine: Engine, run: Run, name: str, dockerfile: bytes, recipe: Recipe) -> Built | Failure:
    """Build an image called ``name``; EngineError when the engine, and not the Dockerfile, is the reason."""
    file = _written(run, name, dockerfile, recipe)
    reference = run.image(name)
    arguments = [engine.program, *_build_arguments(engine, file, reference, recipe), str(recipe.context)]
    began = time.monotonic()
    try:
        done = call(
            arguments,
            seconds=recipe.seconds,
            together=True,
            started=run.note_client,
            # Attestations are no part of the image, and some stores count them as one.
            environment={"BUILDX_NO_DEFAULT_ATTESTATIONS": "1", **engine.build_environment},
        )
    except TimeIsUpError:
        return Failure(f"the build took longer than {recipe.seconds:.0f} s and was stopped", None)
    except OSError as error:
        raise EngineError(f"{engine.program}: {error.strerror or error}") from None
    log = without_values(done.out, recipe.arguments)
    if engine.builder is not Builder.BUILDKIT:
        run.note_images(made_images(log))
    if done.code == 0:
        return Built(reference, time.monotonic() - began, steps_of(log, dockerfile))
    if done.code < 0:
        raise EngineError(f"the {engine.name} client was killed by signal {-done.code} while it built")
    failure = failure_of(log, dockerfile)
    if not engine.answers():
        raise EngineError(f"{engine.name} stopped answering during a build: {failure.reason}")
    return failure


def without_values(log: str, arguments: Iterable[tuple[str, str]]) -> str:
    """A log in which long values of build arguments, such as tokens, are their names again: reports are passed on."""
    for name, value in sorted(arguments, key=lambda pair: -len(pair[1])):
        if len(value) >= _LONG_VALUE:
            log = log.replace(value, f"${name}")
    return log


def _written(run: Run, name: str, dockerfile: bytes, recipe: Recipe) -> Path:
    folder = run.folder / name
    folder.mkdir(exist_ok=True)
    file = folder / recipe.file_name
    file.write_bytes(dockerfile)
    if recipe.ignore is not None:
        file.with_name(f"{file.name}.dockerignore").write_bytes(recipe.ignore)
    return file


def _build_arguments(engine: Engine, file: Path, reference: str, recipe: Recipe) -> list[str]:
    settings = ["--file", str(file), "--tag", reference]
    if engine.builder is Builder.BUILDKIT:
        settings += ["--progress=plain"]
    elif engine.builder is Builder.LEGACY:
        settings += ["--force-rm"]
    else:
        # The OCI format has no health check, shell or trigger.
        settings += ["--format=docker", "--layers", "--force-rm"]
        if recipe.ignore is not None:
            settings += [f"--ignorefile={file}.dockerignore"]
    if recipe.network is not None:
        settings += [f"--network={recipe.network}"]
    for key, value in recipe.arguments:
        settings += ["--build-arg", f"{key}={value}"]
    return [*engine.build_command, *settings]


def facts(engine: Engine, reference: str) -> ImageFacts:
    """The image as the engine describes it, under Docker's names."""
    if engine.name == "buildah":
        return _buildah_facts(engine, reference)
    described: dict[str, Any] = json.loads(engine.demand("image", "inspect", reference))[0]
    config = dict(described.get("Config") or {})
    if engine.name == "podman" and described.get("Healthcheck"):
        config.setdefault("Healthcheck", described["Healthcheck"])
    return ImageFacts(
        id=str(described["Id"]),
        config=config,
        layers=tuple((described.get("RootFS") or {}).get("Layers") or ()),
        size=int(described.get("Size") or 0),
        architecture=str(described.get("Architecture") or ""),
    )


def _buildah_facts(engine: Engine, reference: str) -> ImageFacts:
    described = json.loads(engine.demand("inspect", "--type", "image", reference))
    docker = described.get("Docker") or {}
    listed = json.loads(engine.demand("images", "--json", "--no-trunc", reference))
    return ImageFacts(
        id=str(described.get("FromImageID") or ""),
        config=dict(docker.get("config") or {}),
        layers=tuple((docker.get("rootfs") or {}).get("diff_ids") or ()),
        size=_bytes_of(str(listed[0].get("size") or "")) if listed else 0,
        architecture=str(docker.get("architecture") or ""),
    )


_UNITS = {"B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}


def _bytes_of(text: str) -> int:
    """``85.3 MB`` in bytes; 0 where it is not of that form."""
    number, _, unit = text.strip().partition(" ")
    try:
        return round(float(number) * _UNITS[unit.upper()])
    except (ValueError, KeyError):
        return 0


@contextlib.contextmanager
def file_system(engine: Engine, run: Run, reference: str) -> Iterator[IO[bytes]]:
    """All files of an image as one tar stream, its layers already laid over each other; nothing of it is started."""
    name = run.container(f"files-{reference.rpartition(':')[2]}")
    if engine.name == "buildah":
        with _buildah_files(engine, name, reference) as files:
            yield files
        return
    # An image without a command cannot be created without one; it is never run.
    engine.demand("create", "--name", name, "--label", f"{LABEL}={run.id}", "--network=none", reference, "/none")
    try:
        with _files([engine.program, "export", name]) as files:
            yield files
    finally:
        engine.ask("rm", "--force", "--volumes", name)


@contextlib.contextmanager
def _buildah_files(engine: Engine, name: str, reference: str) -> Iterator[IO[bytes]]:
    engine.demand("from", "--pull-never", "--name", name, reference)
    script = 'set -e; tar --numeric-owner --xattrs --xattrs-include="*" -C "$("$0" mount "$1")" -cf - .'
    arguments = ["/bin/sh", "-c", script, engine.program, name]
    if os.geteuid() != 0:
        # The files belong to the user's own range of ids, which only this shows as the image has them.
        arguments = [engine.program, "unshare", *arguments]
    try:
        with _files(arguments) as files:
            yield files
    finally:
        engine.ask("rm", name)


@contextlib.contextmanager
def _files(arguments: list[str]) -> Iterator[IO[bytes]]:
    try:
        with stream(arguments, seconds=FILES_SECONDS) as files:
            yield files
    except TimeIsUpError:
        raise EngineError(f"the image's files were not read within {FILES_SECONDS:.0f} s") from None
