"""A .NET application finds its frameworks, its culture data and the time zones that it had."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.context.dotnet import DotnetKind, dotnet_project, dotnet_projects
from dfmigrate.knowledge.dotnet import culture_packages, culture_variable, loses_cultures
from dfmigrate.migration import Proved
from dfmigrate.model.dotnet import is_self_contained

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Compare the runtime's image with the SDK's, which has all of them."""
    old, new = case.old.base, case.new.base
    if not case.split or old is None or new is None or old.family != "dotnet" or new.family != "dotnet":
        return
    opened = False
    for answer in (*_frameworks(case, new.variant.split("-")), *_cultures(case)):
        opened = True
        yield answer
    if not opened:
        yield Proved("dotnet", ("B10",), f"{new.reference} has the frameworks and the culture data that are needed")


def _frameworks(case: Case, words: list[str]) -> Iterator[Open]:
    """``runtime-deps`` has no framework at all, ``runtime`` has not that of ASP.NET."""
    if "sdk" in words or "aspnet" in words or is_self_contained(case.before):
        return
    if "deps" in words:
        message = "the application is not published with its own runtime"
        yield Open("dotnet", "B10", message, "take the image `runtime` or `aspnet`", case.old.line)
        return
    if case.context is None:
        return
    for path in dotnet_projects(case.context):
        project = dotnet_project(case.context, path)
        if project is None or project.kind is not DotnetKind.PLAIN:
            message = f"{path} may need ASP.NET, which {case.new.reference} lacks"
            yield Open("dotnet", "B10", message, "take the image `aspnet`", None, path)
            return


def _cultures(case: Case) -> Iterator[Open]:
    """ICU and the time zones, where the runtime's image switches them off unlike the SDK's."""
    old, new = case.old.base, case.new.base
    if old is None or new is None or not loses_cultures(old, new):
        return
    if case.old.final.environment.get(culture_variable()) == "true":
        return
    packages = culture_packages(old, new)
    missing = [name for name in packages or () if name not in case.new.packages]
    if packages is None or missing:
        message = f"{new.reference} lacks {', '.join(missing) or 'culture data'}, which {old.reference} has"
        hint = "install ICU's packages in the runtime, or set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT to true"
        yield Open("dotnet", "B10", message, hint, case.old.line)
