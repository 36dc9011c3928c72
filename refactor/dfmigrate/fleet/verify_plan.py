"""What ``dfmigrate verify`` is to verify: from its options to a plan, before any engine is asked."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

from dfmigrate.fleet.load import NOTHING, Said, Target, migrate_source, read_source, settings_with
from dfmigrate.fleet.outcome import Exit, Problem
from dfmigrate.fleet.targets import targets_of
from dfmigrate.migration import Decline, Migration, Status
from dfmigrate.model import Build, Given, interpret
from dfmigrate.settings import Settings
from dfmigrate.verify.containers import Start
from dfmigrate.verify.images import Recipe
from dfmigrate.verify.observe import Question
from dfmigrate.verify.report import Form
from dfmigrate.verify.run import Plan
from dfmigrate.verify.stated import stated
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
    keep_images: bool = False
    learn: bool = False
    said: Said = field(default_factory=dict)
    """The answers of the command line."""
    yes: bool = False
    form: Form = Form.PRETTY
    color: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan, and what the migration did not do."""

    target: Target
    plan: Plan
    declines: tuple[Decline, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing would change, so there is nothing to verify."""
        return bytes(self.plan.original.dockerfile) == bytes(self.plan.migrated.dockerfile)


def drafted(wish: Wish, learned: Said = NOTHING) -> Draft | Problem:
    """What to verify; ``learned`` are answers beside those that the user gives."""
    own = wish.path / "Dockerfile"
    targets = list(targets_of([own if own.is_file() else wish.path], wish.context))
    if len(targets) != 1:
        return Problem(
            str(wish.path), Exit.FAILED, f"{len(targets)} Dockerfiles are in this folder", "name one of them"
        )
    target = targets[0]
    if isinstance(target, Problem):
        return target
    source = read_source(target)
    if isinstance(source, Problem):
        return source
    said = _together(wish.said, learned)
    settings = settings_with(target.file, target.label, said)
    if isinstance(settings, Problem):
        return settings
    if wish.against is not None:
        text = _against(wish.against, target, source)
        if isinstance(text, Problem):
            return text
        plan = _plan(wish, target, (source, text), settings, frozenset())
        return Draft(target, replace(plan, declared=stated(plan.migrated)))
    migration = _migrated(target, source, said)
    if isinstance(migration, Problem):
        return migration
    if migration.understood is not None:
        # With what comments of the file say.
        settings = migration.understood.settings
    texts = source, bytes(migration.after)
    return Draft(target, _plan(wish, target, texts, settings, _declared(migration)), migration.declines)


def _together(said: Said, learned: Said) -> Said:
    return {name: [*said.get(name, ()), *learned.get(name, ())] for name in {**said, **learned}}


def _plan(wish: Wish, target: Target, texts: tuple[bytes, bytes], settings: Settings, declared: frozenset[str]) -> Plan:
    from dfmigrate.context.disk import read_context

    context = read_context(target.context, target.file)
    given = Given(dict(wish.arguments))
    builds: list[Build] = [interpret(parse(text), context, settings, given) for text in texts]
    return Plan(target.label, builds[0], builds[1], _recipe(wish, target), _question(wish), declared)


def _migrated(target: Target, source: bytes, said: Said) -> Migration | Problem:
    outcome = migrate_source(source, label=target.label, name=target.file, context=target.context, said=said)
    if isinstance(outcome, Migration) and outcome.error is not None:
        code = Exit.INVALID if outcome.status is Status.ERROR else Exit.FAILED
        return Problem(target.label, code, outcome.error, line=outcome.error_line)
    return outcome


def _declared(migration: Migration) -> frozenset[str]:
    return frozenset().union(*(step.declared for step in migration.steps))


def _against(file: Path, target: Target, source: bytes) -> bytes | Problem:
    """Another file in place of our own migration."""
    text = read_source(Target.of(file, target.context))
    if isinstance(text, Problem):
        return text
    for label, content in ((target.label, source), (str(file), text)):
        problems = parse(content).problems
        if problems:
            return Problem(label, Exit.INVALID, problems[0].message, line=problems[0].line)
    return text


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
