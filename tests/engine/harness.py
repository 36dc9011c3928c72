"""The proof on an engine: build and run an application as it was and as it was migrated, and lay both side by side."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import containers
from .application import Application, Request, Start
from .containers import Build, EngineError, Finished
from .ports import held

Migrate = Callable[[Path], None]
"""Migrates the Dockerfile in the folder, in place."""

OWN_FILES = shutil.ignore_patterns("app.toml")
_COMPLAINTS = {
    "error": re.compile(r"\b(error|exception|fatal|fail(ed|ure)?)\b", re.I),
    "warning": re.compile(r"\bwarn(ing)?\b", re.I),
    "traceback": re.compile(r"Traceback \(most recent|^panic:|^\s+at .+:\d+:\d+\)?$", re.M),
    "denied": re.compile(r"permission denied|EACCES|EPERM|read-only file system", re.I),
    "missing": re.compile(r"ENOENT|no such file|not found|cannot (find|open)|MODULE_NOT_FOUND", re.I),
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    kind: str
    """The content type, which some servers take from a file of the system."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """All that was seen of one image."""

    size: int
    config: dict[str, Any]
    answers: tuple[Answer, ...]
    runs: tuple[Finished, ...]
    user_ids: tuple[int, ...]
    complaints: frozenset[str]
    exit: int | None
    """The exit status when asked to stop; None for an application that is no server."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What an edit of a source file cost, and whether it arrived."""

    build: Build
    shows: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """Before and after."""

    app: Application
    dockerfiles: tuple[bytes, bytes]
    behaviours: tuple[Behaviour, Behaviour]
    rebuilds: tuple[Rebuilt, Rebuilt]
    ideal: int
    """The size, in bytes, of the image of ``Dockerfile.ideal``, which a person wrote."""

    @property
    def ratio(self) -> float:
        return self.behaviours[1].size / self.ideal


def lay_side_by_side(app: Application, migrate: Migrate, work: Path) -> Sides:
    """Build, run, edit and rebuild the application twice; EngineError when one of them does not build or start."""
    folders = work / "before", work / "after"
    for folder in folders:
        shutil.copytree(app.folder, folder, ignore=OWN_FILES)
    migrate(folders[1])
    tags = [f"dfmigrate-proof/{app.name}:{side}-{uuid.uuid4().hex[:8]}" for side in ("before", "after", "ideal")]
    try:
        behaviours = [_observe(app, folder, tag) for folder, tag in zip(folders, tags[:2], strict=True)]
        containers.build(folders[0], tags[2], "Dockerfile.ideal")
        ideal = containers.image(tags[2])["Size"]
        rebuilds = [_edit(app, folder, tag) for folder, tag in zip(folders, tags[:2], strict=True)]
    finally:
        for tag in tags:
            containers.remove_image(tag)
    before, after = ((folder / "Dockerfile").read_bytes() for folder in folders)
    return Sides(app, (before, after), (behaviours[0], behaviours[1]), (rebuilds[0], rebuilds[1]), ideal)


def complaints_of(stderr: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _COMPLAINTS.items() if pattern.search(stderr))


def _observe(app: Application, folder: Path, tag: str) -> Behaviour:
    containers.build(folder, tag)
    described = containers.image(tag)
    runs = tuple(containers.run(tag, command.args) for command in app.commands)
    stderr = "\n".join(finished.stderr for finished in runs)
    answers: tuple[Answer, ...] = ()
    user_ids: tuple[int, ...] = ()
    ended = None
    if app.start is not None:
        with _serving(app.start, tag) as (name, port):
            answers = tuple(ask(port, request) for request in app.requests)
            user_ids = containers.user_ids(name)
            ended = containers.stop(name)
            stderr += ended.stderr
    return Behaviour(
        size=described["Size"],
        config=described["Config"],
        answers=answers,
        runs=runs,
        user_ids=user_ids,
        complaints=complaints_of(stderr),
        exit=ended.exit if ended else None,
    )


def _edit(app: Application, folder: Path, tag: str) -> Rebuilt:
    edit = app.rebuild
    # Both sides share the engine's cache: the same edit twice would hide what the second side has to run again.
    nonce = uuid.uuid4().hex[:8]
    source = folder / edit.file
    old, new = edit.find.encode(), edit.replace.replace("{nonce}", nonce).encode()
    text = source.read_bytes()
    if old not in text:
        raise EngineError(f"{app.name}: {edit.file} does not hold {edit.find!r}")
    source.write_bytes(text.replace(old, new))
    build = containers.build(folder, tag)
    return Rebuilt(build, nonce in _shown(app, tag))


def _shown(app: Application, tag: str) -> str:
    if app.start is None:
        return "".join(containers.run(tag, command.args).stdout for command in app.commands)
    with _serving(app.start, tag) as (_, port):
        return ask(port, Request(app.rebuild.path, 200, "")).body


@contextlib.contextmanager
def _serving(start: Start, tag: str) -> Iterator[tuple[str, int]]:
    with held(start.port if isinstance(start.port, int) else None) as port:
        env = dict(start.env) if isinstance(start.port, int) else {**dict(start.env), start.port: str(port)}
        with containers.started(tag, env, start.args) as name:
            _wait_until_ready(start, name, port)
            yield name, port


def _wait_until_ready(start: Start, name: str, port: int) -> None:
    until = time.monotonic() + start.seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if ask(port, Request(start.ready, 200, "")).status == 200:
                return
        if not containers.is_running(name):
            raise EngineError(f"the application ended:\n{containers.logs(name)[-4000:]}")
        time.sleep(0.2)
    raise EngineError(f"no answer on port {port} within {start.seconds} s:\n{containers.logs(name)[-4000:]}")


def ask(port: int, request: Request) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(request.method, request.path, body=request.body.encode() or None)
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        return Answer(response.status, body, response.headers.get("Content-Type", ""))
    finally:
        connection.close()
