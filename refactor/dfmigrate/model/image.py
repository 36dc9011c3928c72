"""The image configuration after an instruction: what ``docker inspect`` would show, and the shell that runs commands.

``None`` as a value means *unknown*: set, but not to anything the text shows.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from .versions import Versions

DEFAULT_SHELL = ("/bin/sh", "-c")
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Command:
    """CMD, ENTRYPOINT or a health check: in exec form the argument vector, in shell form the text given to
    ``shell``."""

    argv: tuple[str, ...] | None
    text: str
    shell: tuple[str, ...] = DEFAULT_SHELL
    line: int | None = None

    @property
    def is_shell_form(self) -> bool:
        return self.argv is None

    def process(self) -> tuple[str, ...]:
        """The argument vector that the engine starts."""
        return self.argv if self.argv is not None else (*self.shell, self.text)


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """HEALTHCHECK. Durations are in nanoseconds; 0 is the engine's default."""

    test: tuple[str, ...]
    """``NONE``, ``CMD`` and an argument vector, or ``CMD-SHELL`` and a text for the image's shell."""
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0

    @property
    def is_off(self) -> bool:
        """It only switches off the check of the base image."""
        return self.test[0] == "NONE"

    @property
    def is_shell_form(self) -> bool:
        return self.test[0] == "CMD-SHELL"

    @property
    def text(self) -> str:
        """What it runs, in one line."""
        return " ".join(self.test[1:])


INHERITED = frozenset(
    ("environment", "shell", "entrypoint", "command", "healthcheck", "exposed", "volumes", "labels", "stop_signal")
)
"""Fields of which a base image that is not known may have set anything."""


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of an image or of a stage so far."""

    environment: Mapping[str, str | None] = field(default_factory=lambda: Versions({"PATH": DEFAULT_PATH}))
    """In the image's order."""
    workdir: str | None = "/"
    """The absolute path that commands start in, normalised."""
    user: str | None = ""
    shell: tuple[str, ...] = DEFAULT_SHELL
    entrypoint: Command | None = None
    command: Command | None = None
    healthcheck: HealthCheck | None = None
    exposed: tuple[str, ...] = ()
    """Ports as ``8080/tcp``, ranges as ``8000-8010/udp``; one that is unknown as it is written."""
    volumes: tuple[str, ...] = ()
    """Paths; one that is unknown as it is written."""
    labels: Mapping[str, str | None] = field(default_factory=Versions)
    stop_signal: str | None = None
    """As it is written when it is unknown."""
    onbuild: tuple[str, ...] = ()
    """The text of each trigger."""
    written_workdir: str | None = ""
    """The working directory as the image says it: not normalised, and empty where nothing sets it."""
    has_shell: bool = False
    """SHELL is set, be it to the default."""
    args_escaped: bool = False
    """The image's mark that CMD was set by a Dockerfile."""
    unknown: frozenset[str] = frozenset()
    """The fields that do not hold all that the image has: the base is not known, or a value is not."""

    def absolute(self, path: str) -> str | None:
        """``path`` seen from the working directory, normalised; None when the working directory is unknown."""
        if path.startswith("/"):
            return _normal(path)
        return None if self.workdir is None else _normal(posixpath.join(self.workdir, path))

    @property
    def healthcheck_text(self) -> str:
        """What the health check runs, in one line; empty without one."""
        return self.healthcheck.text if self.healthcheck is not None else ""

    @property
    def search_path(self) -> tuple[str, ...] | None:
        """The directories of PATH, or None when unknown."""
        path = self.environment.get("PATH", DEFAULT_PATH)
        return None if path is None else tuple(path.split(":"))

    @property
    def is_root(self) -> bool:
        return self.user is not None and self.user.partition(":")[0] in ("", "0", "root")


def _normal(path: str) -> str:
    # Python keeps two slashes at the start.
    return posixpath.normpath(f"/{path.lstrip('/')}" if path.startswith("/") else path)
