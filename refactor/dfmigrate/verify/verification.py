"""The whole answer for one Dockerfile, of which every output is a view."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from dfmigrate.verify.behaviour import Behaviour
from dfmigrate.verify.build_log import BuildStep, Failure
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.image import ImageFacts
from dfmigrate.verify.sizes import Part


class Verdict(enum.IntEnum):
    """What came out; the numbers are the exit codes, documented and stable."""

    EQUAL = 0
    """All that could be compared is equal or declared."""
    BROKEN = 1
    """The migrated image differs."""
    NO_ORIGINAL = 3
    """The original itself does not build or start, so nothing is proved about the migration."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What an edit of one source file costs."""

    file: str
    """The file that was touched, as the context names it."""
    seconds: float
    steps: tuple[BuildStep, ...]

    @property
    def repeated(self) -> tuple[BuildStep, ...]:
        """The steps that ran again."""
        return tuple(step for step in self.steps if not step.cached and not step.text.upper().startswith("FROM "))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two images, as far as it came."""

    dockerfile: bytes
    image: ImageFacts | None = None
    seconds: float = 0.0
    """Of the build. The second build finds the steps that both have in common in the cache."""
    steps: tuple[BuildStep, ...] = ()
    failure: Failure | None = None
    """Why it did not build."""
    behaviour: Behaviour | None = None
    rebuild: Rebuild | None = None
    parts: tuple[Part, ...] = ()
    """What each part of the Dockerfile adds, largest first."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What the original's build showed of the steps that are not understood, and what became of it."""

    answers: tuple[tuple[str, tuple[str, ...]], ...]
    """By the names that a settings file has for them; none where something stood against learning."""
    evidence: tuple[str, ...]
    """What was seen, one sentence a step."""
    refusals: tuple[str, ...]
    """Why nothing is learned, one sentence a step."""
    file: str | None = None
    """The settings file that the answers were written to; None: they were not."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Before, after and what tells them apart."""

    path: str
    """As the user named it."""
    engine: str
    """Name, version and builder."""
    before: Side
    after: Side
    findings: tuple[Finding, ...] = ()
    original_fails: str | None = None
    """Why the original proves nothing; None: it builds and starts."""
    limits: tuple[str, ...] = ()
    """What this engine or this call could not compare, one sentence each."""
    learned: Learned | None = None
    """None: it was not asked for, or there was nothing to learn."""

    @property
    def verdict(self) -> Verdict:
        """A difference that was seen counts although the original does not start."""
        if any(finding.weight is Weight.BROKEN for finding in self.findings):
            return Verdict.BROKEN
        return Verdict.EQUAL if self.original_fails is None else Verdict.NO_ORIGINAL
