"""Every file of the application that was in the image is still there, unless only the build read it."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.context.remembered import remembered
from dfmigrate.knowledge.installers import brought_by_image
from dfmigrate.migration import Proved
from dfmigrate.model import Build, FileSystem, Kind, StageModel, Write, is_within
from dfmigrate.model.called import calls
from dfmigrate.model.closure import has_only_development_packages
from dfmigrate.model.fetched_sources import is_used_up
from dfmigrate.model.fetched_tools import is_fetched_installer
from dfmigrate.model.global_tools import is_global_install, serves_only_the_build
from dfmigrate.model.headers import is_header
from dfmigrate.model.home_needs import unneeded_at_home
from dfmigrate.model.python_installs import configures_build_tool, left_to_the_build
from dfmigrate.model.reach import application_roots, unreachable_roots
from dfmigrate.model.rewritten import RECOMMENDS, stage_index
from dfmigrate.model.runtime_files import consumed_languages, context_path, may_be_read
from dfmigrate.model.self_contained import self_contained
from dfmigrate.model.static_site import static_site
from dfmigrate.model.unused import unused_programs

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Walk over what the original wrote above its base image."""
    if not case.split:
        yield from _same_files(case)
        return
    known = consumed_languages(case.before)
    left: list[str] = []
    opened = False
    for write in case.old.files.writes:
        why = _absence(write, case, known)
        if why is None:
            continue
        if isinstance(why, str):
            left.append(why)
            continue
        opened = True
        yield why
    for origin in case.old.files.opaque:
        opened = True
        yield Open(
            "files",
            "A2",
            f"this instruction may have written files anywhere: {origin.detail}",
            "write below the working directory",
            origin.line,
        )
    if not opened:
        what = f"; left behind because only the build reads them: {_few(left)}" if left else ""
        yield Proved(
            "files",
            ("A1", "A2", "A10", "A11"),
            f"every file that the original image held above its base is in the runtime{what}",
        )


def _same_files(case: Case) -> Iterator[Proved | Open]:
    opened = False
    for old, new in zip(case.before.stages, case.after.stages, strict=False):
        missing = sorted(_written(old, case.before) - _written(new, case.after))
        if missing:
            opened = True
            yield Open("files", "A1", f"`{missing[0][0]}` would not be in the image", "keep the COPY", None)
    if not opened:
        yield Proved("files", ("A1",), "the image holds the same files")


def _written(stage: StageModel, build: Build) -> set[tuple[str, str, str]]:
    """Paths with where they come from; stages by number, and commands as they are without what only saves space."""
    found = set()
    for write in stage.files.writes:
        detail = write.origin.detail
        if write.origin.source == "stage":
            name, _, path = detail.partition(":")
            detail = f"{stage_index(build.dockerfile, name)}:{path}"
        found.add((write.path, write.origin.source, detail.replace(f" {RECOMMENDS}", "")))
    return found


def _absence(write: Write, case: Case, known: tuple[str, ...]) -> str | Open | None:
    """None: still there. A name: rightly left behind. ``Open``: missing."""
    if write.scratch or _is_there(write, case.new.files):
        return None
    if write.kind is Kind.DIRECTORY:
        below = [other for other in case.old.files.below(write.path) if other.path != write.path]
        if case.new.files.has_below(write.path) or (below and write.path != case.old.final.workdir):
            return None
        return Open("files", "A10", f"the directory {write.path} would be missing", "create it", write.origin.line)
    if write.origin.source == "context":
        return _context_absence(write, case, known)
    if write.origin.source == "run":
        return _run_absence(write, case)
    if write.origin.source == "image" and _only_built_with(write, case):
        return write.path
    return Open("files", "A2", f"{write.path} would be missing from the runtime", "carry it over", write.origin.line)


def _is_there(write: Write, files: FileSystem) -> bool:
    """Put there by the same origin: at the same path, or, for a tree, at narrower paths of its own that cover it."""
    return any(
        other.origin.source == write.origin.source and other.origin.detail == write.origin.detail
        for other in files.exactly(write.path)
    )


def _context_absence(write: Write, case: Case, known: tuple[str, ...]) -> str | Open | None:
    detail = write.origin.detail
    if case.context is None or not case.context.complete:
        return Open(
            "files",
            "A1",
            f"what `{detail}` holds is not known, so nothing of it may be left behind",
            "run with the build context at hand",
            write.origin.line,
        )
    outside = not _may_be_read(write.path, case) or _is_unserved(write.path, case)
    outside = outside or _is_brought_along(write.path, case)
    if outside or not may_be_read(context_path(write), known, case.before, case.context):
        return detail
    return Open("files", "A1", f"`{detail}` would be missing at {write.path}", "carry it over", write.origin.line)


def _may_be_read(path: str, case: Case) -> bool:
    """False only inside a project folder that nothing leads to: not the process, its configuration, or any text."""
    inside = [root for root in application_roots(case.before) if is_within(path, root)]
    return not inside or any(root not in unreachable_roots(case.before) for root in inside)


def _is_unserved(path: str, case: Case) -> bool:
    """Beside the folder that a server of files serves; that folder itself must be in the runtime."""
    site = static_site(case.before)
    if site is None:
        return False
    made = {(one.origin.source, one.origin.detail) for one in case.old.files.candidates(site.folder)}
    if not any((one.origin.source, one.origin.detail) in made for one in case.new.files.exactly(site.folder)):
        return False
    return is_within(site.folder, path) or not site.reads(path)


def _is_brought_along(path: str, case: Case) -> bool:
    """What a self-contained server was made from; the server itself must be in the runtime, from the same command."""
    server = self_contained(case.before)
    if server is None or not server.leaves(path):
        return False
    made = {(one.origin.source, one.origin.detail) for one in case.old.files.exactly(server.folder)}
    return any((one.origin.source, one.origin.detail) in made for one in case.new.files.exactly(server.folder))


def _is_build_tool(write: Write, case: Case) -> bool:
    """Part of a tool that was installed for the build alone."""
    called = calls(case.before)
    if write.path.endswith("/.mix") and not called("mix"):
        # Hex and rebar, which only Mix loads.
        return True
    if write.origin.detail in left_to_the_build(case.before, called):
        return True
    return write.origin.detail in _for_the_build(case.before)


@remembered
def _for_the_build(build: Build) -> frozenset[str]:
    """The commands, by their text, that install or set up tools of the build alone."""
    called = calls(build)
    return frozenset(
        action.text
        for layer in build.final.layers
        for action in layer.actions
        if (is_global_install(action) and serves_only_the_build(action, called))
        or configures_build_tool(action, called)
    )


def _is_development_only(write: Write, case: Case) -> bool:
    """``node_modules`` of a project whose every dependency is one for development, when it starts without them."""
    return write.path.endswith("/node_modules") and has_only_development_packages(case.before)


def _run_absence(write: Write, case: Case) -> str | Open | None:
    if is_header(write, case.context) or is_used_up(write, case.before) or _is_unserved(write.path, case):
        return write.path
    if write.path in unused_programs(case.before) or _is_brought_along(write.path, case):
        return write.path
    if write.path in unneeded_at_home(case.before):
        return write.path
    if not _may_be_read(write.path, case) or _is_build_tool(write, case) or _is_development_only(write, case):
        return write.path
    if is_fetched_installer(write, case.old.layers) and not calls(case.before)(write.path.rpartition("/")[2]):
        return write.path
    if _moved_packages(write, case):
        return None
    return Open(
        "files",
        "A2",
        f"`{write.origin.detail[:60]}` wrote {write.path}, which would be missing from the runtime",
        "carry it over",
        write.origin.line,
    )


def _moved_packages(write: Write, case: Case) -> bool:
    """Language packages that the same command installed elsewhere, on PATH, where it put nothing before."""
    search = case.new.final.search_path or ()
    before = _places(case.before).get(write.origin.detail, frozenset())
    after = _places(case.after).get(write.origin.detail, frozenset())
    return any(f"{path}/bin" in search for path in after - before)


@remembered
def _places(build: Build) -> dict[str, frozenset[str]]:
    """Where each command of the final stage wrote, by its text."""
    found: dict[str, set[str]] = {}
    for write in build.final.files.writes:
        if write.origin.source == "run":
            found.setdefault(write.origin.detail, set()).add(write.path)
    return {text: frozenset(paths) for text, paths in found.items()}


def _only_built_with(write: Write, case: Case) -> bool:
    """A program from a tool's image that a RUN calls and the running container does not."""
    name = write.path.rpartition("/")[2]
    used = any(action.program == name for layer in case.old.layers for action in layer.actions)
    used = used or name in brought_by_image(write.origin.detail.rpartition(":")[0])
    return used and not calls(case.before)(name)


def _few(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:6]) + (f" and {len(unique) - 6} more" if len(unique) > 6 else "")
