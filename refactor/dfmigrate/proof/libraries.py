"""Shared libraries that the build linked against, and those that dependencies load, are installed in the runtime."""

from __future__ import annotations

import re

from dfmigrate.context.makefile import makefile
from dfmigrate.context.node import node_project
from dfmigrate.knowledge.dependencies import dependency
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packages import build_only_unless_called, is_build_only
from dfmigrate.knowledge.releases import stable_runtime_packages
from dfmigrate.migration import Proved
from dfmigrate.model.called import calls
from dfmigrate.model.dependencies import dependencies

from .case import Answers, Case, Open

_NATIVE = frozenset(
    {
        "nan",
        "node-addon-api",
        "node-gyp",
        "node-gyp-build",
        "node-pre-gyp",
        "@mapbox/node-pre-gyp",
        "prebuild-install",
        "bindings",
        "cmake-js",
        "prebuildify",
        "napi-macros",
    }
)
"""Packages that a package with native code depends on to build or find it; a lock file of npm 6 shows no install
scripts."""

_COMPILER_FLAG = re.compile(r"-fopenmp|-fsanitize=\w+|-latomic|-lquadmath|-lgomp|\bgfortran\b|OpenMP::")
_BUILD_TEXT = re.compile(r"(^|/)(GNU)?[Mm]akefile$|\.mk$|CMakeLists\.txt$|setup\.py$|meson\.build$|\.go$|\.pyx$")
_COMPILERS = frozenset({"gcc", "rust", "buildpack-deps"})
_CPLUSPLUS = (".cc", ".cpp", ".cxx", ".C", ".hpp", ".hh")
_LISTED = frozenset(
    {"npm", "yarn", "pnpm", "corepack", "pip", "pip3", "go", "dotnet", "mvn", "mvnw", "composer", "venv"}
)
"""Installers whose packages are read from the project's manifests."""
_IN_LIBC = frozenset({"c", "m", "pthread", "dl", "rt", "util", "resolv"})
"""Libraries of glibc itself, which every image has."""


def check(case: Case) -> Answers:
    """Account for every system package, then for every dependency of the language."""
    if not case.split:
        return
    opened = False
    for answer in (*_packages(case), *_toolchain(case), *_dependencies(case)):
        opened = True
        yield answer
    if not opened:
        yield Proved(
            "libraries",
            ("B1", "B4", "C10"),
            "every system package is installed in the runtime, replaced by its runtime libraries, or only for building",
        )


def _packages(case: Case) -> list[Open]:
    base = case.old.base
    distribution = base.distribution if base is not None else None
    found = []
    called = calls(case.before)
    flags = _compiler_flags(case)
    if flags is not None and (
        set(case.old.packages) - set(case.new.packages) or case.old.reference != case.new.reference
    ):
        message = f"`{flags}` links a library that the compiler's packages bring, such as libgomp1"
        found.append(Open("libraries", "B1", message, "install that library by name", case.old.line))
    for package in dict.fromkeys(case.old.packages):
        if package in case.new.packages or distribution is None:
            continue
        libraries = stable_runtime_packages(base, package) if base is not None else None
        if libraries is not None:
            missing = [name for name in libraries if name not in case.new.packages]
            if missing:
                found.append(
                    Open(
                        "libraries",
                        "B1",
                        f"{package} needs {', '.join(missing)} at run time, which the runtime would not install",
                        "install it in the runtime",
                        _line(package, case),
                    )
                )
            continue
        if is_build_only(distribution, package):
            continue
        programs = build_only_unless_called(distribution, package)
        if programs is not None and not any(called(program) for program in programs):
            continue
        found.append(
            Open(
                "libraries",
                "C10",
                f"the package {package} would be missing from the runtime",
                "keep it in the runtime",
                _line(package, case),
            )
        )
    return found


def _compiler_flags(case: Case) -> str | None:
    """A flag that needs one of the compiler's own shared libraries at run time, in a RUN or a build file."""
    texts = [layer.instruction.logical for layer in case.old.layers if layer.name == "RUN"]
    if case.context is not None:
        texts += [case.context.read(path) or "" for path in case.context.files if _BUILD_TEXT.search(path)]
    return next((found[0] for text in texts if (found := _COMPILER_FLAG.search(text)) is not None), None)


def _toolchain(case: Case) -> list[Open]:
    """Libraries that a compiler's image brings itself: what was linked against them is named by no package here."""
    old, new = case.old.base, case.new.base
    if old is None or new is None or old.family not in _COMPILERS or new.family == old.family:
        return []
    line = case.old.line
    if old.family == "rust":
        return [
            Open(
                "libraries",
                "B12",
                "which libraries the crates link against is not examined yet",
                "keep the base image",
                line,
            )
        ]
    if case.context is None:
        return [
            Open(
                "libraries",
                "B1",
                "which libraries are linked is not known without the build context",
                "run with the build context at hand",
                line,
            )
        ]
    if any(path.endswith(_CPLUSPLUS) for path in case.context.files):
        return [
            Open(
                "libraries",
                "B12",
                f"{old.reference} has a newer C++ library than {new.reference}",
                "compile with the distribution's g++",
                line,
            )
        ]
    make = makefile(case.context)
    linked = set(make.libraries) if make is not None else set()
    for layer in case.old.layers:
        for action in layer.actions:
            linked |= {word[2:] for word in action.argv if word is not None and word.startswith("-l")}
    unknown = sorted(linked - _IN_LIBC)
    if unknown:
        return [
            Open(
                "libraries",
                "B1",
                f"the program links against {', '.join(unknown)}, which {old.reference} brings",
                "install the -dev package by name",
                line,
            )
        ]
    return []


def _dependencies(case: Case) -> list[Open]:
    old, new = case.old.base, case.new.base
    same = old is not None and new is not None and old.reference == new.reference
    if old is None or new is None or (same and set(case.old.packages) <= set(case.new.packages)):
        return []
    strange = {
        action.program
        for layer in case.old.layers
        for action in layer.actions
        if action.role == "dependency-install" and action.program not in _LISTED
    }
    if strange:
        message = (
            f"what `{min(name or '' for name in strange)}` installs is not examined, nor the libraries that it needs"
        )
        return [Open("libraries", "B1", message, "keep the base image", case.old.line)]
    listed = dependencies(case.before)
    if listed is None:
        return [
            Open(
                "libraries",
                "B1",
                "which libraries the application installs is not known without the build context",
                "run with the build context at hand",
                case.old.line,
            )
        ]
    found, unknown = [], []
    for need in listed:
        facts = dependency(need.ecosystem, need.name)
        if facts is None and same:
            continue
        if facts is None:
            why = _unknown(need.ecosystem, need.name, case, old)
            if why is not None:
                unknown.append((need, why))
            continue
        if facts.unresolved:
            message = f"{need.name} needs more of the system than can be named here"
            found.append(Open("libraries", "B4", message, "keep the base image", None, need.path))
        if facts.compiles_at_runtime:
            message = f"{need.name} compiles at run time and needs the compiler of {old.reference}"
            found.append(Open("libraries", "C10", message, "keep the base image", None, need.path))
        missing = [name for name in facts.packages.get(new.distribution or "", ()) if name not in case.new.packages]
        if missing:
            message = f"{need.name} needs {', '.join(missing)}, which the runtime would not install"
            found.append(Open("libraries", "B1", message, "install it in the runtime", None, need.path))
    if unknown:
        first, why = unknown[0]
        names = ", ".join(need.name for need, _ in unknown[:5]) + (
            f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        )
        found.append(
            Open(
                "libraries",
                "B1",
                f"{why}: {names}",
                "keep the base image, or install what they need by name",
                None,
                first.path,
            )
        )
    return found


def _unknown(ecosystem: str, name: str, case: Case, old: ImageFacts) -> str | None:
    """Why a dependency without an entry in the packs keeps the obligation open; None when something else settles it."""
    if ecosystem == "npm":
        node = node_project(case.context) if case.context is not None else None
        scripts = node.install_scripts if node is not None else None
        if scripts is None and node is not None and node.all_packages is not None and not _NATIVE & node.all_packages:
            return None
        if scripts is None:
            return "without a lock file of npm 7 or newer it is not known whether native code is built at install"
        return "native code is built at install, against libraries that are not known" if name in scripts else None
    if ecosystem == "go" or not old.toolchain:
        # On the same slim image, what a source build linked against came from packages that are named here.
        return None
    return "which system libraries these packages need is not known"


def _line(package: str, case: Case) -> int | None:
    return next(
        (layer.line for layer in case.old.layers if layer.name == "RUN" and package in layer.instruction.logical), None
    )
