"""Which libraries of the system the crates of a Rust program may be linked against."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.cargo import CargoProject, cargo_project
from dfmigrate.knowledge.dependencies import dependency
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.linking import links_without_sys
from dfmigrate.knowledge.releases import stable_runtime_packages

from .artefacts import context_folder
from .hidden import may_hide
from .interpret import Build

_TEXTS = (".rs", ".cargo/config", ".cargo/config.toml")
_LINKS = re.compile(
    r"rustc-link-(?:lib|arg)|rustc-flags|#!?\[link(?:_args)?\b|\blink-args?\b|\bpkg_config::|[\"']-l[\w ]"
)
"""What links a library in a project's own sources, build script or configuration of Cargo."""


@dataclass(frozen=True, slots=True)
class Linked:
    """``packages`` serve every library that may be linked. ``unknown``: why more of them may be needed."""

    packages: tuple[str, ...] = ()
    unknown: str | None = None
    tls: bool = False
    """OpenSSL is among them, which looks for certificates in a folder of its own."""


def crate_libraries(build: Build, base: ImageFacts) -> Linked:
    """What the crates link beyond the C library and beyond what the Dockerfile installs by name."""
    packages: list[str] = []
    tls = False
    folders = _folders(build)
    if not folders:
        return Linked(unknown="which crates are built is not known")
    for folder, has_lock in folders:
        found = None
        if build.context is not None and folder is not None:
            found = _of_project(build.context, folder, has_lock, base)
        if found is None or found.unknown is not None:
            return found or Linked(unknown="which crates are built is not known")
        packages += found.packages
        tls = tls or found.tls
    return Linked(tuple(dict.fromkeys(packages)), None, tls)


def _folders(build: Build) -> list[tuple[str | None, bool]]:
    """The context's folder of each project that Cargo builds, and whether its lock file is in the image by then."""
    found = []
    for layer in build.final.layers:
        for action in layer.actions:
            if action.program == "cargo" and action.role == "build" and action.cwd is not None:
                lock = posixpath.join(action.cwd, "Cargo.lock")
                sent = any(write.origin.source == "context" for write in layer.files.exactly(lock))
                found.append((context_folder(action.cwd, layer.files), sent))
            elif action.role == "build" and (action.program == "cargo" or may_hide(action, "rust")):
                found.append((None, False))
    return list(dict.fromkeys(found))


def _of_project(context: Context, folder: str, has_lock: bool, base: ImageFacts) -> Linked | None:
    project = cargo_project(context, folder)
    if project is None:
        return None
    if not _has_libraries(base):
        # Whatever is linked there is the C library's, or is installed by name.
        hidden = sorted(project.locked & links_without_sys("downloads")) if project.locked is not None else []
        return Linked(unknown=f"{hidden[0]} brings libraries of its own") if hidden else Linked()
    named = next((path for path in sorted(context.files) if path.endswith(_TEXTS) and _links(path, context)), None)
    if named is not None:
        return Linked(unknown=f"{named} names a library to link")
    if _asks_for_none(project):
        return Linked()
    if not has_lock or project.locked is None or project.native_crates is None:
        return Linked(unknown="without Cargo.lock it is not known which libraries the crates are linked against")
    asked = frozenset(name for member in (project, *(project.members or ())) for name in member.dependencies)
    if not asked <= project.locked:
        return Linked(unknown=f"Cargo.lock does not say which {min(asked - project.locked)} is built")
    strange = sorted(project.locked & (links_without_sys("names") | links_without_sys("downloads")))
    strange += [crate.name for crate in project.native_crates if crate.facts is None]
    if strange:
        return Linked(unknown=f"what {', '.join(strange[:5])} links against is not known")
    packages: list[str] = []
    for crate in project.native_crates:
        if crate.bundled or crate.facts is None:
            continue
        for development in crate.facts.build_packages:
            needed = stable_runtime_packages(base, development)
            if needed is None:
                return Linked(unknown=f"what {crate.name} needs at run time is not known on {base.reference}")
            packages += needed
    facts = dependency("crates", "openssl-sys")
    tls = any(crate.facts == facts and not crate.bundled for crate in project.native_crates)
    return Linked(tuple(packages), None, tls)


def _asks_for_none(project: CargoProject) -> bool:
    """Whether all crates that are built are the project's own."""
    if project.members is None or any(one.dependencies for one in (project, *project.members)):
        return False
    return project.locked is None or project.locked <= {one.name for one in (project, *project.members)}


def _links(path: str, context: Context) -> bool:
    text = context.read(path)
    return text is None or _LINKS.search(text) is not None


def _has_libraries(base: ImageFacts) -> bool:
    """Whether the image has development packages beyond those of the C library: the full variants build on
    buildpack-deps."""
    return not (base.family == "rust" and ("slim" in base.variant or base.distribution == "alpine"))
