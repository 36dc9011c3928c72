"""The bare form: migrate what the paths mean, show or write each result, and say how it went."""

from __future__ import annotations

import enum
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dfmigrate.fleet.discover import MAX_BYTES
from dfmigrate.fleet.load import Said, Target, label_of, migrate_source, migrate_target, unreadable
from dfmigrate.fleet.outcome import Exit, Outcome, Problem, exit_code
from dfmigrate.fleet.write import StaleError, replace_content
from dfmigrate.migration import Migration, Status
from dfmigrate.review.brief import place, remarks, verdict
from dfmigrate.review.diff import paint, patch


class View(enum.Enum):
    """What goes to standard output."""

    REVIEW = "review"
    """For people: the diff with its reasons."""
    PATCH = "patch"
    """For programs: the unified diff alone; what else there is to say goes to standard error."""
    TEXT = "text"
    """For editors: the migrated file itself."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Options:
    """The switches of the bare form."""

    view: View
    color: bool = False
    write: bool = False
    check: bool = False
    strict: bool = False
    quiet: bool = False
    debug: bool = False
    said: Said = field(default_factory=dict)
    """Answers to open questions, for every file of the run."""


def run_paths(targets: Iterable[Target | Problem], options: Options) -> Exit:
    """Migrate files on disk; only ``options.write`` changes any."""
    outcomes: list[Outcome] = []
    for target in targets:
        outcome = (
            target if isinstance(target, Problem) else migrate_target(target, said=options.said, debug=options.debug)
        )
        if isinstance(target, Target) and isinstance(outcome, Migration):
            _show(outcome, options)
            if options.write and outcome.changed:
                outcome = write(target, bytes(outcome.before), bytes(outcome.after)) or outcome
        _tell(outcome, options)
        outcomes.append(outcome)
    if options.view is View.REVIEW:
        from dfmigrate.review.pretty import console, summary

        migrations = [outcome for outcome in outcomes if isinstance(outcome, Migration)]
        console(color=options.color).print(summary(migrations, written=options.write))
    return exit_code(outcomes, check=options.check, strict=options.strict)


def run_stdin(name: Path | None, context: Path | None, options: Options) -> Exit:
    """Migrate standard input to standard output, which stays empty unless the exit code is 0.

    An editor replaces its buffer by what it gets: half an answer must never look like one.
    """
    source = sys.stdin.buffer.read(MAX_BYTES + 1)
    name = name or Path("Dockerfile")
    label = label_of(name)
    if len(source) > MAX_BYTES:
        outcome: Outcome = Problem(label, Exit.INVALID, "larger than 1 MiB", "this is not a Dockerfile")
    else:
        outcome = migrate_source(
            source, label=label, name=name, context=context, said=options.said, debug=options.debug
        )
    _tell(outcome, options)
    code = exit_code([outcome], check=options.check, strict=options.strict)
    if code is not Exit.DONE or options.view is View.NOTHING:
        return code
    after = bytes(outcome.after) if isinstance(outcome, Migration) else source
    sys.stdout.buffer.write(_patch(label, source, after, options) if options.view is View.PATCH else after)
    return code


def write(target: Target, before: bytes, after: bytes) -> Problem | None:
    """Write what was migrated, or say why it could not be."""
    try:
        replace_content(target.file, before, after)
    except StaleError:
        return Problem(target.label, Exit.FAILED, "the file changed while it was being migrated", "run it again")
    except OSError as error:
        return unreadable(target.label, error)
    return None


def _show(migration: Migration, options: Options) -> None:
    if options.view is View.PATCH:
        sys.stdout.buffer.write(_patch(migration.path, bytes(migration.before), bytes(migration.after), options))
        sys.stdout.buffer.flush()
    elif options.view is View.REVIEW and migration.error is None:
        from dfmigrate.review.pretty import console, show

        show(console(color=options.color), migration)


def _patch(label: str, before: bytes, after: bytes, options: Options) -> bytes:
    text = patch(label, before, after)
    return paint(text) if options.color else text


def _tell(outcome: Outcome, options: Options) -> None:
    """What standard output does not say."""
    for line in _lines(outcome, options):
        print(line, file=sys.stderr)


def _lines(outcome: Outcome, options: Options) -> Iterable[str]:
    if isinstance(outcome, Problem):
        if outcome.code is not Exit.REFUSED or options.strict or not options.quiet:
            yield place(outcome.path, outcome.line, outcome.text)
        return
    if outcome.error is not None:
        if outcome.status is not Status.REFUSED or options.strict or not options.quiet:
            yield place(outcome.path, outcome.error_line, outcome.error)
        return
    if options.quiet or options.view is View.REVIEW:
        return
    if outcome.changed and (options.check or options.write):
        yield verdict(outcome, "changed" if options.write else "would change")
    yield from remarks(outcome)
