"""The question that the proof answers, and the shape of its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dfmigrate.context import Context
from dfmigrate.migration import Proved
from dfmigrate.model import Build, StageModel


@dataclass(frozen=True, slots=True)
class Open:
    """An obligation that could not be discharged. ``line`` is a line of the original unless ``path`` names a context
    file."""

    obligation: str
    code: str
    message: str
    hint: str
    line: int | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Both Dockerfiles, understood, and the configuration fields that a rule declared to change."""

    before: Build
    after: Build
    declared: frozenset[str]

    @property
    def context(self) -> Context | None:
        return self.before.context

    @property
    def old(self) -> StageModel:
        return self.before.final

    @property
    def new(self) -> StageModel:
        return self.after.final

    @property
    def starting(self) -> Build:
        """The original, with the new start command where that is meant to change."""
        if "command" not in self.declared:
            return self.before
        start = replace(self.old.final, entrypoint=self.new.final.entrypoint, command=self.new.final.command)
        return replace(self.before, stages=(*self.before.stages[:-1], replace(self.old, final=start)))

    @property
    def split(self) -> bool:
        return len(self.after.stages) > len(self.before.stages)


Answers = Iterator[Proved | Open]
Obligation = Callable[[Case], Answers]


@dataclass(frozen=True, slots=True)
class Verdict:
    proved: tuple[Proved, ...]
    open: tuple[Open, ...]

    @property
    def holds(self) -> bool:
        return not self.open
