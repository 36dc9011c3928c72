"""A .NET project: what kind of application it is, and which files ``dotnet restore`` reads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from xml.etree.ElementTree import Element

from dfmigrate.context.build_context import Context, parents
from dfmigrate.context.parsing import ManifestError, parse_xml
from dfmigrate.context.remembered import remembered

_PROJECTS = (".csproj", ".fsproj", ".vbproj")
_TESTS = ("Microsoft.NET.Test.Sdk", "xunit", "NUnit", "MSTest.TestFramework")
_MAX_REFERENCES = 200
_RESTORE_READS = (
    "Directory.Build.props",
    "Directory.Build.targets",
    "Directory.Packages.props",
    "Directory.Build.rsp",
    "nuget.config",
    "NuGet.config",
    "NuGet.Config",
    "global.json",
    "packages.lock.json",
)


class DotnetKind(Enum):
    """Which runtime an application needs."""

    WEB = "aspnet"
    PLAIN = "runtime"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class DotnetProject:
    """One project file. A property is None when it is not set here, or its value is computed."""

    context: Context = field(repr=False)
    path: str
    sdk: str | None
    """``Microsoft.NET.Sdk.Web`` and the like; None for a project of the old form."""
    target_frameworks: tuple[str, ...]
    output_type: str | None
    assembly: str | None
    """Name of the assembly without ``.dll``; None when a property decides it that is not known."""
    self_contained: bool | None
    single_file: bool | None
    ahead_of_time: bool | None
    invariant_globalization: bool | None
    references: tuple[str, ...]
    """Other projects, as context paths."""
    packages: frozenset[str]
    frameworks: frozenset[str]
    """``FrameworkReference``: shared frameworks asked for by name."""
    imports: tuple[str, ...]
    """Files that the project imports, as written."""
    runtime_identifiers: tuple[str, ...]
    is_test: bool
    """Whether it holds tests, and so is no application."""
    commands: tuple[str, ...]
    """Commands that its build runs (``Exec``), as written: ``npm install``."""
    content: tuple[str, ...]
    """Patterns of files that are copied beside the assembly, as written; Web projects copy more by themselves."""

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @cached_property
    def closure(self) -> tuple[DotnetProject, ...] | None:
        """This project and all that it refers to; None when one cannot be read."""
        found: dict[str, DotnetProject] = {self.path: self}
        pending = [self]
        while pending:
            for path in pending.pop().references:
                if path in found:
                    continue
                project = dotnet_project(self.context, path)
                if project is None or len(found) >= _MAX_REFERENCES:
                    return None
                found[path] = project
                pending.append(project)
        return tuple(found.values())

    @property
    def is_program(self) -> bool | None:
        """Whether it builds something to run; None when a property decides that is not known."""
        if self.is_test or self.sdk is None:
            return False if self.is_test else None
        if self.sdk in ("Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker"):
            return True
        return None if self.output_type is None else self.output_type.lower() in ("exe", "winexe")

    @property
    def published(self) -> str | None:
        """The file to run in what ``dotnet publish`` writes: ``X.dll``, or the program itself for a single file.

        None when the name, or whether it is a single file, is not known.
        """
        conditional = self.single_file is None and "PublishSingleFile" in (self.context.read(self.path) or "")
        if self.assembly is None or conditional:
            return None
        return self.assembly if self.single_file or self.ahead_of_time else f"{self.assembly}.dll"

    @property
    def kind(self) -> DotnetKind:
        """Web when this project or one that it refers to needs ASP.NET."""
        if self._is_web or any(project._is_web for project in self.closure or ()):
            return DotnetKind.WEB
        if self.closure is None or self.sdk is None:
            return DotnetKind.UNKNOWN
        # Any package may ask for ASP.NET in turn; only of these is it known that they do not.
        packages = {name for project in self.closure for name in project.packages}
        known = all(name.startswith(("Microsoft.Extensions.", "System.", "Newtonsoft.Json")) for name in packages)
        return DotnetKind.PLAIN if known else DotnetKind.UNKNOWN

    @cached_property
    def manifests(self) -> tuple[str, ...] | None:
        """Every file that restoring this project reads; None when that is not known."""
        if self.closure is None or any(project.imports for project in self.closure):
            return None
        found = {project.path for project in self.closure}
        for project in self.closure:
            found |= set(_shared(self.context, project.path, _RESTORE_READS))
        return tuple(sorted(found))

    @property
    def _is_web(self) -> bool:
        return self.sdk == "Microsoft.NET.Sdk.Web" or "Microsoft.AspNetCore.App" in self.frameworks


def dotnet_projects(context: Context) -> tuple[str, ...]:
    """All project files of the context."""
    return tuple(path for path in context.files if path.endswith(_PROJECTS))


@remembered
def dotnet_project(context: Context, path: str) -> DotnetProject | None:
    """Read a project file; None when it is not there or cannot be read."""
    text = context.read(path)
    if text is None:
        return None
    try:
        root = _plain_tags(parse_xml(text))
    except ManifestError:
        return None
    if root.tag != "Project":
        return None

    def value(name: str) -> str | None:
        return _value(context, root, path, name)

    def flag(name: str) -> bool | None:
        return {"true": True, "false": False}.get((value(name) or "").lower())

    frameworks = value("TargetFrameworks") or value("TargetFramework") or ""
    references = [_beside(path, node.get("Include", "")) for node in root.iter("ProjectReference")]
    return DotnetProject(
        context=context,
        path=path,
        sdk=_sdk(root),
        target_frameworks=_listed(frameworks),
        output_type=value("OutputType"),
        assembly=_assembly(context, root, path),
        self_contained=flag("SelfContained"),
        single_file=flag("PublishSingleFile"),
        ahead_of_time=flag("PublishAot"),
        invariant_globalization=flag("InvariantGlobalization"),
        references=tuple(dict.fromkeys(reference for reference in references if reference is not None)),
        packages=frozenset(_included(root, "PackageReference")),
        frameworks=frozenset(_included(root, "FrameworkReference")),
        imports=tuple(node.get("Project", "") for node in root.iter("Import") if not node.get("Sdk")),
        runtime_identifiers=_listed(value("RuntimeIdentifiers") or value("RuntimeIdentifier")),
        is_test=flag("IsTestProject") is True or any(name in _TESTS for name in _included(root, "PackageReference")),
        commands=tuple(node.get("Command", "") for node in root.iter("Exec")),
        content=tuple(_copied(root)),
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip() and "$(" not in part)


def _included(root: Element, tag: str) -> Iterator[str]:
    return (name for node in root.iter(tag) if (name := node.get("Include")))


def _copied(root: Element) -> Iterator[str]:
    for tag in ("Content", "None", "EmbeddedResource"):
        for node in root.iter(tag):
            when = node.get("CopyToOutputDirectory") or node.get("CopyToPublishDirectory")
            children = {str(child.tag) for child in node}
            path = node.get("Include") or node.get("Update")
            if path and (when or children & {"CopyToOutputDirectory", "CopyToPublishDirectory"}):
                yield path.replace("\\", "/")


def _sdk(root: Element) -> str | None:
    named = root.get("Sdk") or next((node.get("Name") for node in root.iter("Sdk")), None)
    return None if named is None else named.partition("/")[0]


def _assembly(context: Context, root: Element, path: str) -> str | None:
    """The file's name, unless the project or a file that all projects share sets another."""
    if next(root.iter("AssemblyName"), None) is not None:
        return _property(root, "AssemblyName")
    shared = [
        context.read(found) for found in _shared(context, path, ("Directory.Build.props", "Directory.Build.targets"))
    ]
    if any(text is None or "AssemblyName" in text for text in shared):
        return None
    return posixpath.splitext(posixpath.basename(path))[0]


def _shared(context: Context, path: str, names: tuple[str, ...]) -> Iterator[str]:
    """The files of these names in the project's folder and above."""
    for folder in (*parents(path), ""):
        for name in names:
            found = posixpath.join(folder, name)
            if found in context.files:
                yield found


def _value(context: Context, root: Element, path: str, name: str) -> str | None:
    """A property as set in the project, or else in the nearest ``Directory.Build.props``."""
    if next(root.iter(name), None) is not None:
        return _property(root, name)
    for found in _shared(context, path, ("Directory.Build.props",)):
        try:
            shared = parse_xml(context.read(found) or "")
        except ManifestError:
            return None
        return _property(_plain_tags(shared), name)
    return None


def _plain_tags(root: Element) -> Element:
    for node in root.iter():
        node.tag = str(node.tag).rpartition("}")[2]
    return root


def _property(root: Element, name: str) -> str | None:
    """A property's value when it is set once, without condition and without other properties in it."""
    nodes = [node for group in root.iter("PropertyGroup") for node in group if node.tag == name]
    values = {(node.text or "").strip() for node in nodes}
    if len(values) != 1 or any("Condition" in node.attrib for node in nodes):
        return None
    (value,) = values
    return None if "$(" in value else value


def _beside(path: str, other: str) -> str | None:
    written = other.replace("\\", "/")
    if not written or "$(" in written or "*" in written or written.startswith("/"):
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
    return None if joined.startswith("..") else joined
