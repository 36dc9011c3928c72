"""What people copied from their builder, and where our runtime has the same content.

A path is *covered* in one of three ways. Ours keeps the paths of the original, since a start command may name any of
them, and people move and rename things as they split, so the same path is only the first:

- ``same path``: our runtime has it, something below it, or a folder around it that is taken whole;
- ``same place in the project``: the path below their builder's working directory is, below the working directory of
  ours, a path that our runtime has (``/build/target/release/app`` and ``/axum/target/release/app``);
- ``same content``: everything that their builder put at the path is in our runtime under another path: a file of the
  build context by its path in the context, what a command made by that command and the file's name (``cargo install``
  and ``cargo build`` make the same program), a folder that cannot be listed by the command and its subcommand alone.
  What installs is one command, be it ``make install`` or ``cmake --install``; a copy that ``cp`` made in the builder is
  what was copied.

What they copy from an image, not from a stage, is a part of the application only where the original copied it too; then
ours has to have it under the same name. The rest (a development stage that fetches Docker's own tools) is left out.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.model import Build, Layer, StageModel, Write, is_within
from dfmigrate.model.expansion import expanded
from dfmigrate.model.files import Kind

_INSTALLERS = ("make", "cmake", "ninja", "meson")


@dataclass(frozen=True, slots=True)
class Copied:
    """One source of a COPY --from that people wrote, and how it is covered; "" where it is not."""

    path: str
    how: str


def copied(original: Build, ours: Build, theirs: Build) -> Iterator[Copied]:
    """Every path that people took over into the stage that runs, or into one that it is built on."""
    stages = {name: stage for number, stage in enumerate(theirs.stages) for name in (str(number), stage.name) if name}
    for layer in _carrying(theirs.final):
        origin = (layer.instruction.flag("from") or "").lower()
        for source in layer.instruction.sources:
            path = _path(source, layer)
            if origin in stages:
                yield Copied(path, _held(path, stages[origin], ours.final))
            elif _fetches(original.final, origin, path):
                yield Copied(path, "same path" if _fetches(ours.final, origin, path) else "")


def _path(source: str, layer: Layer) -> str:
    values = {**layer.arguments, **layer.before.environment}
    known = expanded(source, values, "\\") or source
    return posixpath.normpath("/" + known.lstrip("/"))


def takes_nothing(theirs: Build) -> bool:
    """The stage that runs neither copies from another one nor is built on one: what was built is lost."""
    return theirs.final.parent is None and not list(_carrying(theirs.final))


def _carrying(stage: StageModel | None) -> Iterator[Layer]:
    while stage is not None:
        yield from (x for x in stage.layers if x.name == "COPY" and x.instruction.flag("from") is not None)
        stage = stage.parent


def _fetches(stage: StageModel, origin: str, path: str) -> bool:
    return any(
        (layer.instruction.flag("from") or "").lower() == origin
        and path in (posixpath.normpath("/" + source.lstrip("/")) for source in layer.instruction.sources)
        for layer in _carrying(stage)
    )


def _held(path: str, theirs: StageModel, ours: StageModel) -> str:
    if _has(ours, path):
        return "same path"
    home, here = theirs.final.workdir, ours.final.workdir
    if home not in (None, "/") and here is not None and is_within(path, home or "/"):
        below = posixpath.normpath(posixpath.join(here, posixpath.relpath(path, home)))
        if _has(ours, below):
            return "same place in the project"
    copied_here = [one for write in theirs.files.exactly(path) if (one := _copied_from(write, theirs)) is not None]
    if copied_here:
        return "same content" if all(_held(one, theirs, ours) for one in copied_here) else ""
    put = [write for write in theirs.files.writes if is_within(write.path, path) and write.kind is not Kind.DIRECTORY]
    if put and all(any(_same(write, other) for other in ours.files.writes) for write in put):
        return "same content"
    return ""


def _copied_from(write: Write, stage: StageModel) -> str | None:
    """What ``cp`` or ``mv`` put at the path, with the last working directory."""
    words = [word for word in write.origin.detail.split() if not word.startswith("-")]
    if write.origin.source != "run" or words[0] not in ("cp", "mv") or len(words) != 3:
        return None
    return posixpath.normpath(posixpath.join(stage.final.workdir or "/", words[1]))


def _has(stage: StageModel, path: str) -> bool:
    return any(
        is_within(write.path, path)
        or (is_within(path, write.path) and write.path != "/")
        or fnmatch.fnmatchcase(write.path, path)
        for write in stage.files.writes
        if not _for_users(write)
    )


def _for_users(write: Write) -> bool:
    """What ``useradd`` makes is nothing of the application."""
    return write.origin.source == "run" and re.match(r"user|group|add(user|group)", write.origin.detail) is not None


def _same(one: Write, other: Write) -> bool:
    if one.origin.source != other.origin.source or one.origin.source not in ("context", "run"):
        return False
    if one.origin.source == "context":
        return one.origin.detail == other.origin.detail
    words, others = one.origin.detail.split(), other.origin.detail.split()
    if all(each[0] in _INSTALLERS and any("install" in word for word in each) for each in (words, others)):
        return True
    if Kind.TREE in (one.kind, other.kind):
        return words[:2] == others[:2]
    return words[0] == others[0] and posixpath.basename(one.path) == posixpath.basename(other.path)
