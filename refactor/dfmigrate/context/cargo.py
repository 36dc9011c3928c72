"""A Rust project: ``Cargo.toml``, the programs that it builds, what its lock file pins and what its sources embed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import toml_file
from dfmigrate.context.parsing import mapping, strings, text_or_none
from dfmigrate.context.remembered import remembered
from dfmigrate.knowledge.dependencies import DependencyFacts, dependency

_TABLES = ("dependencies", "build-dependencies", "dev-dependencies")


@dataclass(frozen=True, slots=True)
class NativeCrate:
    """A pinned crate that by its name links a C library."""

    name: str
    facts: DependencyFacts | None
    """None when it is not known what it links."""
    bundled: bool | None
    """Whether a copy is compiled in: True when a manifest says so, False when its source is not pinned, else None."""


@dataclass(frozen=True)
class CargoProject:
    """One ``Cargo.toml``: a package, a workspace, or both."""

    context: Context = field(repr=False)
    folder: str
    path: str
    name: str | None
    """The package's name; None for a workspace without one."""
    declared_binaries: tuple[str, ...]
    automatic_binaries: bool
    default_run: str | None
    build_script: str | None
    """Context path of the build script."""
    dependencies: frozenset[str]
    """Direct dependencies of all kinds; one that is renamed stands under the crate's own name."""
    path_dependencies: Mapping[str, str]
    """Dependency -> folder, as a context path."""
    git_dependencies: frozenset[str]
    features: Mapping[str, tuple[str, ...]]
    """Features of the package; ``default`` is what a plain build turns on."""
    required_features: Mapping[str, tuple[str, ...]]
    """Program -> features without which it is not built."""
    asked_features: frozenset[str]
    """Features that the manifest turns on in its dependencies, as ``crate/feature``."""
    profiles: Mapping[str, str]
    """Profiles with settings of their own -> folder below ``target``."""
    member_patterns: tuple[str, ...]
    excluded: tuple[str, ...]
    is_workspace: bool

    @cached_property
    def binaries(self) -> tuple[str, ...]:
        """Names of the programs of this package."""
        found = dict.fromkeys(self.declared_binaries)
        if self.automatic_binaries and self.name is not None:
            if posixpath.join(self.folder, "src/main.rs") in self.context.files:
                found.setdefault(self.name)
            for path in self.context.children(posixpath.join(self.folder, "src/bin")):
                base = posixpath.basename(path)
                if base.endswith(".rs"):
                    found.setdefault(base.removesuffix(".rs"))
                elif posixpath.join(path, "main.rs") in self.context.files:
                    found.setdefault(base)
        return tuple(found)

    @cached_property
    def members(self) -> tuple[CargoProject, ...] | None:
        """The packages of the workspace, this one included; None when one cannot be read."""
        found = {self.folder: self} if self.name is not None else {}
        for pattern in self.member_patterns:
            for folder in self.context.matches(posixpath.join(self.folder, pattern)):
                if folder in self.excluded or not self.context.is_folder(folder):
                    continue
                member = cargo_project(self.context, folder)
                if member is None:
                    return None
                found[folder] = member
        return tuple(found[folder] for folder in sorted(found))

    @cached_property
    def manifests(self) -> tuple[str, ...] | None:
        """The files that resolving dependencies reads; the sources' entry files are needed besides."""
        if self.members is None:
            return None
        names = ("Cargo.lock", "rust-toolchain", "rust-toolchain.toml", ".cargo")
        beside = (posixpath.join(self.folder, name) for name in names)
        found = {self.path, *(member.path for member in self.members)}
        return tuple(sorted(found | {path for path in beside if self.context.exists(path)}))

    @cached_property
    def locked(self) -> frozenset[str] | None:
        """Every crate that the lock file pins; None without a readable one."""
        document = toml_file(self.context, posixpath.join(self.folder, "Cargo.lock"))
        packages = None if document is None else document.get("package")
        if not isinstance(packages, list):
            return None
        names = (text_or_none(mapping(package).get("name")) for package in packages)
        return frozenset(name for name in names if name is not None)

    @cached_property
    def native_crates(self) -> tuple[NativeCrate, ...] | None:
        """Pinned crates that by their name link a library of the system; None without a readable lock file."""
        if self.locked is None:
            return None
        asked = self.asked_features.union(*(member.asked_features for member in self.members or ()))
        return tuple(_native(name, self.locked, asked) for name in sorted(self.locked) if name.endswith("-sys"))

    @cached_property
    def programs(self) -> Mapping[str, CargoProject] | None:
        """Every program of the workspace -> its package; None when a member cannot be read."""
        if self.members is None:
            return None
        return {name: member for member in self.members for name in member.binaries}


@remembered
def cargo_project(context: Context, folder: str = "") -> CargoProject | None:
    """Read a folder; None when there is no manifest or it cannot be read."""
    path = posixpath.join(folder, "Cargo.toml")
    document = toml_file(context, path)
    if document is None:
        return None
    package, workspace = mapping(document.get("package")), mapping(document.get("workspace"))
    declared = document.get("bin")
    programs = [mapping(item) for item in declared] if isinstance(declared, list) else []
    names = [text_or_none(item.get("name")) for item in programs]
    tables = list(_dependency_tables(document))
    return CargoProject(
        context=context,
        folder=folder,
        path=path,
        name=text_or_none(package.get("name")),
        declared_binaries=tuple(name for name in names if name is not None),
        automatic_binaries=package.get("autobins") is not False,
        default_run=text_or_none(package.get("default-run")),
        build_script=_build_script(context, folder, package.get("build")),
        dependencies=frozenset(text_or_none(mapping(spec).get("package")) or name for name, spec in tables),
        path_dependencies=dict(_paths(folder, tables)),
        git_dependencies=frozenset(name for name, spec in tables if "git" in mapping(spec)),
        features={name: strings(value) for name, value in mapping(document.get("features")).items()},
        required_features={
            name: strings(item.get("required-features"))
            for item in programs
            if (name := text_or_none(item.get("name"))) is not None and item.get("required-features")
        },
        asked_features=frozenset(
            f"{text_or_none(mapping(spec).get('package')) or name}/{feature}"
            for name, spec in tables
            for feature in strings(mapping(spec).get("features"))
        ),
        profiles=_profiles(document),
        member_patterns=strings(workspace.get("members")),
        excluded=tuple(posixpath.join(folder, name) for name in strings(workspace.get("exclude"))),
        is_workspace="workspace" in document,
    )


def _dependency_tables(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    targets = [mapping(target) for target in mapping(document.get("target")).values()]
    for holder in (document, mapping(document.get("workspace")), *targets):
        for table in _TABLES:
            yield from mapping(holder.get(table)).items()


def _paths(folder: str, tables: list[tuple[str, object]]) -> Iterator[tuple[str, str]]:
    for name, spec in tables:
        path = text_or_none(mapping(spec).get("path"))
        if path is not None:
            yield name, posixpath.normpath(posixpath.join(folder, path))


def _profiles(document: Mapping[str, object]) -> Mapping[str, str]:
    """The built-in profiles have folders of their own; any other has its name."""
    folders = {"dev": "debug", "test": "debug", "bench": "release"}
    return {name: folders.get(name, name) for name in mapping(document.get("profile"))}


def _native(name: str, locked: frozenset[str], asked: frozenset[str]) -> NativeCrate:
    facts = dependency("crates", name)
    if facts is None:
        return NativeCrate(name, None, None)
    if facts.kind == "self-contained" or asked & set(facts.bundled_by):
        return NativeCrate(name, facts, True)
    # Any crate may turn the feature on in its own manifest; the lock file tells only where that brings a crate along.
    sources = {marker for marker in facts.bundled_by if "/" not in marker}
    return NativeCrate(name, facts, False if sources and not sources & locked else None)


def _build_script(context: Context, folder: str, written: object) -> str | None:
    if written is False:
        return None
    path = posixpath.join(folder, written if isinstance(written, str) else "build.rs")
    return path if path in context.files else None
