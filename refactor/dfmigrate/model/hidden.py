"""Commands of a build behind which a compiler may stand that the Dockerfile does not name."""

from __future__ import annotations

from dfmigrate.knowledge.languages import is_runner, language_of_program

from .actions import Action


def may_hide(action: Action, language: str) -> bool:
    """Whether a build command compiles a language, or may call what does: ``make``, a script of the project."""
    program = action.program or ""
    scripted = action.facts is None or action.facts.scripted
    return scripted or is_runner(program) or language_of_program(program) == language
