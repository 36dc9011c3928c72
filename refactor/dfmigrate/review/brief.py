"""One line for each thing that a reader of a plain patch must know beside it."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.migration import Migration
from dfmigrate.review.visible import sentence, visible


def verdict(migration: Migration, word: str) -> str:
    """The steps that a file takes."""
    return place(migration.path, None, f"{word}: {', '.join(step.rule for step in migration.steps)}")


def remarks(migration: Migration) -> Iterator[str]:
    """Warnings, notes, and everything that was declined."""
    for step in migration.steps:
        for warning in step.warnings:
            yield place(migration.path, None, f"{step.rule}: {warning}")
    for note in migration.notes:
        yield place(migration.path, None, note)
    for decline in migration.declines:
        said = f"{decline.rule} [{decline.code}] {sentence(decline.message)}"
        where = decline.path or migration.path
        yield place(where, decline.line, f"{said}; {decline.hint}" if decline.hint else said)


def place(path: str, line: int | None, message: str) -> str:
    """``path:line: message``, as editors and compilers understand it."""
    where = visible(path) if line is None else f"{visible(path)}:{line}"
    return f"{where}: {sentence(message)}"
