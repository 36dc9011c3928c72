"""Commands of a build behind which a compiler may stand that the Dockerfile does not name."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context import Context
from dfmigrate.context.makefile import makefile
from dfmigrate.knowledge.languages import is_runner, language_of_program

from .actions import Action
from .artefacts import context_folder
from .interpret import Build, Layer

_JOBS = re.compile(r"-j\d*|--jobs(?:=\d+)?")
_PROCESSORS = re.compile(r"""(?:-j|--jobs=)["'`]?(?:\$\()?nproc\)?["'`]?""")
_QUIET = re.compile(r"-[ksBw]+|-j\d*|--jobs(?:=\d+)?|--silent|--quiet|--no-print-directory")
_ASSIGNS = re.compile(r"(\w+)=")
_COMMANDS = frozenset({"CC", "CXX", "LD", "AR", "SHELL", "MAKEFLAGS", "MAKEFILES"})


def may_hide(action: Action, language: str) -> bool:
    """Whether a build command compiles a language, or may call what does: ``make``, a script of the project."""
    program = action.program or ""
    scripted = action.facts is None or action.facts.scripted
    return scripted or is_runner(program) or language_of_program(program) == language


def behind_make(build: Build) -> str | None:
    """Why what ``make`` calls is not all in sight; None when it is C's compilers alone."""
    context = build.context
    made = any(action.program == "cmake" for layer in build.stages[0].layers for action in layer.actions)
    for layer in build.stages[0].layers:
        for action in layer.actions:
            if action.role != "build" or action.program not in ("make", "gmake", "ninja"):
                continue
            ninja = action.program == "ninja"
            if context is None or not (made if ninja else _is_in_sight(action, layer, context, made)):
                return f"what `{action.text[:40]}` calls, and links, is not known"
    return None


def _is_in_sight(action: Action, layer: Layer, context: Context, made: bool) -> bool:
    """``made``: CMake has written the Makefile, from files that are read themselves."""
    asked = _asked(action)
    place = posixpath.normpath(posixpath.join(action.cwd, asked[0])) if asked and action.cwd else None
    folder = context_folder(place, layer.files) if place is not None else None
    found = makefile(context, folder) if folder is not None else None
    if asked is None or (found is None and not made):
        return False
    return found is None or found.calls_compilers_alone(asked[1])


def _asked(action: Action) -> tuple[str, tuple[str, ...]] | None:
    """The folder and the targets that a command line names; None where it says more."""
    folder = ""
    goals: list[str] = []
    words = list(action.argv[1:])
    if len(action.spelled) == len(action.argv):
        # As many jobs as there are processors changes nothing.
        words = [
            "-j" if _PROCESSORS.fullmatch(raw) else word for word, raw in zip(words, action.spelled[1:], strict=True)
        ]
    while words:
        word = words.pop(0)
        if word is None:
            return None
        if word == "-C" and words and words[0] is not None:
            folder = posixpath.join(folder, words.pop(0) or "")
        elif _QUIET.fullmatch(word):
            if _JOBS.fullmatch(word) and words and (words[0] is None or words[0].isdigit()):
                words.pop(0)
        elif (assigned := _ASSIGNS.match(word)) is not None:
            if assigned[1] in _COMMANDS:
                return None
        elif word.startswith("-"):
            return None
        else:
            goals.append(word)
    return folder, tuple(goals)
