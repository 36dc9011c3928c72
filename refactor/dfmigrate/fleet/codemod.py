"""``dfmigrate codemod``: every Dockerfile of many repositories, several at once, and a table of what became of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dfmigrate.fleet.deadline import TimeIsUpError, within
from dfmigrate.fleet.git import is_committed
from dfmigrate.fleet.load import Target, migrate_target
from dfmigrate.fleet.outcome import Digest, Exit, Problem, digest, exit_code
from dfmigrate.fleet.pool import results
from dfmigrate.fleet.run import write
from dfmigrate.fleet.units import targets_in
from dfmigrate.review.brief import place
from dfmigrate.review.diff import paint, patch


@dataclass(frozen=True, slots=True)
class Plan:
    """The switches of ``codemod``."""

    write: bool = False
    diff: bool = False
    allow_dirty: bool = False
    jobs: int = 1
    time_limit: float = 30
    color: bool = False
    quiet: bool = False
    debug: bool = False


def run_codemod(paths: Sequence[Path], plan: Plan) -> Exit:
    """Migrate all Dockerfiles of the repositories; only ``plan.write`` changes any."""
    found = list(targets_in(paths))
    targets = [item for item in found if isinstance(item, Target)]
    outcomes: dict[int, Digest | Problem] = {}
    work = partial(migrate_in_time, time_limit=plan.time_limit, debug=plan.debug)
    try:
        with _progress(len(targets), plan) as advance:
            for position, outcome in results(work, targets, plan.jobs):
                outcomes[position] = _settled(targets[position], outcome, plan)
                advance()
    finally:
        # After Ctrl-C, too: what was written must be told.
        problems = [item for item in found if isinstance(item, Problem)]
        _report([*problems, *(outcomes[position] for position in sorted(outcomes))], plan)
    return exit_code([*problems, *outcomes.values()], check=False, strict=False)


def migrate_in_time(target: Target, *, time_limit: float, debug: bool = False) -> Digest | Problem:
    """What a worker does with one file."""
    try:
        return within(time_limit, lambda: digest(migrate_target(target, debug=debug)))
    except TimeIsUpError:
        message = f"not done within {time_limit:g} seconds"
        return Problem(target.label, Exit.FAILED, message, "give it a longer --time-limit, and report it")


def _settled(target: Target, outcome: Digest | Problem | None, plan: Plan) -> Digest | Problem:
    """The outcome after what the plan does with it."""
    if outcome is None:
        return Problem(target.label, Exit.FAILED, "its process died or failed", "migrate it alone, and report it")
    if not plan.write or isinstance(outcome, Problem) or not outcome.changed:
        return outcome
    if not plan.allow_dirty and is_committed(target.file, outcome.before) is False:
        return Problem(target.label, Exit.REFUSED, "it is not committed as it is", "commit it, or pass --allow-dirty")
    return write(target, outcome.before, outcome.after) or outcome


def _report(outcomes: Sequence[Digest | Problem], plan: Plan) -> None:
    if plan.diff:
        for outcome in outcomes:
            if isinstance(outcome, Digest):
                text = patch(outcome.path, outcome.before, outcome.after)
                sys.stdout.buffer.write(paint(text) if plan.color else text)
        sys.stdout.buffer.flush()
    if not plan.quiet:
        from dfmigrate.fleet.table import show_table

        show_table(outcomes, written=plan.write, color=plan.color, to_stderr=plan.diff)
        return
    for outcome in outcomes:
        if isinstance(outcome, Problem) and outcome.code is not Exit.REFUSED:
            print(place(outcome.path, outcome.line, outcome.text), file=sys.stderr)


@contextmanager
def _progress(total: int, plan: Plan) -> Iterator[Callable[[], None]]:
    """A bar on standard error for people; nothing for logs."""
    if plan.quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Migrating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, no_color=not plan.color), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield partial(progress.advance, task)
