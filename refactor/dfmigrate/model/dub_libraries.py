"""Which libraries of the system a D program may be linked against, or load, and what they are called at run time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dfmigrate.context import Context
from dfmigrate.context.dub import DubPackage, dub_package
from dfmigrate.context.source_rules import HintKind
from dfmigrate.context.source_text import language_files, source_file
from dfmigrate.context.sources import runtime_hints
from dfmigrate.knowledge.dependencies import dependency
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.linking import libc_libraries
from dfmigrate.knowledge.releases import stable_runtime_packages

from .artefacts import context_folder
from .crates import Linked
from .hidden import may_hide
from .interpret import Build
from .native_outputs import dub_options

_LINKS = re.compile(r"\bpragma\s*\(\s*(?:lib|linkerDirective)\b")
_CURL = re.compile(r"\b(?:std\.net\.curl|etc\.c\.curl)\b")
_VARIABLES = ("DFLAGS", "LDFLAGS")
_SETS = re.compile(rf"\b(?:{'|'.join(_VARIABLES)})\b")
_TLS = frozenset({"libssl-dev", "libcurl4-openssl-dev"})
"""What reads the certificates of the system."""


def dub_libraries(build: Build, base: ImageFacts) -> Linked:
    """What the packages and the sources link, in the runtime packages of the image's release."""
    packages: list[str] = []
    tls = False
    projects = _projects(build)
    if not projects or _has_flags(build):
        return Linked(unknown="which packages the D program is built from, or with which flags, is not known")
    for project in projects:
        found = _of_project(project, build.context, base) if project is not None and build.context is not None else None
        if found is None or found.unknown is not None:
            return found or Linked(unknown="which packages the D program is built from is not known")
        packages += found.packages
        tls = tls or found.tls
    return Linked(tuple(dict.fromkeys(packages)), None, tls)


def _projects(build: Build) -> list[DubPackage | None]:
    found: list[DubPackage | None] = []
    for layer in build.final.layers:
        for action in layer.actions:
            if action.role != "build" or not (action.program == "dub" or may_hide(action, "d")):
                continue
            folder = context_folder(action.cwd, layer.files) if action.cwd is not None else None
            asked = dub_options([word or "?" for word in action.argv[2:]]) if action.program == "dub" else None
            if asked is None or folder is None or build.context is None:
                found.append(None)
            else:
                found.append(dub_package(build.context, folder, asked.get("--config", asked.get("-c"))))
    return found


def _has_flags(build: Build) -> bool:
    """Whether a variable hands flags, or another compiler, to what is built."""
    texts = [layer.instruction.logical for layer in build.final.layers if layer.name in ("RUN", "ARG")]
    return not build.final.final.environment.keys().isdisjoint(_VARIABLES) or any(map(_SETS.search, texts))


def _of_project(project: DubPackage, context: Context, base: ImageFacts) -> Linked:
    if project.does_more:
        return Linked(unknown=f"{project.path} has commands, copied files or packages of its own")
    if project.dependencies and project.selected is None:
        return Linked(unknown="without dub.selections.json it is not known which packages are built")
    names = project.dependencies | (project.selected or frozenset())
    known = {name: dependency("dub", name) for name in sorted(names)}
    strange = [name for name, facts in known.items() if facts is None]
    if strange:
        return Linked(unknown=f"what the packages {', '.join(strange[:5])} link or load is not known")
    sources = [source_file(context, "d", path) for path in language_files(context, "d")]
    texts = [source.code for source in sources if source is not None]
    why = _by_itself(project, context, None if None in sources else texts)
    if why is not None:
        return Linked(unknown=why)
    wanted = {name for facts in known.values() if facts is not None for name in facts.build_packages}
    if any(map(_CURL.search, texts)):
        wanted.add("libcurl4-openssl-dev")
    needs = {name: stable_runtime_packages(base, name) for name in sorted(wanted)}
    unnamed = [name for name, packages in needs.items() if packages is None]
    if unnamed:
        return Linked(unknown=f"what stands for {unnamed[0]} at run time is not known on {base.reference}")
    packages = tuple(package for found in needs.values() for package in found or ())
    return Linked(packages, None, not wanted.isdisjoint(_TLS))


def _by_itself(project: DubPackage, context: Context, texts: Sequence[str] | None) -> str | None:
    """A library that the manifest or a source of the package names, whose package is not known."""
    own = sorted(project.libraries - libc_libraries())
    if own:
        return f"the package itself links {', '.join(own)}"
    loads = runtime_hints(context, "d").of(HintKind.NATIVE)
    if loads:
        return f"{loads[0].place.path} loads a library"
    linked = texts is None or any(map(_LINKS.search, texts))
    return "a source names a library to link" if linked else None
