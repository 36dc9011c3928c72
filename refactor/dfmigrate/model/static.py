"""Whether the programs that a build makes are statically linked, so that they need no C library."""

from __future__ import annotations

import re

from .interpret import Build

_CGO_OFF = re.compile(r"(?:[A-Za-z_]\w*=\S*\s+)*CGO_ENABLED=0\s")


def is_static(build: Build) -> bool:
    """True when all that is compiled is Go, with cgo switched off for every ``go build``."""
    builds = [
        (layer, action)
        for layer in build.stages[0].layers
        for action in layer.actions
        if action.role == "build" and action.writes
    ]
    return bool(builds) and all(
        action.program == "go"
        and (
            _CGO_OFF.match(action.text) is not None
            or layer.before.environment.get("CGO_ENABLED") == "0"
            or layer.arguments.get("CGO_ENABLED") == "0"
        )
        for layer, action in builds
    )
