"""``dfmigrate verify``: asks before it runs anything, runs it, shows what came out, and leaves nothing behind."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

from dfmigrate.fleet.learned import addition
from dfmigrate.fleet.load import label_of
from dfmigrate.fleet.outcome import Exit, Problem
from dfmigrate.fleet.taught import Proof, taught
from dfmigrate.fleet.verify_plan import Draft, Wish, drafted
from dfmigrate.fleet.write import StaleError
from dfmigrate.review.brief import place
from dfmigrate.review.visible import visible
from dfmigrate.verify.containers import MEMORY, PROCESSES
from dfmigrate.verify.elf import NoElfReader, ensure_reader
from dfmigrate.verify.engine import Engine, EngineError, detect
from dfmigrate.verify.interrupts import Interrupted, interruptible
from dfmigrate.verify.journal import Run, keep_journal, opened_run
from dfmigrate.verify.learn import Lesson, open_steps
from dfmigrate.verify.leftovers import clear, clear_dead_runs, counted
from dfmigrate.verify.observe import refuse_taken_port
from dfmigrate.verify.report import Form, render
from dfmigrate.verify.run import Plan, verify
from dfmigrate.verify.verification import Learned, Side, Verdict, Verification

_UNCHANGED = "nothing would change, so there is nothing to verify"


def run_verify(wish: Wish) -> int:
    """Verify one Dockerfile; returns the exit code."""
    draft = drafted(wish)
    if isinstance(draft, Problem):
        _tell(place(draft.path, draft.line, draft.text))
        return draft.code
    if draft.is_empty and not (wish.learn and open_steps(draft.plan.original)):
        _tell(f"{draft.plan.path}: {_UNCHANGED}")
        return _shown(_unchanged(draft, ""), wish) if wish.form is not Form.PRETTY else Exit.DONE
    try:
        ensure_reader()
        engine = detect(wish.engine)
        _refuse_unreachable(engine, wish)
        refuse_taken_port(draft.plan.question.start)
        if not _is_agreed(engine, draft.plan, wish):
            return Exit.FAILED
        return _run(engine, draft, wish)
    except (EngineError, NoElfReader, PermissionError) as error:
        _tell(f"error: {error}")
        return Exit.FAILED


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


def _run(engine: Engine, draft: Draft, wish: Wish) -> int:
    try:
        with interruptible():
            for line in clear_dead_runs(engine):
                _tell(line)
            with opened_run() as run:
                proof = _cleared(engine, run, draft, wish)
    except Interrupted as interrupted:
        return interrupted.code
    answer, lesson = proof.answer, proof.lesson
    if answer is None:
        if wish.form is Form.PRETTY:
            return Exit.DONE
        answer = _unchanged(draft, engine.title)
    if lesson is not None:
        file = _note(draft, lesson, answer.verdict) if proof.is_of_use else None
        answers = tuple((name, tuple(values)) for name, values in lesson.answers.items())
        learned = Learned(() if lesson.refusals else answers, lesson.evidence, lesson.refusals, file)
        answer = replace(answer, learned=learned)
    return _shown(answer, wish)


def _unchanged(draft: Draft, engine: str) -> Verification:
    """For programs, which expect a document; people have been told."""
    text = bytes(draft.plan.original.dockerfile)
    return Verification(draft.plan.path, engine, Side(text), Side(text), limits=(_UNCHANGED,))


def _shown(answer: Verification, wish: Wish) -> int:
    sys.stdout.write(render(answer, wish.form, color=wish.color))
    return answer.verdict


def _cleared(engine: Engine, run: Run, draft: Draft, wish: Wish) -> Proof:
    """Verified, and nothing of it left on the engine, however it ends."""
    say: Callable[[str], None] = (lambda line: None) if wish.quiet else _tell
    try:
        if wish.learn:
            proof = taught(engine, run, draft, wish, say, _tell)
        else:
            proof = Proof(verify(engine, run, draft.plan, say))
        if wish.keep_images and proof.answer is not None:
            _keep(engine, run)
    except BaseException as error:
        _clear(engine, run, "interrupted" if isinstance(error, KeyboardInterrupt) else "stopped")
        raise
    try:
        _clear(engine, run, "")
    except Interrupted:
        _clear(engine, run, "interrupted")
        raise
    return proof


def _note(draft: Draft, lesson: Lesson, verdict: Verdict) -> str | None:
    """Write down what was learned, once it is proved; says where."""
    if verdict is not Verdict.EQUAL:
        _tell("what was learned is not written down, as the migration that it makes is not proved")
        return None
    change = addition(draft.target.file, lesson.answers, lesson.evidence)
    if isinstance(change, Problem):
        _tell(place(change.path, change.line, change.text))
        return None
    try:
        change.write()
    except (OSError, StaleError) as error:
        _tell(f"error: {label_of(change.file)} cannot be written: {error or 'it has changed meanwhile'}")
        return None
    _tell(f"learned: wrote {label_of(change.file)}")
    return label_of(change.file)


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
