"""The one value that every output is a view of: what was changed, why, what proves it, and what was declined."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from dfmigrate.model import Build
from dfmigrate_grammar import Dockerfile


class Status(enum.Enum):
    """What became of one file."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    """Nothing was changed because the file as a whole is not one that the tool migrates (a template, Windows,
    ONBUILD)."""
    ERROR = "error"
    """The file could not be read or is not a Dockerfile that BuildKit accepts."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place that supports a statement: a line of the Dockerfile or of a file in the build context."""

    path: str
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Decline:
    """Something that was not done: a reason code (an id of ``docs/hazards.md``), the place, and what would lift it."""

    code: str
    rule: str
    message: str
    hint: str
    line: int | None = None
    """Line of the original Dockerfile, counted from 1."""
    path: str | None = None
    """The context file that the line belongs to; None means the Dockerfile itself."""


@dataclass(frozen=True, slots=True)
class Proved:
    """One obligation that was discharged: its hazard codes and, in one sentence, why it holds."""

    obligation: str
    codes: tuple[str, ...]
    statement: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One rule applied once. ``before`` and ``after`` are whole trees, so that a diff can show the step on its own."""

    rule: str
    title: str
    reason: str
    before: Dockerfile
    after: Dockerfile
    proofs: tuple[Proved, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[str, ...] = ()
    """What a reviewer should know although the step is safe, one sentence each."""
    declared: frozenset[str] = frozenset()
    """The fields of the final image's configuration that it changes on purpose, such as ``user`` or ``env:PATH``."""


@dataclass(frozen=True, slots=True)
class Migration:
    """The whole answer for one Dockerfile."""

    path: str
    """As the user named it; used as the label in diffs."""
    before: Dockerfile
    after: Dockerfile
    status: Status
    steps: tuple[Step, ...] = ()
    declines: tuple[Decline, ...] = ()
    error: str | None = None
    """For REFUSED and ERROR: one line, what and how to fix."""
    error_line: int | None = None
    stack: str | None = None
    """What was recognised, in a few words: ``Node (npm)``, ``Go``."""
    notes: tuple[str, ...] = field(default=())
    understood: Build | None = field(default=None, repr=False)
    """What the file means, as the rules were given it; None for REFUSED and ERROR."""

    @property
    def changed(self) -> bool:
        return self.status is Status.CHANGED
