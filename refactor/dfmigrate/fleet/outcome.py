"""What became of one path, and the exit code that follows from it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from dfmigrate.migration import Decline, Migration, Status


class Exit(enum.IntEnum):
    """The exit codes; they are documented and stable."""

    DONE = 0
    WOULD_CHANGE = 1
    """With ``--check`` only."""
    FAILED = 2
    """Wrong usage, a path that is missing or cannot be read or written, a defect of the tool."""
    INVALID = 3
    """A file is not a Dockerfile that BuildKit accepts; it was left as it was."""
    REFUSED = 4
    """With ``--strict`` only: a file as a whole is not one that the tool migrates."""


_MOST_TELLING = (Exit.FAILED, Exit.REFUSED, Exit.INVALID, Exit.WOULD_CHANGE)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no migration for a path: what is wrong, and how to mend it."""

    path: str
    code: Exit
    message: str
    hint: str = ""
    line: int | None = None

    @property
    def text(self) -> str:
        """Both, in one sentence."""
        return f"{self.message}; {self.hint}" if self.hint else self.message


Outcome = Migration | Problem


@dataclass(frozen=True, slots=True)
class Digest:
    """What of a migration goes from one process to another: no trees."""

    path: str
    before: bytes
    after: bytes
    rules: tuple[str, ...]
    declines: tuple[Decline, ...]

    @property
    def changed(self) -> bool:
        return self.before != self.after


def digest(outcome: Outcome) -> Digest | Problem:
    """The outcome without its trees."""
    if isinstance(outcome, Problem):
        return outcome
    if outcome.error is not None:
        return Problem(outcome.path, exit_of(outcome), outcome.error, line=outcome.error_line)
    rules = tuple(step.rule for step in outcome.steps)
    return Digest(outcome.path, bytes(outcome.before), bytes(outcome.after), rules, outcome.declines)


def exit_of(outcome: Outcome | Digest) -> Exit:
    """What one outcome alone would exit with under ``--check --strict``."""
    if isinstance(outcome, Problem):
        return outcome.code
    if isinstance(outcome, Digest):
        return Exit.WOULD_CHANGE if outcome.changed else Exit.DONE
    return {
        Status.CHANGED: Exit.WOULD_CHANGE,
        Status.UNCHANGED: Exit.DONE,
        Status.REFUSED: Exit.REFUSED,
        Status.ERROR: Exit.INVALID,
    }[outcome.status]


def exit_code(outcomes: Iterable[Outcome | Digest], *, check: bool, strict: bool) -> Exit:
    """The exit code of a run: of all that apply, the one that says most."""
    silent = {Exit.DONE} | (set() if check else {Exit.WOULD_CHANGE}) | (set() if strict else {Exit.REFUSED})
    found = {exit_of(outcome) for outcome in outcomes} - silent
    return next((code for code in _MOST_TELLING if code in found), Exit.DONE)
