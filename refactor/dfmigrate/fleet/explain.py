"""``dfmigrate explain``: one Dockerfile in, what was understood of it out."""

from __future__ import annotations

import sys
from pathlib import Path

from dfmigrate.fleet.load import Said, Target, migrate_target
from dfmigrate.fleet.outcome import Exit, Problem, exit_of
from dfmigrate.migration import Migration
from dfmigrate.review.brief import place
from dfmigrate.review.explain import explain
from dfmigrate.review.explain_text import plain_lines, print_sections


def run_explain(path: Path, context: Path | None, said: Said, *, color: bool, debug: bool) -> Exit:
    """Print what each instruction means, what is unknown and why, and what was decided from it."""
    target = Target.of(path, context)
    if path.is_dir():
        print(place(target.label, None, "this is a folder; name the Dockerfile"), file=sys.stderr)
        return Exit.FAILED
    outcome = migrate_target(target, said=said, debug=debug)
    if isinstance(outcome, Problem):
        print(place(outcome.path, outcome.line, outcome.text), file=sys.stderr)
        return outcome.code
    if outcome.error is not None:
        print(place(outcome.path, outcome.error_line, outcome.error), file=sys.stderr)
        return exit_of(outcome)
    _print(outcome, color=color)
    return Exit.DONE


def _print(migration: Migration, *, color: bool) -> None:
    sections = tuple(explain(migration))
    if sys.stdout.isatty():
        from dfmigrate.review.pretty import console

        print_sections(console(color=color), sections)
        return
    for line in plain_lines(sections):
        sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
