"""Whether what a .NET project publishes brings its own runtime."""

from __future__ import annotations

import re

from .interpret import Build
from .process import started, started_words


def is_self_contained(build: Build) -> bool:
    """True when every ``dotnet publish`` says so itself, and the process starts no ``dotnet``."""
    process = started(build.final.final)
    published = [
        action
        for layer in build.stages[0].layers
        for action in layer.actions
        if action.program == "dotnet" and action.argv[1:2] == ("publish",)
    ]
    words = started_words(build.final.final, build.context)
    if process is None or not published or any(re.search(r"(^|[/\s])dotnet(\s|$)", word) for word in words):
        return False
    return all(_says_so(action.argv) for action in published)


def _says_so(argv: tuple[str | None, ...]) -> bool:
    for index, word in enumerate(argv):
        if word in ("--self-contained", "--sc"):
            return argv[index + 1 : index + 2] not in (("false",),)
        if word in ("--self-contained=true", "-p:SelfContained=true", "/p:SelfContained=true"):
            return True
    return False
