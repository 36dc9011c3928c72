"""One way to start the image that the Dockerfile does not tell of, and how such commands are cut into words."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

Words = tuple[str, ...] | str
"""An argument vector, or a text for a shell."""


@dataclass(frozen=True, slots=True)
class OutsideStart:
    """One way to start the image that the Dockerfile does not tell of."""

    path: str
    """The file that says so; ``../`` leads above the context."""
    name: str
    """What it is there: ``the compose service `web```."""
    command: Words | None = None
    """Instead of CMD; None leaves it as it is."""
    entrypoint: Words | None = None
    """Instead of ENTRYPOINT, which does away with CMD too; None leaves both as they are."""
    workdir: str | None = None
    """Another working directory than the image's."""
    unknown: str | None = None
    """Why it is not known what is started."""
    without_command: bool = False
    """It counts only for an image that has no command of its own: where it has one, the file may serve another way to
    deploy the same sources."""


def split_words(text: str) -> tuple[str, ...] | None:
    """As a shell would cut a text without variables or operators; None where its quotes do not end."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return None
