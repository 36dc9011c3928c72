"""Lists of the system that the application's sources ask for and that a smaller image would lack."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.deployments import outside_variables
from dfmigrate.context.evidence import Place
from dfmigrate.context.source_rules import HintKind
from dfmigrate.context.source_text import language_files
from dfmigrate.context.sources import runtime_hints
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.system_files import SystemFile, has_file, package_of, path_of

from .called import languages
from .interpret import Build

_ASKED: dict[HintKind, SystemFile] = {
    HintKind.SERVICE: "services",
    HintKind.MEDIA_TYPE: "media-types",
    HintKind.ZONE: "time-zones",
}
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
    if "time-zones" in found and _embeds_zones(build.context):
        del found["time-zones"]
    return tuple(found.values())


def _sets_zone(build: Build) -> bool:
    return build.context is not None and (
        "TZ" in build.final.final.environment or "TZ" in outside_variables(build.context)
    )


def _embeds_zones(context: Context) -> bool:
    return any(_EMBEDDED.search(context.read(path) or "") for path in language_files(context, "go"))
