"""Shared libraries that the build linked against, and those that dependencies load, are installed in the runtime."""

from __future__ import annotations

from collections.abc import Sequence

from dfmigrate.context.node import node_project
from dfmigrate.knowledge.certificates import has_certificates
from dfmigrate.knowledge.dependencies import dependency
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.installers import lists_its_packages, native_helpers
from dfmigrate.knowledge.languages import (
    compiled_languages,
    is_unread_compiler,
    language_of_family,
    language_of_program,
)
from dfmigrate.knowledge.linking import (
    brings_libraries,
    brought_flag,
    compiler_flag,
    holds_flags,
    is_bare,
)
from dfmigrate.knowledge.packages import build_only_unless_called, is_build_only
from dfmigrate.knowledge.releases import stable_runtime_packages
from dfmigrate.migration import Proved
from dfmigrate.model.c_libraries import (
    calls_c,
    compiles_c,
    compiles_cplusplus,
    packages_of_fetched,
    unknown_c_libraries,
)
from dfmigrate.model.called import calls
from dfmigrate.model.crates import Linked, crate_libraries
from dfmigrate.model.dependencies import dependencies
from dfmigrate.model.dub_libraries import dub_libraries
from dfmigrate.model.loaded import loaded_libraries
from dfmigrate.model.mentions import mentions
from dfmigrate.model.rewritten import LOCAL_LIBRARIES_FIRST
from dfmigrate.model.swift_libraries import linked_beyond_slim
from dfmigrate.model.system_files import lost_files

from . import global_packages
from .case import Answers, Case, Open

_LOADS = "keep the image that has it, or pass --accept B4 when the runtime brings it"


def check(case: Case) -> Answers:
    """Account for every system package, then for every dependency of the language."""
    if not case.split:
        return
    opened = False
    needs = (*_packages(case), *_toolchain(case), *_dependencies(case), *global_packages.check(case))
    for answer in (*needs, *_loaded(case), *_lists(case)):
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
    if set(case.old.packages) - set(case.new.packages) or case.old.reference != case.new.reference:
        found += _hidden(case)
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


def _loaded(case: Case) -> list[Open]:
    """Libraries that the project's own sources load by name: which package brought them is not known."""
    if case.context is None or (case.old.reference == case.new.reference and not _lost(case)):
        return []
    return [
        Open("libraries", "B4", f"`{one.call}` loads a library that may be missing", _LOADS, one.line, one.path)
        for one in loaded_libraries(case.context)[:1]
    ]


def _lists(case: Case) -> list[Open]:
    """Lists of the system, such as /etc/services, that the project's own sources ask for."""
    old, new = case.old.base, case.new.base
    if old is None or new is None:
        return []
    return [
        Open(
            "libraries",
            "C10",
            f"{lost.path}, which the application reads, would be missing from {new.reference}",
            f"install {lost.package or 'the package that brings it'} in the runtime",
            lost.place.line,
            lost.place.path,
        )
        for lost in lost_files(case.before, old, new)
        if lost.package is None or lost.package not in case.new.packages
    ]


def _lost(case: Case) -> bool:
    return bool(set(case.old.packages) - set(case.new.packages))


def _hidden(case: Case) -> list[Open]:
    """Libraries that come with a package for building, though nobody names them: flags in a RUN or a build file."""
    texts = [layer.instruction.logical for layer in case.old.layers if layer.name == "RUN"]
    if case.context is not None:
        texts += [case.context.read(path) or "" for path in case.context.files if holds_flags(path)]
    found = []
    flags = _compiler_flags(texts)
    if flags is not None:
        message = f"`{flags}` links a library that the compiler's packages bring, such as libgomp1"
        found.append(Open("libraries", "B1", message, "install that library by name", case.old.line))
    dropped = frozenset(case.old.packages) - frozenset(case.new.packages)
    brought = next(
        (flag for text in texts if (flag := brought_flag(text, case.old.packages, dropped)) is not None), None
    )
    if brought is not None:
        message = f"`{brought[0]}` links a library whose package {brought[1]} was only brought along by another"
        found.append(Open("libraries", "B1", message, f"install {brought[1]} by name", case.old.line))
    return found


def _compiler_flags(texts: Sequence[str]) -> str | None:
    """A flag that needs one of the compiler's own shared libraries at run time."""
    return next((flag for text in texts if (flag := compiler_flag(text)) is not None), None)


def _toolchain(case: Case) -> list[Open]:
    """Libraries that a compiler's image brings itself: what was linked against them is named by no package here."""
    old, new = case.old.base, case.new.base
    if old is None or new is None or old.reference == new.reference:
        return []
    own = old.family == "swift" or (brings_libraries(old.family) and new.family != old.family)
    if not own:
        return _foreign(case, old) if old.toolchain else []
    answered = "crystal" if old.family == "crystal" else language_of_family(old.family) or "c"
    return [*_own(case, old, new), *_foreign(case, old, answered)]


def _own(case: Case, old: ImageFacts, new: ImageFacts) -> list[Open]:
    """What the compilers that an image is for have linked against."""
    if old.family == "swift":
        return _swift(case, old, new)
    if old.family == "rust":
        return _crates(case, old, new)
    if old.family == "dlang":
        hint = "keep dub.selections.json in the repository, and to packages whose libraries are known"
        return _installed(dub_libraries(case.before, old), "the D program", hint, case)
    if old.family == "crystal":
        return _named(case, old, new)
    if compiles_cplusplus(case.before) and (old.release != new.release or not _has_library(case, old, new)):
        message = f"{old.reference} has a newer C++ library than {new.reference}"
        return [Open("libraries", "B12", message, "compile with the distribution's g++", case.old.line)]
    return _compiled(case, old)


def _has_library(case: Case, old: ImageFacts, new: ImageFacts) -> bool:
    """Whether the runtime has the compiler's own library where its linker has been told to look."""
    option = next((option for option in old.runtimes if option.reference == new.reference), None)
    if option is None or not option.libraries:
        return False
    missing = set(option.libraries)
    for layer in case.new.layers:
        if layer.name == "COPY" and layer.instruction.flag("from") is not None:
            if layer.instruction.destination == "/usr/local/lib/":
                missing -= set(layer.instruction.sources)
        elif not missing and [action.text for action in layer.actions] == list(LOCAL_LIBRARIES_FIRST):
            return True
    return False


def _foreign(case: Case, old: ImageFacts, answered: str | None = None) -> list[Open]:
    """What compilers beside the one of the language that is answered for linked among what the old image brings."""
    found = _compiled(case, old) if answered != "c" and compiles_c(case.before) else []
    programs = {action.program or "" for layer in case.old.layers for action in layer.actions if action.role == "build"}
    built = {language_of_program(program) for program in programs} & compiled_languages()
    if "rust" in built and answered != "rust":
        found += _installed(crate_libraries(case.before, old), "the crates", "keep Cargo.lock in the repository", case)
    if "go" in built and old.family != "golang" and calls_c(case.before):
        # Go's own image brings no development package but the C library's.
        found += _compiled(case, old)
    strange = sorted(
        name for name in built - {"c", "rust", "go", language_of_family(old.family), answered} if name is not None
    )
    strange += sorted(filter(is_unread_compiler, programs))
    if strange:
        message = f"what {strange[0]} has linked against in {old.reference} is not known"
        found.append(Open("libraries", "B12", message, "compile on an image of that language", case.old.line))
    return found


def _compiled(case: Case, old: ImageFacts) -> list[Open]:
    """What C's compilers were linked against among the development packages that the old image itself brings."""
    why = unknown_c_libraries(case.before, bare=is_bare(old.family))
    if why is None:
        packages = packages_of_fetched(case.before, old)
        missing = [name for name in packages if name not in case.new.packages] if packages is not None else ["?"]
        message = f"what was fetched and compiled needs {', '.join(missing)}, which the runtime would not install"
        return [Open("libraries", "B1", message, "install it in the runtime", case.old.line)] if missing else []
    message = f"{why}, which {old.reference} may bring"
    return [Open("libraries", "B1", message, "install the -dev package by name on a slim image", case.old.line)]


def _crates(case: Case, old: ImageFacts, new: ImageFacts) -> list[Open]:
    """What Rust's crates were linked against; the image below Rust's own has all that is in the latter."""
    if new.family == "buildpack-deps" and not new.variant and old.release == new.release and "slim" not in old.variant:
        return []
    hint = "keep Cargo.lock in the repository, or install the -dev packages by name on a slim image"
    return _installed(crate_libraries(case.before, old), "the crates", hint, case)


def _installed(linked: Linked, what: str, hint: str, case: Case) -> list[Open]:
    """Whether the runtime installs all that the packages of a compiled language may be linked against."""
    if linked.unknown is not None:
        return [Open("libraries", "B12", linked.unknown, hint, case.old.line)]
    old, new = case.old.base, case.new.base
    reads = linked.tls and old is not None and new is not None and has_certificates(old) > has_certificates(new)
    needed = (*linked.packages, *(("ca-certificates",) if reads else ()))
    missing = [name for name in needed if name not in case.new.packages]
    if missing:
        message = f"{what} may be linked against {', '.join(missing)}, which the runtime would not install"
        return [Open("libraries", "B12", message, "install it in the runtime", case.old.line)]
    return []


def _swift(case: Case, old: ImageFacts, new: ImageFacts) -> list[Open]:
    """What a Swift program may be linked against: all that the full image offers, but for a few libraries by name."""
    why = linked_beyond_slim(case.before)
    if why is None and old.distribution != "ubuntu":
        why = f"what the slim variant of {old.reference} lacks is not known"
    if why is not None:
        return [Open("libraries", "B12", why, "keep the base image", case.old.line)]
    option = next((option for option in old.runtimes if option.reference == new.reference), None)
    for folder in option.folders if option is not None else ():
        if not any(write.path == folder and write.origin.source == "stage" for write in case.new.files.writes):
            message = f"the program is linked against libraries in {folder}, which the runtime would lack"
            return [Open("libraries", "B12", message, "carry that folder over", case.old.line)]
    return _named(case, old, new)


def _named(case: Case, old: ImageFacts, new: ImageFacts) -> list[Open]:
    """Libraries that the image brings, as the packs name them for this runtime."""
    option = next((option for option in old.runtimes if option.reference == new.reference), None)
    if option is None:
        message = f"which libraries of {old.reference} a program may be linked against is not known on {new.reference}"
        return [Open("libraries", "B12", message, "keep the base image", case.old.line)]
    missing = [name for name in option.packages if name not in case.new.packages]
    if missing:
        message = f"the program may be linked against {', '.join(missing)}, which the runtime would not install"
        return [Open("libraries", "B12", message, "install it in the runtime", case.old.line)]
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
        if action.role == "dependency-install" and not lists_its_packages(action.program)
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
        if facts is None and (same or need.pure):
            continue
        if facts is None:
            why = _unknown(need.ecosystem, need.name, case, old)
            if why is not None:
                unknown.append((need, why))
            continue
        if facts.unresolved and set(facts.resolved_by).isdisjoint(case.new.packages):
            message = f"{need.name} needs more of the system than can be named here"
            found.append(Open("libraries", "B4", message, "keep the base image", None, need.path))
        by_name = any(case.context is None or mentions(case.context, name) for name in facts.compiles_with)
        if facts.compiles_at_runtime or by_name:
            message = f"{need.name} compiles at run time and needs the compiler of {old.reference}"
            found.append(Open("libraries", "C10", message, "keep the base image", None, need.path))
        missing = [name for name in facts.packages.get(new.distribution or "", ()) if name not in case.new.packages]
        # A -dev package depends on its library.
        if missing and set(facts.build_packages).isdisjoint(case.new.packages):
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
    # Without a compiler in the base, what an install builds is linked against packages that are named here; what it
    # fetches ready-made finds the same packages in Debian's full and slim images, which differ in documentation only.
    if ecosystem == "npm" and old.toolchain:
        node = node_project(case.context) if case.context is not None else None
        scripts = node.install_scripts if node is not None else None
        packages = node.all_packages if node is not None else None
        if scripts is None and packages is not None and native_helpers().isdisjoint(packages):
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
