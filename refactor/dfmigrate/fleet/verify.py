"""``dfmigrate verify``: asks before it runs anything, runs it, shows what came out, and leaves nothing behind."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dfmigrate.fleet.load import Target, migrate_source, read_source
from dfmigrate.fleet.outcome import Exit, Problem
from dfmigrate.fleet.settings_file import settings_for
from dfmigrate.fleet.targets import targets_of
from dfmigrate.migration import Migration, Status
from dfmigrate.model import Build, Given, interpret
from dfmigrate.review.brief import place
from dfmigrate.review.visible import visible
from dfmigrate.verify.containers import MEMORY, PROCESSES, Start
from dfmigrate.verify.elf import NoElfReader, ensure_reader
from dfmigrate.verify.engine import Engine, EngineError, detect
from dfmigrate.verify.images import Recipe
from dfmigrate.verify.interrupts import Interrupted, interruptible
from dfmigrate.verify.journal import Run, keep_journal, opened_run
from dfmigrate.verify.leftovers import clear, clear_dead_runs, counted
from dfmigrate.verify.observe import Question
from dfmigrate.verify.report import Form, render
from dfmigrate.verify.run import Plan, verify
from dfmigrate.verify.verification import Verification
from dfmigrate_grammar import parse


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of the command, checked."""

    path: Path
    against: Path | None = None
    context: Path | None = None
    engine: str | None = None
    arguments: tuple[tuple[str, str], ...] = ()
    build_network: str | None = None
    network: str | None = None
    smoke: str | None = None
    http: tuple[tuple[str, int | None], ...] = ()
    port: int | None = None
    environment: tuple[tuple[str, str], ...] = ()
    seconds: float = 10.0
    keep: bool = False
    yes: bool = False
    form: Form = Form.PRETTY
    color: bool = False
    quiet: bool = False


def run_verify(wish: Wish) -> int:
    """Verify one Dockerfile; returns the exit code."""
    plan = _plan(wish)
    if isinstance(plan, Problem):
        _tell(place(plan.path, plan.line, plan.text))
        return plan.code
    if plan is None:
        return Exit.DONE
    try:
        ensure_reader()
        engine = detect(wish.engine)
        _refuse_unreachable(engine, wish)
        if not _is_agreed(engine, plan, wish):
            return Exit.FAILED
        return _run(engine, plan, wish)
    except (EngineError, NoElfReader, PermissionError) as error:
        _tell(f"error: {error}")
        return Exit.FAILED


def _plan(wish: Wish) -> Plan | Problem | None:
    """What to verify; None, said already, when nothing would change."""
    targets = list(targets_of([wish.path], wish.context))
    if len(targets) != 1:
        hint = "name one of them"
        return Problem(str(wish.path), Exit.FAILED, f"{len(targets)} Dockerfiles are in this folder", hint)
    target = targets[0]
    if isinstance(target, Problem):
        return target
    source = read_source(target)
    if isinstance(source, Problem):
        return source
    found = _against(wish.against, target, source) if wish.against is not None else _migrated(target, source)
    if isinstance(found, Problem):
        return found
    after, declared = found
    if after == source:
        _tell(f"{target.label}: nothing would change, so there is nothing to verify")
        return None
    settings = settings_for(target.file.parent)
    if isinstance(settings, Problem):
        return settings
    from dfmigrate.context.disk import read_context

    context = read_context(target.context, target.file)
    given = Given(dict(wish.arguments))
    builds: list[Build] = [interpret(parse(text), context, settings, given) for text in (source, after)]
    return Plan(target.label, builds[0], builds[1], _recipe(wish, target), _question(wish), declared)


def _migrated(target: Target, source: bytes) -> tuple[bytes, frozenset[str]] | Problem:
    outcome = migrate_source(source, label=target.label, name=target.file, context=target.context)
    if isinstance(outcome, Problem):
        return outcome
    if outcome.error is not None:
        code = Exit.INVALID if outcome.status is Status.ERROR else Exit.FAILED
        return Problem(target.label, code, outcome.error, line=outcome.error_line)
    return bytes(outcome.after), _declared(outcome)


def _declared(migration: Migration) -> frozenset[str]:
    return frozenset().union(*(step.declared for step in migration.steps))


def _against(file: Path, target: Target, source: bytes) -> tuple[bytes, frozenset[str]] | Problem:
    """Another file in place of our own migration: nothing of it is declared."""
    text = read_source(Target.of(file, target.context))
    if isinstance(text, Problem):
        return text
    for label, content in ((target.label, source), (str(file), text)):
        problems = parse(content).problems
        if problems:
            return Problem(label, Exit.INVALID, problems[0].message, line=problems[0].line)
    return text, frozenset()


def _recipe(wish: Wish, target: Target) -> Recipe:
    own = target.file.with_name(f"{target.file.name}.dockerignore")
    return Recipe(
        context=target.context,
        file_name=target.file.name,
        ignore=own.read_bytes() if own.is_file() else None,
        arguments=wish.arguments,
        network=wish.build_network,
    )


def _question(wish: Wish) -> Question:
    # No network unless something is to be asked over it.
    asked = wish.http or wish.port is not None
    network = wish.network or (None if asked else "none")
    start = Start(wish.environment, network, wish.port)
    return Question(start, wish.seconds, wish.http, tuple(shlex.split(wish.smoke)) if wish.smoke else None)


def _refuse_unreachable(engine: Engine, wish: Wish) -> None:
    if not wish.http:
        return
    if engine.remote:
        raise EngineError("the engine is on another machine, where --http cannot ask; use --smoke")
    if engine.runs and not engine.bridge and wish.network is None:
        raise EngineError("the engine has no bridge network, so --http needs --network host")


def _is_agreed(engine: Engine, plan: Plan, wish: Wish) -> bool:
    network = plan.question.start.network or "its default"
    what = (
        f"dfmigrate verify builds {plan.path} as it is and as it would be"
        + (", and starts both" if engine.runs else "")
        + f": it runs their code with {engine.title}"
        + (f" (started: network {network}, {MEMORY} of memory, {PROCESSES} processes)" if engine.runs else "")
    )
    if not wish.quiet or not wish.yes:
        _tell(what)
    if wish.yes:
        return True
    if not sys.stdin.isatty():
        _tell("error: there is no terminal to ask at; say --yes to agree")
        return False
    print("Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _run(engine: Engine, plan: Plan, wish: Wish) -> int:
    try:
        with interruptible():
            for line in clear_dead_runs(engine):
                _tell(line)
            with opened_run() as run:
                answer = _verified(engine, run, plan, wish)
    except Interrupted as interrupted:
        return interrupted.code
    sys.stdout.write(render(answer, wish.form, color=wish.color))
    return answer.verdict


def _verified(engine: Engine, run: Run, plan: Plan, wish: Wish) -> Verification:
    say: Callable[[str], None] = (lambda line: None) if wish.quiet else _tell
    try:
        answer = verify(engine, run, plan, say)
        if wish.keep:
            _keep(engine, run)
    except BaseException as error:
        _clear(engine, run, "interrupted" if isinstance(error, KeyboardInterrupt) else "stopped")
        raise
    try:
        _clear(engine, run, "")
    except Interrupted:
        _clear(engine, run, "interrupted")
        raise
    return answer


def _clear(engine: Engine, run: Run, why: str) -> None:
    """Remove what the run made, or leave its journal for the next run; says so when the run was cut short."""
    try:
        gone = clear(engine, run)
    except EngineError as error:
        keep_journal(run)
        _tell(f"{why or 'done'}, but {error}; the next dfmigrate verify removes what is left")
        return
    if why:
        _tell(f"{why}: removed {counted([item.kind for item in gone])}")


def _keep(engine: Engine, run: Run) -> None:
    for side in ("before", "after"):
        name = f"dfmigrate-kept:{run.id}-{side}"
        if engine.ask("tag", run.image(side), name).code == 0:
            _tell(f"kept {name}")


def _tell(line: str) -> None:
    # What an engine or a build says may hold anything, escape sequences too.
    print(visible(line), file=sys.stderr, flush=True)
