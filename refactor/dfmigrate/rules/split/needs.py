"""What the running application needs that the smaller image does not bring: programs, libraries, certificates."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dfmigrate.knowledge.certificates import has_certificates
from dfmigrate.knowledge.dependencies import dependency
from dfmigrate.knowledge.dotnet import culture_packages, culture_variable
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packages import in_base, provider
from dfmigrate.model import Build
from dfmigrate.model.c_libraries import packages_of_fetched
from dfmigrate.model.called import Called, called_programs
from dfmigrate.model.certificates import reads_bundle
from dfmigrate.model.crates import Linked, crate_libraries
from dfmigrate.model.dependencies import Dependency, dependencies
from dfmigrate.model.dub_libraries import dub_libraries
from dfmigrate.model.system_files import lost_files
from dfmigrate.rules.rule import declined

from . import RULE


@dataclass(frozen=True, slots=True)
class RuntimeNeeds:
    packages: tuple[str, ...] = ()
    """System packages to install in the runtime beyond those that the Dockerfile names."""
    certificates: bool = False
    """The CA bundle must be carried over."""
    warnings: tuple[str, ...] = ()


def runtime_needs(
    build: Build, base: ImageFacts, runtime: ImageFacts, dropped: Sequence[str], kept: Sequence[str]
) -> RuntimeNeeds:
    """What must be added to ``runtime`` so that it serves the application as ``base`` did."""
    if runtime.reference == base.reference and not dropped:
        return RuntimeNeeds()
    packages: list[str] = []
    for call in called_programs(build):
        packages.extend(_for_program(call, base, runtime, build))
    for need in dependencies(build) or ():
        packages.extend(_for_dependency(need, runtime, build, dropped))
    packages.extend(_for_cultures(build, base, runtime))
    packages.extend(lost.package for lost in lost_files(build, base, runtime) if lost.package is not None)
    packages.extend(
        package for option in base.runtimes if option.reference == runtime.reference for package in option.packages
    )
    certificates = _certificates(build, runtime)
    linked = _linked(build, base, runtime)
    if linked is not None:
        packages.extend(linked.packages)
        if linked.tls and has_certificates(base) and not has_certificates(runtime):
            # OpenSSL alone looks into a folder of links that only this package makes.
            packages.append("ca-certificates")
            certificates = False
    packages.extend(packages_of_fetched(build, base) or ())
    packages = [package for package in packages if package not in kept]
    return RuntimeNeeds(tuple(dict.fromkeys(packages)), certificates)


def _linked(build: Build, base: ImageFacts, runtime: ImageFacts) -> Linked | None:
    """What the packages of a compiled language are linked against; None for the others."""
    if base.family == "rust":
        return crate_libraries(build, base) if runtime.family != "buildpack-deps" else None
    if base.toolchain and runtime.reference != base.reference and _builds_crates(build):
        return crate_libraries(build, base)
    return dub_libraries(build, base) if base.family == "dlang" and runtime.reference != base.reference else None


def _builds_crates(build: Build) -> bool:
    actions = (action for layer in build.final.layers for action in layer.actions)
    return any(action.role == "build" and action.program == "cargo" for action in actions)


def _for_program(call: Called, base: ImageFacts, runtime: ImageFacts, build: Build) -> Iterator[str]:
    """A package for a program that the old base brought, the new one lacks, and the Dockerfile does not install."""
    if call.program is None or "/" in call.program.strip("/") or runtime.distribution is None:
        return
    program = posixpath.basename(call.program)
    if program in runtime.tools or in_base(runtime.distribution, runtime.variant, program):
        return
    if program not in base.tools:
        return
    package = provider(runtime.distribution, program)
    if package is None:
        raise declined(
            "C10",
            RULE,
            f"the application calls `{program}`, which {runtime.reference} does not bring",
            f"install the package of `{program}` in the Dockerfile",
            call.line if call.path is None else None,
            call.path,
        )
    if package not in build.final.packages:
        yield package


def _for_dependency(need: Dependency, runtime: ImageFacts, build: Build, dropped: Sequence[str]) -> Iterator[str]:
    facts = dependency(need.ecosystem, need.name)
    if facts is None or runtime.distribution is None:
        return
    stays = set(facts.build_packages) & set(build.final.packages) - set(dropped)
    # A -dev package brings its library.
    if not stays:
        yield from facts.packages.get(runtime.distribution, ())


def _for_cultures(build: Build, base: ImageFacts, runtime: ImageFacts) -> Iterator[str]:
    """ICU and time zones for .NET on Alpine, unless the image's own ENV does without."""
    own = build.final.final.environment.get(culture_variable())
    if own == base.environment.get(culture_variable()):
        yield from culture_packages(base, runtime) or ()


def _certificates(build: Build, runtime: ImageFacts) -> bool:
    """Whether the bundle has to be carried over."""
    if has_certificates(runtime) or "ca-certificates" in build.final.packages:
        return False
    return reads_bundle(build)
