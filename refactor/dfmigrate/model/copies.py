"""What COPY and ADD write: files of the build context, of another stage, of an image, or from the network."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dfmigrate.context import Context
from dfmigrate.context.ignore_file import IgnoreFile, ignore_patterns
from dfmigrate_grammar import Instruction

from .archives import is_archive
from .files import FileSystem, Kind, Origin, Write, is_within
from .image import Config
from .inline_files import inline_path
from .source_tree import context_files, matches

_REMOTE = ("http://", "https://", "git@", "ssh://", "git://")
_REPOSITORY = re.compile(r"^(git@|ssh://|git://)|\.git(#|\?|$)")
_NUMBERS = re.compile(r"\d+(:\d+)?")
_ROOT = frozenset({"", "root", "root:root", "root:0", "0:root"})

Answer = tuple[tuple[Write, ...], str | None]


@dataclass(frozen=True, slots=True)
class Scene:
    """What one COPY or ADD finds when it runs."""

    config: Config
    context: Context | None
    stages: Mapping[str, FileSystem]
    here: FileSystem
    expand: Callable[[str], str | None]


def copy_writes(instruction: Instruction, scene: Scene, line: int) -> Answer:
    """The writes of one COPY or ADD, and why they are unknown where they are."""
    written = scene.expand(instruction.destination)
    destination = scene.config.absolute(written) if written is not None else None
    if destination is None or written is None:
        return (), f"the destination `{instruction.destination}` is not known"
    copy = _copy(instruction, scene, written, destination, line)
    for source in instruction.sources:
        value = scene.expand(source)
        if value is None:
            return tuple(copy.writes), "a source is not literal"
        copy.add(value)
    for heredoc in instruction.heredocs:
        copy.put(heredoc.name, Origin("context", inline_path(instruction, heredoc), line), 0o644)
    return tuple(copy.writes), None


def _copy(instruction: Instruction, scene: Scene, written: str, destination: str, line: int) -> _Copy:
    chmod, chown = instruction.flag("chmod"), instruction.flag("chown")
    linked = _is_set(instruction, "link") and chmod is None
    # A linked copy is a layer of its own, made without a look at what lies below it.
    here = FileSystem(bare=True) if linked else scene.here
    excluded = [flag.value or "" for flag in instruction.flags if flag.name == "exclude"]
    return _Copy(
        destination=here.resolve(destination),
        is_folder=written.endswith(("/", "/.")) or written == ".",
        here=here,
        scene=scene,
        line=line,
        unpacks=instruction.name == "ADD" and (instruction.flag("unpack") or "true") == "true",
        stage=instruction.flag("from"),
        owner=scene.expand(chown) if chown is not None else None,
        chown=chown is not None,
        mode=_octal(scene.expand(chmod)) if chmod is not None else None,
        chmod=chmod is not None,
        parents=_is_set(instruction, "parents"),
        excluded=ignore_patterns(excluded) if excluded else None,
    )


def _is_set(instruction: Instruction, name: str) -> bool:
    return instruction.flag(name) in ("", "true")


def _octal(text: str | None) -> int | None:
    """The bits of an octal mode. What a symbolic one means depends on the version of the builder: older ones ignore
    it."""
    return int(text, 8) if text is not None and re.fullmatch(r"[0-7]{1,4}", text) else None


@dataclass(slots=True)
class _Copy:
    """One COPY or ADD, source by source."""

    destination: str
    is_folder: bool
    """The destination is written as a folder."""
    here: FileSystem
    scene: Scene
    line: int
    unpacks: bool
    stage: str | None
    owner: str | None
    chown: bool
    mode: int | None
    chmod: bool
    parents: bool
    excluded: IgnoreFile | None
    writes: list[Write] = field(default_factory=list)
    seen: int = 0
    """How many of the writes are in ``here``."""

    @property
    def now(self) -> FileSystem:
        """The files with all that was written so far."""
        if self.seen < len(self.writes):
            self.here = self.here.add(self.writes[self.seen :])
            self.seen = len(self.writes)
        return self.here

    def add(self, source: str) -> None:
        """Copy one source, which is a path, a pattern or an address."""
        if self.unpacks and source.startswith(_REMOTE):
            self._download(source)
            return
        files = self._files()
        if files is None:
            self._unknown(source)
            return
        root, included = self._pivot(source) if self.parents else (source, None)
        found = matches(files, root)
        unread = any(patterns is not None and patterns.error for patterns in (included, self.excluded))
        if found is None or unread:
            self._tree(self.destination, self._origin(root))
            return
        for match in found:
            self._match(files, match, included, root.endswith(("/", "/.")))

    def put(self, name: str, origin: Origin, mode: int | None, owner: str | None = "0:0") -> None:
        """A file that goes to the destination under this name."""
        path = self._landing(name)
        if path is None:
            self._tree(self.destination, origin)
        else:
            self._write(Write(path, Kind.FILE, origin, self._owner(owner), mode=self._mode(mode)))

    def _files(self) -> FileSystem | None:
        """Where the sources lie; None when nothing is known of it."""
        if self.stage is not None:
            return self.scene.stages.get(self.stage.lower())
        context = self.scene.context
        return context_files(context) if context is not None and context.complete else None

    def _unknown(self, source: str) -> None:
        """A source of which not even the kind is known; either way it lands at or below the destination."""
        clean = posixpath.normpath("/" + source.lstrip("/"))
        if self.stage is None:
            self._tree(self.destination, Origin("context", clean.lstrip("/") or ".", self.line))
            return
        self._tree(
            self._unsure(clean, source.endswith(("/", "/."))), Origin("image", f"{self.stage}:{clean}", self.line)
        )

    def _unsure(self, path: str, says_folder: bool) -> str:
        """The narrowest place in which a source lands that may be a file or a folder."""
        program = posixpath.basename(posixpath.dirname(path)) in ("bin", "sbin")
        into_programs = posixpath.basename(self.destination) in ("bin", "sbin")
        if (
            not says_folder
            and (program or into_programs)
            and (self.is_folder or self.now.is_directory(self.destination))
        ):
            # Programs are files.
            return posixpath.join(self.destination, posixpath.basename(path))
        return self.destination

    def _download(self, source: str) -> None:
        origin = Origin("download", source, self.line)
        if _REPOSITORY.search(source):
            self._tree(self.destination, origin)
            return
        name = posixpath.basename(source.partition("?")[0].partition("#")[0]) or "__unnamed__"
        self.put(name, origin, 0o600)

    def _pivot(self, source: str) -> tuple[str, IgnoreFile]:
        """For ``--parents``: the folder whose structure is kept, and which of its paths are meant."""
        folder, pivot, pattern = source.partition("/./")
        return (folder or "/", ignore_patterns([pattern])) if pivot else ("/", ignore_patterns([source.lstrip("/")]))

    def _match(self, files: FileSystem, match: str, included: IgnoreFile | None, says_folder: bool) -> None:
        real = files.resolve(match)
        if files.is_directory(real):
            self._contents(files, real, included)
        elif files.is_file(real):
            self._file(match, files.exactly(real))
        else:
            found = files.candidates(real)
            if found or self.stage is not None:
                self._possibly(real, found, says_folder)

    def _possibly(self, real: str, found: tuple[Write, ...], says_folder: bool) -> None:
        """A source that is not known to be a file or a folder, with the writes that may have put it there."""
        place = self._unsure(real, says_folder)
        for write in reversed(found):
            self._copied(replace(write, kind=Kind.TREE), place)
        if not found:
            self._tree(place, self._origin(real))

    def _file(self, match: str, writes: tuple[Write, ...]) -> None:
        """A file, with all that wrote it, oldest first."""
        name, origin = posixpath.basename(match), writes[-1].origin
        archive = self._is_archive(writes[-1])
        if self.excluded is not None and self.excluded.ignores(name):
            # The manual says that it is left out, the builder leaves out only what lies in a folder that it copies.
            self._tree(self._landing(name) or self.destination, origin)
        elif archive is not False:
            self._folder()
            self._tree(self.destination, Origin("archive", origin.detail, self.line))
        elif self.stage is None:
            # What the file is called in the project, be it a link.
            shown = match.lstrip("/")
            named = self.scene.context is not None and shown in self.scene.context.files
            self.put(name, self._moved(origin, shown if named else None), writes[-1].mode)
        else:
            path = self._landing(name)
            for write in writes:
                self._copied(write if path else replace(write, kind=Kind.TREE), path or self.destination)

    def _is_archive(self, write: Write) -> bool | None:
        if not self.unpacks or self.scene.context is None or write.origin.source != "context":
            return False
        return is_archive(write.origin.detail, self.scene.context)

    def _contents(self, files: FileSystem, folder: str, included: IgnoreFile | None) -> None:
        """What lies in a folder, into the destination."""
        self._folder()
        if files.brings(folder) or files.opaque:
            self._tree(self.destination, self._origin(folder))
        emptied: set[str] = set()
        for write in files.reaches(folder):
            if write.path == folder or not is_within(write.path, folder):
                if write.kind is Kind.TREE:
                    self._tree(self.destination, write.origin)
                continue
            below = write.path[len(folder) :].lstrip("/")
            if included is not None and not included.ignores(below) and write.kind is not Kind.TREE:
                continue
            if self.excluded is not None and self.excluded.ignores(below):
                if included is None:
                    emptied.update(_kept_parents(below, self.excluded))
                continue
            self._copied(write, posixpath.join(self.destination, below))
        for below in sorted(emptied):
            path = posixpath.join(self.destination, below)
            if not self.now.is_directory(path):
                self._write(Write(path, Kind.DIRECTORY, self._origin(posixpath.join(folder, below)), self._owner(None)))

    def _copied(self, write: Write, path: str) -> None:
        owner, mode = self._owner(write.owner), self._mode(write.mode)
        self._write(replace(write, path=path, origin=self._moved(write.origin, None), owner=owner, mode=mode))

    def _moved(self, origin: Origin, detail: str | None) -> Origin:
        """Of a file of the context, the line is that of the COPY; of one that a stage wrote, that of the stage."""
        if self.stage is not None:
            return origin
        return Origin(origin.source, detail or origin.detail, self.line)

    def _origin(self, path: str) -> Origin:
        if self.stage is not None:
            return Origin("stage", f"{self.stage}:{path}", self.line)
        return Origin("context", path.lstrip("/") or ".", self.line)

    def _landing(self, name: str) -> str | None:
        """Where a file goes; None when the destination may be a folder and may be none."""
        if self.is_folder or self.now.is_directory(self.destination):
            self._folder()
            return posixpath.join(self.destination, name)
        mine, suffix = posixpath.basename(self.destination), posixpath.splitext(name)[1]
        # No image has a folder that is called as a file is.
        plain = mine == name or (suffix and posixpath.splitext(mine)[1] == suffix)
        return self.destination if plain or not self.now.may_be_directory(self.destination) else None

    def _folder(self) -> None:
        """Make the destination, where it is not there: for the owner that the COPY names, or else for root."""
        if self.now.is_directory(self.destination):
            return
        origin = Origin("copy", self.destination, self.line)
        # Whose a folder is that a linked copy finds differs with the way in which layers are merged.
        if self.now.may_be_directory(self.destination) or self.scene.here.is_directory(self.destination):
            self._write(Write(self.destination, Kind.DIRECTORY, origin, None))
            return
        # Builders differ in whether --chmod is for the folders that they make.
        mode = None if self.chmod else 0o755
        self._write(Write(self.destination, Kind.DIRECTORY, origin, self._owner("0:0"), mode=mode))

    def _tree(self, path: str, origin: Origin) -> None:
        self._write(Write(path, Kind.TREE, origin, self._owner(None if self.stage else "0:0"), mode=self.mode))

    def _write(self, write: Write) -> None:
        self.writes.append(write)

    def _owner(self, before: str | None) -> str | None:
        """Without --chown, what comes from a stage keeps its owner by number; another image may give it no name."""
        if self.chown:
            return self.owner
        if self.stage is None:
            return "0:0"
        if before in _ROOT:
            return "0:0"
        return before if before is not None and _NUMBERS.fullmatch(before) else None

    def _mode(self, before: int | None) -> int | None:
        return self.mode if self.chmod else before


def _kept_parents(path: str, excluded: IgnoreFile) -> list[str]:
    """The nearest folder above an excluded path that is not excluded, if any: it is made, be it empty."""
    folder = posixpath.dirname(path)
    while folder and excluded.ignores(folder):
        folder = posixpath.dirname(folder)
    return [folder] if folder else []
