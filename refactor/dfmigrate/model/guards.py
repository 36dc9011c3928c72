"""Checks in a RUN that only look: they fail the build where a program, library or module is missing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from dfmigrate.context.node import node_project
from dfmigrate.knowledge.imports import import_check
from dfmigrate.knowledge.packages import in_base

from .checks import PATH
from .commands import commands_of
from .dependencies import dependencies
from .files import Kind
from .interpret import Build, StageModel
from .process import effective_process, healthcheck_commands
from .providers import providers
from .rewritten import COMPILERS
from .static import is_static

_REQUIRED = re.compile(r"^(?:const|let|var)\b[^=\n]*=\s*require\(['\"]([\w@./-]+)['\"]\)", re.MULTILINE)
_NAME = re.compile(r"[\w.+-]+", re.ASCII)
_MOST = 8
"""Modules in one check: a few show what is broken, all of them are noise."""


def guards(build: Build) -> tuple[str, ...]:
    """The checks that hold for the final stage, each a shell command."""
    stage = build.final
    if stage.base is None or not stage.base.shell:
        return ()
    found = (*_started(stage), *_linked(build, stage), *_extensions(stage), *_modules(build, stage))
    return tuple(dict.fromkeys(found))


def _started(stage: StageModel) -> Iterator[str]:
    """The first command of the process and of the health check: it runs whatever comes after it."""
    process = effective_process(stage.final)
    own = commands_of(process, stage.final) if process is not None and process.line is not None else None
    for argv in (*(own or ())[:1], *(healthcheck_commands(stage.final) or ())[:1]):
        word = argv[0] if argv else None
        if word is None:
            continue
        path = stage.final.absolute(word) if "/" in word else None
        if path is None and "/" not in word and _NAME.fullmatch(word) and providers(word, stage):
            yield f"command -v {word} >/dev/null"
        elif path is not None and re.fullmatch(PATH, path) and _is_file(path, stage):
            yield f"test -x {path}"


def _is_file(path: str, stage: StageModel) -> bool:
    return bool(stage.files.candidates(path)) and not any(_is_within(path, v) for v in stage.final.volumes)


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _linked(build: Build, stage: StageModel) -> Iterator[str]:
    """Programs that a build made: their libraries are all there. Of a script ``ldd`` has nothing to say."""
    if not _has(stage, "ldd") or not _has(stage, "grep") or is_static(build):
        return
    started = {check.removeprefix("test -x ") for check in _started(stage)}
    for write in stage.files.writes:
        if write.origin.source != "run" or not re.fullmatch(PATH, write.path):
            continue
        name = posixpath.basename(write.path)
        made = write.origin.detail.split(None, 1)[0] in COMPILERS and write.kind is Kind.FILE and "." not in name
        if made or write.path in started:
            yield f"! ldd {write.path} 2>&1 | grep -q -e 'not found' -e 'Error loading'"


def _has(stage: StageModel, program: str) -> bool:
    base = stage.base
    return (
        base is not None and base.distribution is not None and in_base(base.distribution, base.variant, program) is True
    )


def _extensions(stage: StageModel) -> Iterator[str]:
    """PHP extensions that the stage itself compiles; without a library PHP only warns, and goes on."""
    if stage.base is None or stage.base.family != "php" or not _has(stage, "grep"):
        return
    for layer in stage.layers:
        for action in layer.actions:
            if action.program != "docker-php-ext-install" or not action.certain or None in action.argv:
                continue
            for word in action.argv[1:]:
                if word is not None and re.fullmatch(r"[a-z]\w*", word) and word != "opcache":
                    yield f"php -m | grep -qix '{word}'"


def _modules(build: Build, stage: StageModel) -> Iterator[str]:
    if stage.base is None or build.context is None:
        return
    if stage.base.family == "python":
        listed = dependencies(build) or ()
        names = [import_check(one.name) for one in listed if one.ecosystem == "pypi"]
        modules = list(dict.fromkeys(name for name in names if name is not None))[:_MOST]
        if modules:
            yield f'python -B -c "import {", ".join(modules)}"'
    elif stage.base.family == "node":
        packages = _required(build, stage)[:_MOST]
        if packages:
            calls = "; ".join(f"require.resolve('{name}')" for name in packages)
            yield f'node -e "{calls}"'


def _required(build: Build, stage: StageModel) -> tuple[str, ...]:
    """Packages that the started file loads first of all, and that the manifest asks for."""
    process = effective_process(stage.final)
    argv = (process.argv or ()) if process is not None else ()
    if build.context is None or len(argv) < 2 or argv[0] != "node" or argv[1].startswith("-"):
        return ()
    path = stage.final.absolute(argv[1])
    write = stage.files.newest(path) if path is not None else None
    if write is None or write.origin.source != "context" or stage.final.workdir != posixpath.dirname(write.path):
        return ()
    node = node_project(build.context, posixpath.dirname(write.origin.detail))
    text = build.context.read(write.origin.detail)
    if node is None or text is None:
        return ()
    return tuple(dict.fromkeys(name for name in _REQUIRED.findall(text) if name in node.dependencies))
