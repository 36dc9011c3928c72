"""Which files of the context may be read when the application runs."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Sequence
from functools import partial

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.rust_embeds import rust_embeds
from dfmigrate.knowledge.buildfiles import build_folders, is_build_file, kept_with, languages

from .called import calls
from .compiled import compiles_typescript
from .files import Kind, Write
from .interpret import Build
from .mentions import (
    has_go_manifest,
    is_go_vendor,
    is_vendored,
    leads_to_sources,
    mentions,
    mentions_folder,
    names_path,
)
from .starts import served

_GO_FOLDERS = ("vendor", "testdata")
"""What Go leaves out of its packages wherever it lies, though a folder above it may be served whole."""
_WORD = re.compile(r"[\w.@+/-]{2,}")


@remembered
def consumed_languages(build: Build) -> tuple[str, ...]:
    """The kinds of files that the build's commands consume, as ``may_be_read`` asks for them."""
    actions = (action for stage in build.stages for layer in stage.layers for action in layer.actions)
    known = languages(action.program for action in actions if action.program is not None)
    typescript = ("typescript",) if compiles_typescript(build) else ()
    return (*known, *typescript, *(("repository",) if not calls(build)("git") else ()))


def context_path(write: Write) -> str:
    """The context path that was copied; a folder whose files are not listed ends in ``/``."""
    return f"{write.origin.detail}/" if write.kind is Kind.TREE else write.origin.detail


def may_be_read(path: str, known: Sequence[str], build: Build, context: Context) -> bool:
    """False only for a file that nothing but builds of these languages read, and that no text leads to.

    A folder that a build packages (``src`` of a Java project) is named by its path: the names of the files in it are
    those under which the packaged program finds them. ``context`` is the build's own.
    """
    if is_configured(path, build):
        return True
    if "rust" in known and path in _compiled_in(context) and not names_path(context, path):
        return False
    folder = _build_folder(path, known, context)
    # What leads to a folder of Go's is a path; other files are content, which any name may stand for.
    is_source = "go" in known and (path.endswith(".go") or is_vendored(context, path))
    leads = leads_to_sources if is_source else mentions_folder
    if folder is not None:
        above = _folders(folder) if "go" in known and posixpath.basename(folder) in _GO_FOLDERS else ()
        asked = _names(folder, known, build, context)
        served_whole = (name for one in above for name in _names(one, known, build, context))
        return any(leads(context, name) for name in asked) or any(map(partial(leads_to_sources, context), served_whole))
    name = posixpath.basename(path)
    if any(fnmatch.fnmatchcase(name, one) and mentions(context, library) for one, library in kept_with().items()):
        return True
    if (
        not is_build_file(path, known, at_root=_at_root(path, context))
        or names_path(context, path)
        or name == "package.json"
    ):
        return True
    folders = (above for above in _folders(path) if is_source or above != "src")
    return any(leads(context, name) for above in folders for name in _names(above, known, build, context))


def _names(folder: str, known: Sequence[str], build: Build, context: Context) -> tuple[str, ...]:
    """What a program may call a folder: by its path in the context, and in Go also from the root of its module and from
    the directory that the program starts in."""
    if "go" not in known:
        return (folder,)
    workdir = f"/{(build.final.final.workdir or '').strip('/')}"
    roots = (one for one in _folders(folder) if has_go_manifest(context, one) or workdir.endswith(f"/{one}"))
    return (folder, *(folder.removeprefix(f"{root}/") for root in roots))


def _build_folder(path: str, known: Sequence[str], context: Context) -> str | None:
    """The outermost folder that a build takes in whole; content that others made (``static/vendor``) is none."""
    found = build_folders(path, known)
    return next((one for one in found if posixpath.basename(one) != "vendor" or is_go_vendor(context, one)), None)


def _at_root(path: str, context: Context) -> bool:
    """Whether a file lies at the root of the context, or of a project in it."""
    folder = posixpath.dirname(path)
    return not folder or any(posixpath.join(folder, name) in context.files for name in ("go.mod", "Cargo.toml"))


def _compiled_in(context: Context) -> frozenset[str]:
    """Files that macros put into a Rust program."""
    return frozenset(path for path, _ in rust_embeds(context).embedded if path in context.files)


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def is_configured(path: str, build: Build) -> bool:
    """Whether the start command, the health check or a variable of the image names the file or a folder above it."""
    workdir = (build.final.final.workdir or "/").strip("/")
    targets = {path, *_folders(path)}
    return bool(_configured_words(build) & (targets | {f"{workdir}/{target}" for target in targets}))


@remembered
def _configured_words(build: Build) -> frozenset[str]:
    stage = build.final
    starts = served(stage.final, build.context)
    commands = [command.text for one in starts for command in (one.entrypoint, one.command) if command is not None]
    own = {pair.name for layer in stage.layers if layer.name == "ENV" for pair in layer.instruction.pairs}
    values = [value or "" for name, value in stage.final.environment.items() if name in own and name != "PATH"]
    return frozenset(
        word.strip("./") for text in (*commands, stage.final.healthcheck_text, *values) for word in _WORD.findall(text)
    )
