"""What the original takes away of the base image's files is taken away in the runtime too: a COPY removes nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from dfmigrate.migration import Proved
from dfmigrate.model import Action, FileSystem, StageModel, is_within

from .case import Answers, Case, Open

_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_PASSING = ("/tmp", "/var/tmp", "/var/cache", "/var/lib/apt", "/var/log", "/root")
"""Folders whose content no application misses or minds."""


def check(case: Case) -> Answers:
    """Only where the runtime is an image of the same family, which brings the same files again."""
    old, new = case.old, case.new
    if not case.split or old.base is None or new.base is None or old.base.family != new.base.family:
        return
    repeated = {text for layer in new.layers for action in layer.actions for text in (action.text, _placed(action))}
    seen = False
    before = FileSystem()
    for layer in old.layers:
        for action in layer.actions:
            removed = _removed(action, layer.before.environment)
            path = next((path for path in removed if _may_be_the_images(path, old, before)), None)
            if path is None:
                continue
            seen = True
            if (_placed(action) if _is_relative(action) else action.text) not in repeated:
                message = f"`{action.text[:60]}` takes away files of {new.reference} in {path}, which would be back"
                yield Open("removals", "A18", message, "put it into a RUN of its own, ahead of the build", layer.line)
                return
        before = layer.files
    if seen:
        yield Proved("removals", ("A18",), "what is taken away of the base image's files is not in the runtime either")


def _placed(action: Action) -> str:
    return f"{action.cwd}: {action.text}"


def _is_relative(action: Action) -> bool:
    return any(not word.startswith(("/", "-", "$", "~")) for word in action.text.split()[1:])


def _removed(action: Action, environment: Mapping[str, str | None]) -> Iterator[str]:
    """The paths that ``rm`` names; of one with a wildcard the folder in front of it."""
    if action.program not in ("rm", "rmdir") or action.cwd is None:
        return
    for word in action.text.split()[1:]:
        text = _VARIABLE.sub(lambda found: environment.get(found[1]) or found[0], word.strip("\"'"))
        literal = re.split(r"[*?\[{$`\"'\\~]", text, maxsplit=1)[0]
        if not literal or word.startswith(("-", ">", "2>")):
            continue
        path = literal if literal == text else posixpath.dirname(literal)
        yield posixpath.normpath(posixpath.join(action.cwd, path))


def _may_be_the_images(path: str, stage: StageModel, before: FileSystem) -> bool:
    """Whether the base image may have put it there: nothing that the file did itself lies there, and the image has
    files of its own around it."""
    if any(is_within(path, folder) for folder in _PASSING) or before.reaches(path) or path == "/":
        return False
    base = stage.base
    serves = base is not None and base.root_required is not None
    if base is not None and base.workdir != "/" and is_within(path, base.workdir) and not serves:
        return False
    return stage.files.brings(path)
