"""The few calls to ``docker`` that the proof needs, each with a time limit; nothing that it starts outlives it."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

BUILD_SECONDS = 900
CALL_SECONDS = 60
STOP_SECONDS = 5
# The engine may have no bridge, and a build may have to reach a package registry of the machine.
NETWORK = "--network=host"

_STEP = re.compile(r"#(\d+) \[([^\]]*)\] (.+)")
_CACHED = re.compile(r"#(\d+) CACHED$")


class EngineError(AssertionError):
    """A build or a start that failed, with the end of what the engine said."""


@dataclass(frozen=True, slots=True)
class Step:
    stage: str
    text: str
    cached: bool


@dataclass(frozen=True, slots=True)
class Build:
    tag: str
    seconds: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    exit: int
    stdout: str
    stderr: str


def available() -> bool:
    try:
        return _docker("version", seconds=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def build(folder: Path, tag: str, dockerfile: str = "Dockerfile") -> Build:
    began = time.monotonic()
    words = ("--progress=plain", "--tag", tag, "--file", str(folder / dockerfile), str(folder))
    try:
        done = _docker("build", NETWORK, *words, seconds=BUILD_SECONDS)
    except subprocess.TimeoutExpired:
        raise EngineError(f"{tag}: the build took longer than {BUILD_SECONDS} s") from None
    if done.returncode != 0:
        raise EngineError(f"{tag}: the build failed\n{done.stderr[-4000:]}")
    return Build(tag, time.monotonic() - began, steps_of(done.stderr))


def exported(folder: Path, dockerfile: Path) -> bytes:
    """The files of the image that a Dockerfile builds, as a tar archive."""
    command = ["docker", "buildx", "build", "--quiet", "--output=type=tar,dest=-", f"--file={dockerfile}", str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=BUILD_SECONDS, check=False)
    if done.returncode != 0:
        raise EngineError(f"{dockerfile}: the build failed\n{done.stderr.decode(errors='replace')[-4000:]}")
    return done.stdout


def steps_of(log: str) -> tuple[Step, ...]:
    """The steps of a plain progress log, each with whether it came from the cache."""
    lines = log.split("\n")
    cached = {found[1] for line in lines if (found := _CACHED.match(line))}
    texts = {found[1]: found for line in lines if (found := _STEP.match(line))}
    return tuple(Step(found[2], found[3], number in cached) for number, found in texts.items())


def image(reference: str) -> dict[str, Any]:
    """What the engine knows of an image: ``Size``, ``Config`` and the rest."""
    described: list[dict[str, Any]] = json.loads(_checked("image", "inspect", reference))
    return described[0]


def remove_image(reference: str) -> None:
    _docker("image", "rm", "--force", reference)


@contextlib.contextmanager
def started(tag: str, env: Mapping[str, str], args: Sequence[str] = ()) -> Iterator[str]:
    """A running container's name; the container is gone afterwards whatever happens."""
    name = f"dfmigrate-{uuid.uuid4().hex[:12]}"
    settings = [f"--env={key}={value}" for key, value in env.items()]
    try:
        _checked("run", "--detach", NETWORK, "--name", name, *settings, tag, *args)
        yield name
    finally:
        _docker("rm", "--force", "--volumes", name)


def run(tag: str, args: Sequence[str]) -> Finished:
    name = f"dfmigrate-{uuid.uuid4().hex[:12]}"
    try:
        done = _docker("run", NETWORK, "--name", name, tag, *args)
        return Finished(done.returncode, done.stdout, done.stderr)
    finally:
        _docker("rm", "--force", "--volumes", name)


@contextlib.contextmanager
def files(reference: str) -> Iterator[IO[bytes]]:
    """The files of an image as a tar stream."""
    name = f"dfmigrate-{uuid.uuid4().hex[:12]}"
    _checked("create", "--name", name, reference, "none")
    try:
        with subprocess.Popen(["docker", "export", name], stdout=subprocess.PIPE) as export:
            assert export.stdout is not None
            yield export.stdout
            export.stdout.read()
    finally:
        _docker("rm", "--force", "--volumes", name)


def is_running(name: str) -> bool:
    return _checked("inspect", "--format", "{{.State.Running}}", name).strip() == "true"


def user_ids(name: str) -> tuple[int, ...]:
    """The user ids of the processes in the container, first the one that the image starts."""
    rows = _checked("top", name, "-eo", "pid,uid").strip().split("\n")[1:]
    return tuple(int(row.split()[1]) for row in rows)


def stop(name: str) -> Finished:
    """Ask to stop, as an orchestrator does, and say how it ended."""
    _checked("stop", "--time", str(STOP_SECONDS), name)
    logs = _docker("logs", name)
    code = _checked("inspect", "--format", "{{.State.ExitCode}}", name)
    return Finished(int(code), logs.stdout, logs.stderr)


def logs(name: str) -> str:
    said = _docker("logs", name)
    return said.stdout + said.stderr


def _docker(*args: str, seconds: int = CALL_SECONDS) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *args], capture_output=True, encoding="utf-8", errors="replace", timeout=seconds, check=False
    )


def _checked(*args: str) -> str:
    done = _docker(*args)
    if done.returncode != 0:
        raise EngineError(f"docker {args[0]} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout
