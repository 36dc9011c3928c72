"""Variables that the old base image set and that change how a program behaves: the runtime keeps their values."""

from __future__ import annotations

import posixpath

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.system import steering_variables
from dfmigrate.model import Build
from dfmigrate.model.called import called_programs
from dfmigrate.model.expansion import referenced
from dfmigrate.model.image import DEFAULT_PATH


def bridged_environment(build: Build, base: ImageFacts, runtime: ImageFacts) -> tuple[tuple[str, str], ...]:
    """The variables to set in the runtime so that it behaves like the old base."""
    own = {pair.name for layer in build.final.layers if layer.name == "ENV" for pair in layer.instruction.pairs}
    found = []
    for name in steering_variables():
        old, new = base.environment.get(name), runtime.environment.get(name)
        if name in own or old == new or (new is None and name not in base.environment):
            continue
        # LC_ALL overrides LANG, so an image that sets it must be given the old LANG there too.
        value = old if old is not None else base.environment.get("LANG") if name == "LC_ALL" else ""
        found.append((name, value or ""))
    found += _referenced(build, base, runtime, own)
    folders = [] if "PATH" in own else _program_folders(build, runtime)
    if folders:
        found.append(("PATH", ":".join((*folders, "$PATH"))))
    return tuple(found)


def _referenced(build: Build, base: ImageFacts, runtime: ImageFacts, own: set[str]) -> list[tuple[str, str]]:
    """Variables of the old base image that the runtime's own instructions name: ``WORKDIR $GOPATH/src/shop``."""
    named: set[str] = set()
    for layer in build.final.layers:
        if layer.name in ("WORKDIR", "ENV"):
            named |= referenced(layer.instruction.logical)
    values = {name: base.environment.get(name) for name in sorted(named - own - {"PATH"})}
    return [(name, value) for name, value in values.items() if value is not None and name not in runtime.environment]


def _program_folders(build: Build, runtime: ImageFacts) -> list[str]:
    """Folders on the old base image's PATH, and not on the new one's, into which a build has put what is started."""
    there = (runtime.environment.get("PATH") or DEFAULT_PATH).split(":")
    files, found = build.final.files, []
    for call in called_programs(build):
        if call.program is None or "/" in call.program:
            continue
        for folder in build.final.final.search_path or ():
            newest = files.newest(posixpath.join(folder, call.program))
            if newest is not None and newest.origin.source == "run" and not newest.scratch:
                if folder not in there and folder not in found:
                    found.append(folder)
                break
    return found
