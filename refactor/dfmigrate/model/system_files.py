"""Lists of the system that the application's sources ask for and that a smaller image would lack."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.deployments import outside_variables
from dfmigrate.context.evidence import Place
from dfmigrate.context.source_rules import HintKind
from dfmigrate.context.source_text import language_files
from dfmigrate.context.sources import runtime_hints
from dfmigrate.knowledge.buildfiles import is_build_file
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.system_files import SystemFile, has_file, known_types, package_of, path_of

from .called import languages
from .files import is_within
from .interpret import Build

_ASKED: dict[HintKind, SystemFile] = {
    HintKind.SERVICE: "services",
    HintKind.MEDIA_TYPE: "media-types",
    HintKind.ZONE: "time-zones",
}
_ASKS_FOR_TYPES = re.compile(r'"mime(?:/multipart)?"')
_SERVED = re.compile(r'\bhttp\.FileServer\(\s*http\.Dir\(\s*"([^"\n]+)"\s*\)\s*\)')
_SERVING = re.compile(r"\bhttp\.(?:FileServer|ServeFile|ServeContent)(?:FS)?\b")
_EMBEDDED = re.compile(r'"time/tzdata"')
"""What puts the time zones into a Go program."""


@dataclass(frozen=True, slots=True)
class LostFile:
    """A list that ``base`` has and the runtime has not."""

    path: str
    package: str | None
    """None: which package brings it is not known."""
    place: Place
    """The first call that reads it."""


def lost_files(build: Build, base: ImageFacts, runtime: ImageFacts) -> tuple[LostFile, ...]:
    """Each list once, with the package that would bring it."""
    if build.context is None or runtime.reference == base.reference:
        return ()
    found: dict[SystemFile, LostFile] = {}
    if _sets_zone(build) and has_file(base, "time-zones") and not has_file(runtime, "time-zones"):
        place = Place(build.context.dockerfile)
        found["time-zones"] = LostFile(path_of("time-zones"), package_of(runtime, "time-zones"), place)
    for language in languages(build):
        for hit in runtime_hints(build.context, language).of(*_ASKED):
            file = _ASKED[hit.kind]
            if file not in found and has_file(base, file) and not has_file(runtime, file):
                found[file] = LostFile(path_of(file), package_of(runtime, file), hit.place)
    if "media-types" in found and _serves_known_types(build, base):
        del found["media-types"]
    if "time-zones" in found and _embeds_zones(build.context):
        del found["time-zones"]
    return tuple(found.values())


def _sets_zone(build: Build) -> bool:
    return build.context is not None and (
        "TZ" in build.final.final.environment or "TZ" in outside_variables(build.context)
    )


def _serves_known_types(build: Build, base: ImageFacts) -> bool:
    """Whether a Go program only serves files of the context, whose types Go knows itself, as the list has them."""
    context, known = build.context, known_types(base)
    if context is None or not context.complete or known is None or set(languages(build)) != {"go"}:
        return False
    hints = runtime_hints(context, "go")
    texts = [context.read(path) or "mime." for path in language_files(context, "go")]
    if hints.of(HintKind.WRITE, HintKind.STATE) or any(_ASKS_FOR_TYPES.search(text) for text in texts):
        return False
    folders = _served_folders(texts)
    content = [path for path in context.files if not is_build_file(path, ("go",))]
    served = [path for path in content if folders is None or any(is_within(path, folder) for folder in folders)]
    return all(posixpath.splitext(path)[1].lower() in known for path in served)


def _served_folders(texts: Sequence[str]) -> tuple[str, ...] | None:
    """The folders of the module that are served as they are; None where others may be, too."""
    found = [folder for text in texts for folder in _SERVED.findall(text)]
    calls = sum(len(_SERVING.findall(text)) for text in texts)
    plain = [posixpath.normpath(folder) for folder in found]
    if calls != len(found) or any(folder.startswith(("/", "..")) or folder == "." for folder in plain):
        return None
    return tuple(plain)


def _embeds_zones(context: Context) -> bool:
    return any(_EMBEDDED.search(context.read(path) or "") for path in language_files(context, "go"))
