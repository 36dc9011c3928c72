"""Starts the program that the build has made, where the file starts it through the tool that builds it."""

from __future__ import annotations

import json

from dfmigrate.model import Build, interpret
from dfmigrate.model.cargo_run import cargo_starts


def started_directly(build: Build) -> Build:
    """The same build with the program of ``cargo run`` in its place; the build itself where there is none."""
    if len(build.stages) != 1 or build.context is None:
        return build
    words = cargo_starts(build.final, build.context)
    own = [layer for layer in build.final.layers if layer.name in ("CMD", "ENTRYPOINT")]
    program = build.final.final.absolute(words[0]) if words is not None else None
    if words is None or not own or program is None or not build.final.files.exactly(program):
        return build
    instruction = own[-1].instruction
    text = json.dumps(words, ensure_ascii=False) if instruction.json is not None else " ".join(words)
    after = build.dockerfile.replace(instruction, instruction.with_arguments(text))
    return interpret(after, build.context, build.settings)
