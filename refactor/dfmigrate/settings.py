"""What the user tells the tool of a project beyond its files: facts on images, and answers to open questions.

Read from disk by ``fleet.settings_file``, from comments of a Dockerfile by ``pragmas``, and from the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dfmigrate.knowledge.overlay import Overlay

RUNGS = ("T0", "T1", "T2", "T3", "T4")
"""The ladder, lowest first; T0 is no split at all."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What nobody but the user knows of a Dockerfile; each lifts the declines that name it."""

    artifacts: tuple[str, ...] | None = None
    """Absolute paths: all that commands which are not understood leave behind and the application needs; empty when
    they leave nothing, None when it was not said."""
    runtime: str | None = None
    """The one image that the split may run in."""
    user: str | None = None
    """``uid:gid`` to run as; ``root`` to stay what it is."""
    keep: tuple[str, ...] = ()
    """Absolute paths that the runtime gets although nothing shows that it reads them."""
    accept: frozenset[str] = frozenset()
    """Codes of obligations that the user takes upon themselves."""
    max_rung: str | None = None
    """One of ``RUNGS``: the highest that may be taken."""
    ignore: frozenset[str] = frozenset()
    """Names of rules that do not run."""
    select: frozenset[str] = frozenset()
    """Names of optional rules that run."""
    guards: bool | None = None
    """Whether checks are added to the build."""

    def over(self, other: Answers) -> Answers:
        """These answers where there are any, the other ones elsewhere; lists are added up."""
        return Answers(
            artifacts=_added_up(other.artifacts, self.artifacts),
            runtime=self.runtime or other.runtime,
            user=self.user or other.user,
            keep=tuple(dict.fromkeys((*other.keep, *self.keep))),
            accept=self.accept | other.accept,
            max_rung=self.max_rung or other.max_rung,
            ignore=self.ignore | other.ignore,
            select=self.select | other.select,
            guards=other.guards if self.guards is None else self.guards,
        )

    def allows(self, rung: str) -> bool:
        """Whether the ladder may be climbed so far."""
        return self.max_rung is None or RUNGS.index(rung) <= RUNGS.index(self.max_rung)


def _added_up(first: tuple[str, ...] | None, second: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if first is None or second is None:
        return first if second is None else second
    return tuple(dict.fromkeys((*first, *second)))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that holds for one Dockerfile; empty without a settings file."""

    images: Overlay = field(default_factory=Overlay)
    answers: Answers = field(default_factory=Answers)

    def with_answers(self, answers: Answers) -> Settings:
        """With answers that come before those that are there."""
        return replace(self, answers=answers.over(self.answers))


DEFAULTS = Settings()
