"""What a Dockerfile builds, in a few words, for reports."""

from __future__ import annotations

from dfmigrate.model import Build

_NAMES = {
    "golang": "Go",
    "node": "Node",
    "python": "Python",
    "maven": "Java (Maven)",
    "gradle": "Java (Gradle)",
    "openjdk": "Java",
    "eclipse-temurin": "Java",
    "dotnet": ".NET",
    "php": "PHP",
    "ruby": "Ruby",
    "rust": "Rust",
    "nginx": "nginx",
}
_BY_PROGRAM = {
    "go": "Go",
    "npm": "npm",
    "yarn": "yarn",
    "pnpm": "pnpm",
    "pip": "pip",
    "pip3": "pip",
    "composer": "Composer",
    "make": "make",
    "gcc": "C",
}


def stack_of(build: Build) -> str | None:
    """``Node (npm)``, ``PHP (npm, Composer)``; None when nothing was recognised."""
    stage = build.stages[0] if build.stages else None
    if stage is None:
        return None
    name = _NAMES.get(stage.base.family) if stage.base is not None else None
    programs = dict.fromkeys(
        _BY_PROGRAM[p] for layer in stage.layers for a in layer.actions if (p := a.program) in _BY_PROGRAM
    )
    tools = [tool for tool in programs if tool != name]
    if name is None:
        return ", ".join(tools) or None
    return f"{name} ({', '.join(tools)})" if tools else name
