"""The image configuration after an instruction: what ``docker inspect`` would show, and the shell that runs commands.

``None`` as a value means *unknown*: set, but not to anything the text shows.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

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
class Config:
    """The configuration of an image or of a stage so far."""

    environment: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({"PATH": DEFAULT_PATH}))
    workdir: str | None = "/"
    user: str | None = ""
    shell: tuple[str, ...] = DEFAULT_SHELL
    entrypoint: Command | None = None
    command: Command | None = None
    healthcheck: str | None = None
    exposed: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    labels: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    stop_signal: str | None = None
    onbuild: tuple[str, ...] = ()

    def with_environment(self, name: str, value: str | None) -> Config:
        return replace(self, environment=MappingProxyType({**self.environment, name: value}))

    def with_label(self, name: str, value: str | None) -> Config:
        return replace(self, labels=MappingProxyType({**self.labels, name: value}))

    def absolute(self, path: str) -> str | None:
        """``path`` seen from the working directory, normalised; None when the working directory is unknown."""
        if path.startswith("/"):
            return posixpath.normpath(path)
        return None if self.workdir is None else posixpath.normpath(posixpath.join(self.workdir, path))

    @property
    def search_path(self) -> tuple[str, ...] | None:
        """The directories of PATH, or None when unknown."""
        path = self.environment.get("PATH", DEFAULT_PATH)
        return None if path is None else tuple(path.split(":"))

    @property
    def is_root(self) -> bool:
        return self.user is not None and self.user.partition(":")[0] in ("", "0", "root")
