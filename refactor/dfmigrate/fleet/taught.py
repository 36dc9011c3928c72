"""``dfmigrate verify --learn``: what the original's build shows becomes answers, and what they make is verified."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dfmigrate.fleet.outcome import Problem
from dfmigrate.fleet.verify_plan import Draft, Wish, drafted
from dfmigrate.migration import Decline
from dfmigrate.review.brief import place
from dfmigrate.verify.build_log import Failure
from dfmigrate.verify.engine import Engine
from dfmigrate.verify.journal import Run
from dfmigrate.verify.learn import Lesson, learn, open_steps
from dfmigrate.verify.run import unproved, verify
from dfmigrate.verify.shelf import Shelf
from dfmigrate.verify.verification import Verification

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was verified, if anything, and what was learned ahead of it."""

    answer: Verification | None
    lesson: Lesson | None = None
    is_of_use: bool = False
    """Without the lesson, something else would have been verified."""


def taught(engine: Engine, run: Run, draft: Draft, wish: Wish, say: Say, tell: Say) -> Proof:
    """Learn, and verify what comes of it; ``say`` is told of progress, ``tell`` what the user must know.

    Where nothing can be learned, or it changes nothing, the migration is verified as it is without.
    """
    if not open_steps(draft.plan.original):
        tell("nothing to learn: the effects of every RUN are known")
        return _untaught(engine, run, draft, say)
    shelf = Shelf()
    lesson = learn(engine, run, draft.plan.original, draft.plan.recipe, say, shelf)
    if isinstance(lesson, Failure):
        return Proof(unproved(engine, draft.plan, lesson))
    for line in lesson.refusals:
        tell(f"not learned: {line}")
    if lesson.refusals:
        return _untaught(engine, run, draft, say, lesson)
    for line in lesson.evidence:
        tell(f"learned: {line}")
    again = drafted(wish, lesson.answers)
    if isinstance(again, Problem):
        tell(f"not learned: {place(again.path, again.line, again.text)}")
        return _untaught(engine, run, draft, say, lesson)
    if bytes(again.plan.migrated.dockerfile) == bytes(draft.plan.migrated.dockerfile):
        tell("what was learned changes nothing, and is not written down")
        _tell_declines(again.declines, again.plan.path, tell)
        return _untaught(engine, run, draft, say, lesson)
    return Proof(verify(engine, run, again.plan, say, shelf), lesson, is_of_use=True)


def _untaught(engine: Engine, run: Run, draft: Draft, say: Say, lesson: Lesson | None = None) -> Proof:
    return Proof(None if draft.is_empty else verify(engine, run, draft.plan, say), lesson)


def _tell_declines(declines: Sequence[Decline], path: str, tell: Say) -> None:
    for decline in declines:
        tell(place(path, decline.line, f"{decline.rule} [{decline.code}] {decline.message}; {decline.hint}"))
