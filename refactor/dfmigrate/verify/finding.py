"""What a comparison of two images says, one statement at a time."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Weight(enum.Enum):
    """What a finding means for the verdict."""

    BROKEN = "broken"
    """The migrated image does not do what the original did."""
    DECLARED = "declared"
    """A difference that the migrated Dockerfile shows and means."""
    NOTE = "note"
    """Worth a look; changes nothing that was observed."""
    INCOMPARABLE = "incomparable"
    """Could not be compared, and why: neither equal nor different."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, or one thing that could not be compared."""

    check: str
    """Which comparison says so: ``configuration``, ``libraries``, ``behaviour``..."""
    code: str
    """A hazard id of ``docs/hazards.md``; empty where none applies."""
    weight: Weight
    subject: str
    """A path, variable, port or field."""
    message: str
    before: str | None = None
    after: str | None = None
    line: int | None = None
    """The line of the migrated Dockerfile that causes it, counted from 1."""
    hint: str = ""
