"""Which of the two .NET runtimes an application needs: with ASP.NET or without."""

from __future__ import annotations

from dfmigrate.context.dotnet import DotnetKind, dotnet_project, dotnet_projects
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.model import Build


def fits(runtime: ImageFacts, build: Build) -> bool:
    """False for the .NET runtime that is not the application's; True for everything else."""
    if runtime.family != "dotnet" or build.context is None:
        return True
    kinds = {
        project.kind
        for path in dotnet_projects(build.context)
        if (project := dotnet_project(build.context, path)) is not None
    }
    if runtime.variant == DotnetKind.PLAIN.value:
        return kinds == {DotnetKind.PLAIN}
    return runtime.variant != DotnetKind.WEB.value or kinds != {DotnetKind.PLAIN}
