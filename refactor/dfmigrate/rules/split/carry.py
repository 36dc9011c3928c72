"""What the runtime stage takes from the builder: the paths that the running application may read."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dfmigrate.context import Context
from dfmigrate.knowledge.installers import brought_by_image
from dfmigrate.knowledge.languages import compiled_languages, language_of_program
from dfmigrate.knowledge.system import folders
from dfmigrate.model import Build, FileSystem, Kind, Layer, StageModel, Write, is_within
from dfmigrate.model.called import calls
from dfmigrate.model.closure import has_only_development_packages
from dfmigrate.model.fetched_sources import is_used_up
from dfmigrate.model.fetched_tools import is_fetched_installer
from dfmigrate.model.headers import is_header
from dfmigrate.model.package_folders import package_folders
from dfmigrate.model.python_installs import configures_build_tool
from dfmigrate.model.reach import is_reachable
from dfmigrate.model.runtime_files import consumed_languages, context_path, may_be_read
from dfmigrate.model.self_contained import self_contained
from dfmigrate.model.started_paths import started_paths
from dfmigrate.model.static_site import StaticSite, static_site
from dfmigrate.model.unused import unused_programs
from dfmigrate.rules.rule import declined

from . import RULE
from .top_folder import top_entries

MOST_ENTRIES = 10
"""Beyond so many entries a COPY each would hide more than it shows: the whole folder is carried."""

_ROOT = frozenset({"0:0", "", "root", "root:root", "0", None})


@dataclass(frozen=True, slots=True)
class Carried:
    """One ``COPY --from=builder SOURCE DESTINATION`` of the runtime; both ends are the same place."""

    path: str
    owner: str | None = None
    line: int = 0
    """The last line of the original that writes there: what ran after it may read it."""


def carried(
    build: Build, layers: Sequence[Layer], later: Sequence[Layer], roots: Sequence[str], replayed: Iterable[str]
) -> tuple[Carried, ...]:
    """The paths to copy, those of each root first. ``layers`` run in the builder, ``later`` in the runtime
    afterwards."""
    found = [Carried(path, _owner_at(path, layers[-1].files)) for path in package_folders(build, layers, roots)]
    for root in roots:
        found.extend(_of_root(root, build.final, layers[-1].files, later, build))
    found.extend(Carried(path, _owner_at(path, layers[-1].files)) for path in top_entries(build, layers))
    unneeded = [a.text for layer in layers for a in layer.actions if configures_build_tool(a, calls(build))]
    inside = (*roots, *(item.path for item in found))
    outside = _outside(layers, inside, frozenset((*replayed, *unneeded)), build)
    # A folder that is carried brings along what lies in it.
    found.extend(item for item in outside if not any(item != one and _holds(one, item) for one in outside))
    kept = tuple(_kept(build.settings.answers.keep, found, layers[-1].files, build.final))
    found = [item for item in found if not any(_holds(one, item) for one in kept)]
    found.extend(kept)
    return tuple(dict.fromkeys(replace(item, line=_last_write(item.path, layers)) for item in found))


def _kept(paths: Sequence[str], carried: Sequence[Carried], files: FileSystem, stage: StageModel) -> Iterator[Carried]:
    """What the user wants in the runtime, unless it is carried or belongs to the base image anyway."""
    for path in paths:
        if any(is_within(path, item.path) for item in carried):
            continue
        if not files.reaches(path) and stage.base is not None and not files.opaque:
            raise declined("A1", RULE, f"nothing writes {path}, which is to be kept", "name a path that a step writes")
        yield Carried(path, _owner_at(path, files))


def _holds(kept: Carried, item: Carried) -> bool:
    """A folder that is kept whole brings along what lies in it."""
    return is_within(item.path, kept.path) and item.owner == kept.owner


def _last_write(path: str, layers: Sequence[Layer]) -> int:
    lines = [
        layer.line
        for layer in layers
        for write in layer.writes
        if layer.name != "WORKDIR"
        and not write.scratch
        and (is_within(write.path, path) or is_within(path, write.path))
    ]
    return max(lines, default=0)


def _of_root(root: str, stage: StageModel, files: FileSystem, later: Sequence[Layer], build: Build) -> list[Carried]:
    context = build.context
    written = [write for write in files.below(root) if write.path != root or write.kind is Kind.TREE]
    if not written or not is_reachable(root, stage, context):
        return []
    site = static_site(build)
    if site is not None and is_within(site.folder, root):
        return _of_site(site, root, written, _owner(root, files))
    unlisted = any(write.kind is Kind.TREE and is_within(root, write.path) for write in files.reaches(root))
    owner = _owner(root, files)
    if unlisted or context is None or not context.complete:
        return [Carried(root, owner)]
    known = consumed_languages(build)
    laid_later = {write.path for layer in later if layer.name in ("COPY", "ADD") for write in layer.writes}
    needed: list[str | Write] = []
    packages_stay = has_only_development_packages(build)
    unused = unused_programs(build)
    server = self_contained(build)
    scratch = frozenset(write.path for write in written if write.scratch)
    for write in written:
        if write.path in unused or (server is not None and server.leaves(write.path)):
            continue
        if server is not None and is_within(write.path, server.folder):
            needed.append(server.folder)
            continue
        if packages_stay and write.path.endswith("/node_modules"):
            continue
        if write.scratch and _is_started(write, written, build):
            needed.append(write.path)
        if write.scratch or write.path in laid_later or write.kind is Kind.DIRECTORY:
            continue
        if write.origin.source == "context" and not may_be_read(context_path(write), known, build, context):
            continue
        needed.append(write)
    for inner in (_compiled_in(root, stage), ()):
        found = dict.fromkeys(one if isinstance(one, str) else _entry(one, root, inner, scratch) for one in needed)
        entries = [path for path in found if not any(above in found for above in _above(path))]
        if len(entries) <= MOST_ENTRIES:
            break
    if len(entries) > MOST_ENTRIES or owner is not None or _keeps_whole(root, stage, stage.layers, context):
        return [Carried(root, owner)]
    return [Carried(path) for path in entries]


def _is_started(scratch: Write, written: Sequence[Write], build: Build) -> bool:
    """Whether a start command leads into a folder of the build, beside what is carried of it."""
    found = [path for path in started_paths(build) if path != scratch.path and is_within(path, scratch.path)]
    kept = [write.path for write in written if not write.scratch and is_within(write.path, scratch.path)]
    return any(not any(is_within(path, one) or is_within(one, path) for one in kept) for path in found)


def _above(path: str) -> Iterator[str]:
    while path != "/":
        path = posixpath.dirname(path)
        yield path


def _of_site(site: StaticSite, root: str, written: Sequence[Write], owner: str | None) -> list[Carried]:
    """The folder that is served, and what starts its server."""
    needed = dict.fromkeys(
        posixpath.join(root, posixpath.relpath(write.path, root).split("/")[0])
        for write in written
        if not write.scratch and not is_within(write.path, site.folder) and site.reads(write.path)
    )
    return [Carried(path, owner) for path in (*needed, site.folder)]


def _owner(root: str, files: FileSystem) -> str | None:
    """The user that a folder and all in it belong to, where that is one and not root."""
    owners = {write.owner for write in files.below(root)}
    only = owners.pop() if len(owners) == 1 else None
    return only if only not in _ROOT else None


def _keeps_whole(root: str, stage: StageModel, layers: Sequence[Layer], context: Context) -> bool:
    """Links and modes of folders are kept only below what a COPY names, so the folder around them is taken whole."""
    for layer in layers:
        for write in layer.writes:
            entry = context.files.get(write.origin.detail) if write.origin.source == "context" else None
            if entry is not None and entry.link is not None and is_within(write.path, root):
                return True
        for action in layer.actions:
            if action.program not in ("chmod", "ln", "install", "umask"):
                continue
            words = [word for word in action.argv[1:] if word is not None and not word.startswith("-")]
            paths = [posixpath.normpath(posixpath.join(action.cwd or "/", word)) for word in words]
            if action.program == "chmod" and root in paths:
                raise declined(
                    "A15",
                    RULE,
                    f"the mode of {root} itself would be lost",
                    "set it in a RUN after the build",
                    layer.line,
                )
            changed = [path for path in (paths[1:] if action.program == "chmod" else paths) if is_within(path, root)]
            if action.program == "chmod" and changed and all(layer.files.is_file(path) for path in changed):
                # A file that a COPY names keeps its mode.
                continue
            if action.program == "umask" or changed:
                return True
    return False


def _compiled_in(root: str, stage: StageModel) -> tuple[str, ...]:
    """The folders below a root in which programs are compiled: beside them lie their sources."""
    found = {
        action.cwd
        for layer in stage.layers
        for action in layer.actions
        if action.role == "build" and language_of_program(action.program or "") in compiled_languages()
        if action.cwd is not None and action.cwd != root and is_within(action.cwd, root)
    }
    return tuple(sorted(found, key=len, reverse=True))


def _entry(write: Write, root: str, inner: Sequence[str], scratch: frozenset[str]) -> str:
    """The first component below the root or an inner folder, or the very path where its folder is only scratch
    otherwise."""
    folder = next((one for one in inner if is_within(write.path, one)), root)
    first = posixpath.join(folder, posixpath.relpath(write.path, folder).split("/")[0])
    return write.path if first in scratch else first


def _outside(layers: Sequence[Layer], roots: Sequence[str], replayed: frozenset[str], build: Build) -> list[Carried]:
    found: list[Carried] = []
    unused, known, called = unused_programs(build), consumed_languages(build), calls(build)
    for layer in layers:
        writes = (
            layer.writes
            if layer.name in ("COPY", "ADD")
            else tuple(
                write
                for action in layer.actions
                if action.text not in replayed and action.role not in ("system-packages", "dependency-install")
                for write in action.writes
            )
        )
        for write in writes:
            if write.origin.source == "image" and _is_tool(write, layers, called):
                continue
            if is_fetched_installer(write, layers) and not called(posixpath.basename(write.path)):
                continue
            if (
                write.scratch
                or write.path in unused
                or _only_builds_read(write, build, known)
                or is_header(write, build.context)
                or is_used_up(write, build)
            ):
                continue
            if any(is_within(write.path, root) for root in roots) or not layers[-1].files.candidates(write.path):
                continue
            if write.path in folders("system") and write.kind is Kind.DIRECTORY:
                # The image has it; what is copied into it is a write of its own.
                continue
            if write.path in folders("system"):
                raise declined(
                    "A17",
                    RULE,
                    f"this instruction writes into {write.path}, which also holds the system's own files",
                    "write to a path of the application's own, such as /app or /opt/NAME",
                    layer.line,
                )
            found.append(Carried(write.path, _owner_at(write.path, layers[-1].files)))
    return found


def _only_builds_read(write: Write, build: Build, known: Sequence[str]) -> bool:
    """A context file beside the application's own folders that nothing reads once it is built."""
    context = build.context
    if write.origin.source != "context" or context is None or not context.complete or write.kind is not Kind.FILE:
        return False
    return not may_be_read(context_path(write), known, build, context)


def _is_tool(write: Write, layers: Sequence[Layer], called: Callable[[str], bool]) -> bool:
    """A program copied in from a tool's image (``COPY --from=composer``) that only the build calls."""
    name = posixpath.basename(write.path)
    if name in brought_by_image(write.origin.detail.rpartition(":")[0]):
        return not called(name)
    return any(action.program == name for layer in layers for action in layer.actions)


def _owner_at(path: str, files: FileSystem) -> str | None:
    newest = files.newest(path)
    return newest.owner if newest is not None and newest.owner not in _ROOT else None
