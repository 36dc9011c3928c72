"""Which of a language's runtimes an application needs: with ASP.NET or without, with or without a display."""

from __future__ import annotations

from dfmigrate.context.dotnet import DotnetKind, dotnet_project, dotnet_projects
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.model import Build
from dfmigrate.model.dotnet import is_self_contained
from dfmigrate.model.java import asks_for_display


def fits(runtime: ImageFacts, build: Build) -> bool:
    """False for a runtime that is not the application's where there are several; True for everything else."""
    if build.context is None:
        return True
    if runtime.family == "dotnet":
        return _fits_dotnet(runtime, build)
    return "headless" not in runtime.variant.split("-") or asks_for_display(build) is None


def _fits_dotnet(runtime: ImageFacts, build: Build) -> bool:
    assert build.context is not None
    kinds = {
        project.kind
        for path in dotnet_projects(build.context)
        if (project := dotnet_project(build.context, path)) is not None
    }
    words = runtime.variant.split("-")
    if "deps" in words or is_self_contained(build):
        return "deps" in words and is_self_contained(build)
    if DotnetKind.PLAIN.value in words:
        return kinds == {DotnetKind.PLAIN}
    return DotnetKind.WEB.value not in words or kinds != {DotnetKind.PLAIN}
