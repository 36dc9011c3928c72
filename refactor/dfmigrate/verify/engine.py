"""The container engine that is here: which one, which builder, and what cannot be asked of it."""

from __future__ import annotations

import enum
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dfmigrate.verify.process import Done, TimeIsUpError, call

NAMES = ("docker", "podman", "buildah")
CALL_SECONDS = 60.0
"""For one question or order that is no build."""

_HERE = ("unix://", "npipe://")


class EngineError(Exception):
    """The engine cannot do what was asked; says nothing of the images."""


class Builder(enum.Enum):
    """What executes a Dockerfile."""

    BUILDKIT = "BuildKit"
    LEGACY = "the legacy builder"
    BUILDAH = "buildah"


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine's command line, known to answer."""

    name: str
    """One of ``NAMES``, by what it is and not by what the program is called."""
    program: str
    version: str
    builder: Builder
    remote: bool = False
    """Its containers run on another machine, whose ports are not reached from here."""
    bridge: bool = True
    """Whether a container can be given a network of its own that is reached from here."""
    buildx: bool = False
    """Docker only: whether BuildKit is spoken to through the plugin, which may build elsewhere and must load."""

    @property
    def title(self) -> str:
        """Name, version and builder, for people."""
        return f"{self.name} {self.version}" + (f" ({self.builder.value})" if self.name != "buildah" else "")

    @property
    def build_command(self) -> tuple[str, ...]:
        """The client's words for a build whose image this engine then holds."""
        return ("buildx", "build", "--load") if self.buildx else ("build",)

    @property
    def build_environment(self) -> dict[str, str]:
        """The variables that choose the builder."""
        return {"DOCKER_BUILDKIT": str(int(self.builder is Builder.BUILDKIT))} if self.name == "docker" else {}

    @property
    def runs(self) -> bool:
        """Whether containers can be started in the background and observed."""
        return self.name != "buildah"

    @property
    def limits(self) -> tuple[str, ...]:
        """What is not comparable with this engine, one sentence each."""
        found = []
        if not self.runs:
            found.append("buildah starts nothing in the background: exit, ports, HTTP and health are not compared")
        if self.builder is not Builder.BUILDKIT:
            found.append(
                f"{self.builder.value} builds the stages one after the other:"
                " times and repeated steps are its own, not BuildKit's"
            )
        if self.name == "podman":
            found.append("podman does not show SHELL and ONBUILD of an image: they are not compared")
        if self.builder is not Builder.BUILDKIT:
            found.append("a build that is killed leaves its finished steps as images without a name")
        if self.builder is Builder.LEGACY:
            found.append("the legacy builder reads no Dockerfile.dockerignore, only .dockerignore")
        if self.remote:
            found.append("the engine is on another machine: HTTP is not asked, and ports are read inside only")
        return tuple(found)

    def ask(self, *arguments: str, seconds: float = CALL_SECONDS, together: bool = False) -> Done:
        """Run the engine's client; EngineError when it cannot be run or does not end in time."""
        try:
            return call([self.program, *arguments], seconds=seconds, together=together)
        except TimeIsUpError:
            raise EngineError(f"`{self.name} {arguments[0]}` did not answer within {seconds:.0f} s") from None
        except OSError as error:
            raise EngineError(f"{self.program}: {error.strerror or error}") from None

    def demand(self, *arguments: str, seconds: float = CALL_SECONDS) -> str:
        """What the client writes to standard output; EngineError when it fails."""
        done = self.ask(*arguments, seconds=seconds)
        if done.code != 0:
            raise EngineError(f"`{self.name} {arguments[0]}` failed: {done.last_line}")
        return done.out

    def answers(self) -> bool:
        """Whether the engine is still there."""
        try:
            return self.ask(*_QUESTIONS[self.name], seconds=20).code == 0
        except EngineError:
            return False


def detect(
    wanted: str | None,
    environment: Mapping[str, str] | None = None,
    which: Callable[[str], str | None] = shutil.which,
) -> Engine:
    """The engine by that name, or else the first that answers; EngineError, one line, when there is none."""
    environment = os.environ if environment is None else environment
    reasons = []
    for name in NAMES if wanted is None else (wanted,):
        program = which(name)
        if program is None:
            reasons.append(f"{name}: not installed")
            continue
        found = _open(name, program, environment)
        if isinstance(found, Engine):
            return found
        reasons.append(f"{name}: {found}")
    if wanted is not None:
        raise EngineError(f"{reasons[0]}; start it, or leave --engine out")
    raise EngineError(f"no container engine answers ({'; '.join(reasons)}); start or install one of them")


_QUESTIONS: Mapping[str, Sequence[str]] = {
    "docker": ("version", "--format", "{{json .}}"),
    "podman": ("info", "--format", "json"),
    "buildah": ("info",),
}


def _open(name: str, program: str, environment: Mapping[str, str]) -> Engine | str:
    """The engine, or why it is of no use."""
    if name == "docker" and "podman" in (_said(program, "--version") or "").lower():
        # The package podman-docker: the same words, another engine.
        name = "podman"
    try:
        done = call([program, *_QUESTIONS[name]], seconds=20)
    except TimeIsUpError:
        return "does not answer within 20 s"
    except OSError as error:
        return (error.strerror or str(error)).lower()
    if done.code != 0:
        return done.last_line.rstrip(".")
    try:
        facts = json.loads(done.out)
    except ValueError:
        return "answers in a form that is not understood"
    if name == "docker":
        return _docker(program, facts, environment)
    version = re.search(r"\d+\.\d+(\.\d+)?", _said(program, "--version") or "")
    remote = name == "podman" and bool(facts.get("host", {}).get("serviceIsRemote"))
    return Engine(name, program, version[0] if version else "of unknown version", Builder.BUILDAH, remote)


def _docker(program: str, facts: dict[str, Any], environment: Mapping[str, str]) -> Engine | str:
    server = facts.get("Server") or {}
    if server.get("Os", "linux") != "linux":
        return f"runs {server['Os']} containers"
    wanted = environment.get("DOCKER_BUILDKIT", "")
    # Clients before 23 hold BuildKit themselves; later ones need the plugin and else fall back.
    client = str((facts.get("Client") or {}).get("Version", "0")).partition(".")[0]
    inside = client.isdigit() and 18 < int(client) < 23
    buildx = wanted != "0" and _said(program, "buildx", "version") is not None
    host = environment.get("DOCKER_HOST") or _said(program, "context", "inspect", "--format", _ENDPOINT) or ""
    return Engine(
        "docker",
        program,
        str(server.get("Version") or "of unknown version"),
        Builder.BUILDKIT if buildx or (inside and wanted != "0") else Builder.LEGACY,
        remote=not host.strip().startswith(_HERE) and host.strip() != "",
        bridge=_said(program, "network", "inspect", "bridge") is not None,
        buildx=buildx,
    )


_ENDPOINT = "{{.Endpoints.docker.Host}}"


def _said(program: str, *arguments: str) -> str | None:
    """Standard output of a question that may well fail."""
    try:
        done = call([program, *arguments], seconds=20)
    except (OSError, TimeIsUpError):
        return None
    return done.out if done.code == 0 else None
