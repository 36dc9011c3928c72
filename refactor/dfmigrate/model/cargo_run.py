"""What ``cargo run`` starts: the program that ``cargo build`` leaves for the same options."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dfmigrate.context import Context
from dfmigrate.context.cargo import cargo_project

from .artefacts import context_folder
from .interpret import StageModel
from .native_outputs import cargo
from .rewritten import plain_words

_ALONE = frozenset({"-q", "--quiet", "-v", "--verbose", "--locked", "--frozen", "--offline", "--release", "-r"})
_WITH_VALUE = frozenset({"--bin", "--profile"})


def own_words(stage: StageModel, context: Context | None) -> tuple[str, ...] | None:
    """The words of the file's only ENTRYPOINT or CMD; None where there are both, or where a shell may do more with them
    than start them."""
    entrypoint, command = stage.final.entrypoint, stage.final.command
    own = [one for one in (entrypoint, command) if one is not None and one.line is not None]
    of_the_base = entrypoint is not None and entrypoint.line is None
    if len(own) != 1 or (of_the_base and not (stage.base is not None and stage.base.passthrough)):
        return None
    return own[0].argv if own[0].argv is not None else plain_words(stage, context)


def cargo_starts(stage: StageModel, context: Context | None) -> tuple[str, ...] | None:
    """The words that the stage's ``cargo run`` comes down to, its program relative to the working directory; None where
    another command is started, or where it is not known which program that is."""
    words = own_words(stage, context)
    if words is None or words[:1] != ("cargo",) or words[1:2] not in (("run",), ("r",)):
        return None
    options = _options(words[2:])
    folder = context_folder(stage.final.workdir, stage.files) if stage.final.workdir is not None else None
    if options is None or context is None or folder is None:
        return None
    project = cargo_project(context, folder)
    asked = ("cargo", "build", *options)
    made = cargo(asked, " ".join(asked), stage.final.environment, context, folder)
    if project is None or made is None:
        return None
    chosen = "--bin" in options or len(made.programs) == 1
    programs = [path for path in made.programs if chosen or posixpath.basename(path) == project.default_run]
    return (f"./{programs[0]}", *_arguments(words[2:])) if programs else None


def _options(words: Sequence[str]) -> tuple[str, ...] | None:
    """Those of Cargo itself; None where one is not known to keep to the same program."""
    found: list[str] = []
    for word in words[: len(words) - len(_behind(words))]:
        if found and found[-1] in _WITH_VALUE:
            found.append(word)
        elif word in _ALONE or word.partition("=")[0] in _WITH_VALUE:
            found += word.split("=", 1)
        else:
            return None
    return tuple(found)


def _behind(words: Sequence[str]) -> Sequence[str]:
    """From the first word on that is not Cargo's own; what stands behind an option may be its value."""
    for index, word in enumerate(words):
        if word == "--" or (not word.startswith("-") and (index == 0 or words[index - 1] not in _WITH_VALUE)):
            return words[index:]
    return ()


def _arguments(words: Sequence[str]) -> tuple[str, ...]:
    behind = tuple(_behind(words))
    return behind[1:] if behind[:1] == ("--",) else behind
