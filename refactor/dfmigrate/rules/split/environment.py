"""Variables that the old base image set and that change how a program behaves: the runtime keeps their values."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.system import steering_variables
from dfmigrate.model import Build


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
    return tuple(found)
