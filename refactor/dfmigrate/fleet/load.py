"""From a path to its migration: the file is read here, and with it its build context."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from dfmigrate.answers import AnswerError, answers
from dfmigrate.fleet.discover import MAX_BYTES
from dfmigrate.fleet.names import is_template_name
from dfmigrate.fleet.outcome import Exit, Outcome, Problem
from dfmigrate.fleet.settings_file import settings_for
from dfmigrate.migration import Decline, Migration
from dfmigrate.settings import Settings

# A line that starts with a tag, any {% block %}, an expression in FROM: what RUN holds in braces may be the shell's.
_TAG = re.compile(rb"^\s*(?:\{\{|\{%|\{#)|\{%-?\s*\w.*?%\}|^\s*FROM\b.*\{\{", re.IGNORECASE | re.MULTILINE)


Said = Mapping[str, Sequence[str]]
"""Answers by name, as the options of the command line have them."""
NOTHING: Said = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """One Dockerfile to work on."""

    file: Path
    label: str
    """Its name in messages and patches: relative to the working folder, links followed, as git and patch(1) need it."""
    context: Path

    @classmethod
    def of(cls, file: Path, context: Path | None = None) -> Target:
        """A Dockerfile whose build context is its own folder, where no other is named."""
        return cls(file, label_of(file), context or file.parent)


def label_of(file: Path) -> str:
    """A path as messages and patches name it; one outside of the working folder is absolute."""
    real = Path(os.path.realpath(file))
    here = Path.cwd()
    return real.relative_to(here).as_posix() if real.is_relative_to(here) else real.as_posix()


def read_source(target: Target) -> bytes | Problem:
    """The bytes of a Dockerfile, or why they cannot be had."""
    try:
        if not target.file.exists():
            return Problem(target.label, Exit.FAILED, "no such file or directory", "check the path")
        if not target.file.is_file():
            hint = "give a Dockerfile or a folder, or - to read standard input"
            return Problem(target.label, Exit.FAILED, "not a regular file", hint)
        if target.file.stat().st_size > MAX_BYTES:
            return Problem(target.label, Exit.INVALID, "larger than 1 MiB", "this is not a Dockerfile")
        return target.file.read_bytes()
    except OSError as error:
        return unreadable(target.label, error)


def unreadable(path: str, error: OSError) -> Problem:
    """What the system says, in our form."""
    reason = (error.strerror or str(error)).lower()
    return Problem(path, Exit.FAILED, reason, "check that you may read and write it")


def migrate_target(target: Target, *, said: Said = NOTHING, debug: bool = False) -> Outcome:
    """Read one Dockerfile and its build context, and migrate it in memory."""
    source = read_source(target)
    if isinstance(source, Problem):
        return source
    return migrate_source(source, label=target.label, name=target.file, context=target.context, said=said, debug=debug)


def migrate_source(
    source: bytes, *, label: str, name: Path, context: Path | None, said: Said = NOTHING, debug: bool = False
) -> Outcome:
    """Migrate a text as if it stood in the file ``name``; with no context, nothing is known of the project.

    ``said`` are the answers of the command line, which come before those of files.
    """
    problem = _unfit(source, label, name)
    if problem is not None:
        return problem
    settings = settings_with(name, label, said)
    if isinstance(settings, Problem):
        return settings
    try:
        return _migrated(source, label, name, context, settings)
    except Exception as error:
        # A defect of ours must not cost the other files.
        if debug:
            import traceback

            traceback.print_exc()
        message = f"internal error: {type(error).__name__}: {error}"
        return Problem(label, Exit.FAILED, message, "report it with what --debug shows")


def settings_with(name: Path, label: str, said: Said) -> Settings | Problem:
    """What the settings file says of a Dockerfile, with the answers of the command line before its own."""
    from dfmigrate.migrate import RULE_NAMES

    settings = settings_for(name)
    if isinstance(settings, Problem):
        return settings
    try:
        return settings.with_answers(answers(said, RULE_NAMES))
    except AnswerError as error:
        return Problem(label, Exit.FAILED, f"--{error.message}", error.hint)


def _migrated(source: bytes, label: str, name: Path, folder: Path | None, settings: Settings) -> Migration:
    from dfmigrate.migrate import migrate

    if folder is None:
        return migrate(source, path=label, context=None, settings=settings)
    from dfmigrate.context.disk import read_context
    from dfmigrate.fleet.compose_hint import other_context

    context = read_context(folder, name)
    migration = migrate(source, path=label, context=context, settings=settings)
    hint = other_context(context, folder, name)
    notes = migration.notes if hint is None else (*migration.notes, hint)
    return replace(
        migration, notes=notes, declines=tuple(_from_here(decline, folder) for decline in migration.declines)
    )


def _from_here(decline: Decline, folder: Path) -> Decline:
    """With the path of a context file as one opens it from the working folder."""
    return decline if decline.path is None else replace(decline, path=label_of(folder / decline.path))


def _unfit(source: bytes, label: str, name: Path) -> Problem | None:
    """Why this text is not for us, seen before anything is parsed."""
    if b"\0" in source:
        hint = "save it as UTF-8" if source.startswith((b"\xff\xfe", b"\xfe\xff")) else "give a Dockerfile"
        return Problem(label, Exit.INVALID, "this is not a text file", hint, _line_at(source, source.index(b"\0")))
    tag = _TAG.search(source)
    if is_template_name(name.name) or tag is not None:
        # The match may begin with the blank lines above the tag.
        line = None if tag is None else _line_at(source, tag.end())
        hint = "render it first, and migrate the result"
        return Problem(label, Exit.REFUSED, "this is a template, not yet a Dockerfile", hint, line)
    return None


def _line_at(source: bytes, position: int) -> int:
    return source.count(b"\n", 0, position) + 1
