"""Where in the context something was seen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file in the context; the line is None when the whole file is meant."""

    path: str
    line: int | None = None
