"""What a Dockerfile builds, in a few words, for reports."""

from __future__ import annotations

from dfmigrate.knowledge.packs import read_pack
from dfmigrate.model import Build


def stack_of(build: Build) -> str | None:
    """``Node (npm)``, ``PHP (npm, Composer)``; None when nothing was recognised."""
    stage = build.stages[0] if build.stages else None
    if stage is None:
        return None
    names = read_pack("stacks.toml")
    name: str | None = names["families"].get(stage.base.family) if stage.base is not None else None
    programs = dict.fromkeys(
        names["programs"][p] for layer in stage.layers for a in layer.actions if (p := a.program) in names["programs"]
    )
    tools = [tool for tool in programs if tool != name]
    if name is None:
        return ", ".join(tools) or None
    return f"{name} ({', '.join(tools)})" if tools else name
