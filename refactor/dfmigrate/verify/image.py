"""What an engine says of an image that it has built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An image as ``inspect`` shows it."""

    id: str
    config: Mapping[str, Any] = field(default_factory=dict)
    """The ``Config`` object, under Docker's names: ``Env``, ``Cmd``, ``Healthcheck``..., whatever the engine."""
    layers: tuple[str, ...] = ()
    """Digests of the uncompressed layers, the base's first."""
    size: int = 0
    """Bytes."""
    architecture: str = ""
