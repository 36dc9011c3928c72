"""What ``app.toml`` says of an application: how to start it, what to ask it, what to edit, what to expect."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

APPLICATIONS = Path(__file__).with_name("apps")
AS_THE_TOOL_SAYS = "as the tool says"


@dataclass(frozen=True, slots=True)
class Start:
    """How a server is started and when it is ready."""

    port: str | int
    """The environment variable through which the application takes its port, or the port that it always uses."""
    ready: str
    seconds: int = 30
    env: tuple[tuple[str, str], ...] = ()
    args: tuple[str, ...] = ()
    """What starts it where the image has no command of its own."""


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    status: int
    contains: str
    method: str = "GET"
    body: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One run of the image with these arguments; for applications that are no servers."""

    args: tuple[str, ...] = ()
    exit: int = 0
    contains: str = ""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """An everyday edit, where it shows, and the RUN steps (patterns) that it must not run again."""

    file: str
    find: str
    replace: str
    path: str = ""
    cached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    smaller: bool | str = AS_THE_TOOL_SAYS
    """False: the image is expected to stay as it is."""
    user: str = AS_THE_TOOL_SAYS
    """``non-root`` or ``root``; either way the process must run as the image's configuration says."""
    larger: str = ""
    """Why the image may be more than a quarter larger than the ideal one: a code of the hazards, and what it is."""
    command: tuple[str, ...] = ()
    """What the migrated image starts where it is meant to be something else than before."""


@dataclass(frozen=True, slots=True)
class Application:
    name: str
    folder: Path
    description: str
    start: Start | None
    requests: tuple[Request, ...]
    commands: tuple[Command, ...]
    rebuild: Rebuild
    expected: Expected


def applications() -> tuple[Application, ...]:
    """Every folder with an ``app.toml``, in the order of the names."""
    return tuple(read_application(path.parent) for path in sorted(APPLICATIONS.glob("*/app.toml")))


def read_application(folder: Path) -> Application:
    said = tomllib.loads((folder / "app.toml").read_text(encoding="utf-8"))
    start = said.get("start")
    return Application(
        name=folder.name,
        folder=folder,
        description=said["description"],
        start=_start(start) if start else None,
        requests=tuple(Request(**request) for request in said.get("request", ())),
        commands=tuple(_command(command) for command in said.get("command", ())),
        rebuild=Rebuild(**{**said["rebuild"], "cached": tuple(said["rebuild"]["cached"])}),
        expected=Expected(**{**said["expect"], "command": tuple(said["expect"].get("command", ()))}),
    )


def _start(said: dict[str, Any]) -> Start:
    return Start(**{**said, "env": tuple(said.get("env", {}).items()), "args": tuple(said.get("args", ()))})


def _command(said: dict[str, Any]) -> Command:
    return Command(**{**said, "args": tuple(said.get("args", ()))})
