"""What COPY and ADD write: files of the build context, of another stage, of an image, or from the network."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from dfmigrate.context import Context
from dfmigrate_grammar import Instruction

from .files import FileSystem, Kind, Origin, Write
from .image import Config

_ARCHIVE = re.compile(r"\.(tar|tgz|tbz2?|txz|tar\.(gz|bz2|xz|zst))$")
_WILDCARD = re.compile(r"[*?\[]")

Answer = tuple[tuple[Write, ...], str | None]


def copy_writes(
    instruction: Instruction,
    config: Config,
    context: Context | None,
    stages: Mapping[str, FileSystem],
    here: FileSystem,
    line: int,
    expand: Callable[[str], str | None],
) -> Answer:
    """The writes of one COPY or ADD, and why they are unknown where they are."""
    written = expand(instruction.destination)
    destination = config.absolute(written) if written is not None else None
    if destination is None or written is None:
        return (), f"the destination `{instruction.destination}` is not known"
    sources = [expand(source) for source in instruction.sources]
    into = written.endswith(("/", "/.")) or written in (".", "..") or len(sources) > 1 or here.is_directory(destination)
    owner = instruction.flag("chown") or "0:0"
    place = _Place(destination, into, owner, line)
    writes: list[Write] = [
        Write(place.file(heredoc.name), Kind.FILE, Origin("context", f"<<{heredoc.name}", line), owner)
        for heredoc in instruction.heredocs
    ]
    origin = instruction.flag("from")
    for source in sources:
        if source is None:
            return tuple(writes), "a source is not literal"
        if origin is not None:
            copied = _from_stage(source, origin, stages, place)
            # A folder that is there already keeps its owner.
            kept = here.is_directory(destination)
            writes.extend(w for w in copied if not (kept and w.path == destination and w.kind is Kind.DIRECTORY))
        elif instruction.name == "ADD" and (_is_remote(source) or _ARCHIVE.search(source)):
            kind = (
                Kind.TREE
                if (_ARCHIVE.search(source) and not _is_remote(source)) or source.endswith(".git")
                else Kind.FILE
            )
            path = place.file(posixpath.basename(source)) if kind is Kind.FILE else destination
            writes.append(Write(path, kind, Origin("download", source, line), owner))
        else:
            writes.extend(_from_context(source, context, place))
    is_folder = into or any(write.path != destination for write in writes)
    if writes and is_folder and not here.is_directory(destination):
        # COPY makes the destination, and gives it to the owner that it names.
        writes.insert(0, Write(destination, Kind.DIRECTORY, Origin("copy", destination, line), owner))
    return tuple(writes), None


class _Place:
    """Where the sources of one COPY land."""

    def __init__(self, destination: str, into: bool, owner: str, line: int) -> None:
        self.destination = destination
        self.into = into
        self.owner = owner
        self.line = line

    def file(self, name: str) -> str:
        return posixpath.join(self.destination, name) if self.into else self.destination


def _is_remote(source: str) -> bool:
    return source.startswith(("http://", "https://", "git@", "ssh://", "git://"))


def _from_stage(source: str, origin: str, stages: Mapping[str, FileSystem], place: _Place) -> list[Write]:
    path = posixpath.normpath("/" + source.lstrip("/"))
    files = stages.get(origin.lower())
    name = posixpath.basename(path)
    if files is None:
        return [Write(place.file(name), Kind.TREE, Origin("image", f"{origin}:{path}", place.line), place.owner)]
    if _WILDCARD.search(path):
        return [Write(place.destination, Kind.TREE, Origin("stage", f"{origin}:{path}", place.line), place.owner)]
    target = place.destination if files.is_directory(path) or not place.into else place.file(name)
    copied = files.copied(path, target, place.owner)
    if not copied:
        return [Write(target, Kind.TREE, Origin("stage", f"{origin}:{path}", place.line), place.owner)]
    return list(copied)


def _from_context(source: str, context: Context | None, place: _Place) -> list[Write]:
    clean = posixpath.normpath("/" + source).lstrip("/")
    if context is None or not context.complete:
        # A name may be a file or a directory; either way it lands at or below the destination.
        return [Write(place.destination, Kind.TREE, Origin("context", clean or ".", place.line), place.owner)]
    writes = []
    for match in context.matches(clean):
        if match in context.files and not context.is_folder(match):
            into = place.into or bool(_WILDCARD.search(clean))
            path = posixpath.join(place.destination, posixpath.basename(match)) if into else place.destination
            writes.append(Write(path, Kind.FILE, Origin("context", match, place.line), place.owner))
            continue
        for entry in context.below(context.resolve(match) or match):
            path = posixpath.join(place.destination, posixpath.relpath(entry, match) if match else entry)
            writes.append(Write(path, Kind.FILE, Origin("context", entry, place.line), place.owner))
    return writes
