"""Libraries of the system that a build with C's compilers names, whatever the language of the image around it."""

from __future__ import annotations

import re

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.languages import is_runner, language_of_program
from dfmigrate.knowledge.linking import holds_flags, is_cplusplus, libc_libraries
from dfmigrate.knowledge.releases import stable_runtime_packages

from .actions import Action
from .artefacts import context_folder
from .c_headers import strange_header
from .called import builds_what_nobody_read
from .fetched_sources import known_sources
from .hidden import behind_make
from .interpret import Build

_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#(?!\s*(?:include|cgo)\b).*$")
_LINKS = re.compile(
    r"(?m)^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*[:+?]*=.*$"
    r"|^.*(?:\b(?:gcc|g\+\+|cc|c\+\+|clang|ld)\b|\b(?:CC|CXX|LD)\b|LDFLAGS).*$"
)
"""Lines that may hold words for the linker: assignments, and calls of a compiler."""
_FLAG = re.compile(r"(?<![\w-])-l(?!dflags\b)[ \t]*:?([\w.+-]+|[$%,])|--library[= ]")
_ASKS = re.compile(
    r"\bpkg-?conf(?:ig)?\b|\b[\w-]+[-_]config\b[^\n)`]*\s--(?:libs|ldflags)|\bPKG_CHECK_MODULES\b|\bpkg_(?:check|search)_modules?\b"
    r"|\bfind_library\b|\bAC_(?:CHECK|SEARCH)_LIBS?\b|\b(?:ExternalProject_Add|FetchContent_\w+|CPMAddPackage|execute_process|add_custom_(?:command|target))\b"
    r"|\bPROPERT(?:Y|IES)\b[^()]*\bLINK_LIBRARIES\b|STANDARD_LIBRARIES\b|\bdependency\(|\bfind_library\(|\.so\b",
    re.IGNORECASE,
)
_FOUND = re.compile(r"\bfind_package\s*\(\s*([\w.+-]+)", re.IGNORECASE)
_LINKED = re.compile(r"\b(?:target_link_libraries\s*\(\s*[^()\s]+|link_libraries\s*\()([^()]*)\)", re.IGNORECASE)
_OWN = re.compile(r"\b(?:add_library|add_executable|project)\s*\(\s*([\w.+-]+)", re.IGNORECASE)
_WORDS = frozenset(
    {"PUBLIC", "PRIVATE", "INTERFACE", "Threads::Threads", "debug", "optimized", "general", "pthread"}
) | {
    "${CMAKE_THREAD_LIBS_INIT}",
    "${CMAKE_DL_LIBS}",
}
_CPLUSPLUS = re.compile(r"[gc]\+\+|\bCXX\b|LINK\.cc|stdc\+\+")
_CGO = re.compile(r'(?m)^\s*(?:import\s+)?"C"\s*$')
_LISTS = re.compile(r"\bls(?:\s+-\w+)+")
_SOURCES = (".go", ".py", ".pyx")
_BUILD_FILES = re.compile(r"\b(?:[Mm]akefile|CMakeLists\.txt|\w+\.(?:mk|cmake))\b")
_HANDED = re.compile(r"[$`]|^@")
"""A word of a compiler's command line that stands for others."""
_VARIABLES = frozenset({"LDFLAGS", "LDLIBS", "LIBS", "LOADLIBES", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "CC", "CXX"})
_EXTENDS = re.compile(r"\b(?:libraries|extra_link_args|extra_objects|pkgconfig)\s*=(?!=)")
"""What names libraries in a setup.py."""
_CONFIGURES = frozenset({"configure", "autogen.sh", "meson", "scons", "qmake", "waf", "bazel", "b2", "bjam"})


def compiles_c(build: Build) -> bool:
    """Whether a command of the build calls C's compilers, or what calls them."""
    return any(_compiles(action) for action in _actions(build))


def _compiles(action: Action) -> bool:
    c = language_of_program(action.program or "") == "c" or action.program == "setup.py"
    return action.role == "build" and c


def compiles_cplusplus(build: Build) -> bool:
    """Whether the context has C++, or C is handed to a compiler of C++, so that a program needs its library at run
    time; True without a context."""
    context = build.context
    if context is None or any(is_cplusplus(path) for path in context.files):
        return True
    texts = [context.read(path) or "g++" for path in context.files if holds_flags(path)]
    texts += [layer.instruction.logical for layer in build.stages[0].layers if layer.name == "RUN"]
    return any(_CPLUSPLUS.search(text) for text in texts)


def calls_c(build: Build) -> bool:
    """Whether a Go source has C compiled, or links its libraries."""
    context = build.context
    return context is None or any(
        _CGO.search(context.read(path) or 'import "C"') for path in context.files if path.endswith(".go")
    )


def unknown_c_libraries(build: Build, *, bare: bool = False) -> str | None:
    """Why what C's compilers link may lie outside of the C library; None when nothing names more. ``bare``: the image
    brings nothing else to link."""
    if build.context is None or not build.context.complete:
        return "which libraries are linked is not known without the build context"
    if not known_sources(build) and (builds_what_nobody_read(build) or _compiles_what_was_fetched(build)):
        return "which libraries are linked is not known, as none of the sources is in the build context"
    flagged = [path for path in sorted(build.context.files) if holds_flags(path)]
    texts = [build.context.read(path) for path in flagged if not path.endswith(_SOURCES)]
    sources = [build.context.read(path) for path in flagged if path.endswith(_SOURCES)]
    extensions = [build.context.read(path) for path in build.context.files if path.rpartition("/")[2] == "setup.py"]
    if None in texts or None in sources:
        return "which libraries are linked is not known, as a build file could not be read"
    texts += _of_commands(build)
    odd = sorted({action.program or "" for action in _actions(build)} & _CONFIGURES)
    if odd:
        return f"which libraries `{odd[0]}` finds is not known"
    if any(_EXTENDS.search(text or "") for text in extensions):
        return "setup.py names libraries to link"
    names = _named([_LISTS.sub("", _COMMENT.sub("", text)) for text in texts if text is not None], by_line=False)
    names += _named([_COMMENT.sub("", text) for text in sources if text is not None], by_line=True)
    if names:
        return f"the program links against {', '.join(dict.fromkeys(names))}"
    if any(map(_is_handed_more, _actions(build))):
        return "which words a compiler is handed is not known"
    # Headers and hidden commands only matter where there is something else to link.
    if bare or known_sources(build):
        return None
    return behind_make(build) or strange_header(build.context)


def _is_handed_more(action: Action) -> bool:
    """Whether words of a direct call of a compiler come from a variable, a command or a file."""
    if not _compiles(action) or is_runner(action.program or "") or len(action.spelled) != len(action.argv):
        return False
    words = zip(action.argv, action.spelled, strict=True)
    return any(_HANDED.search(raw) is not None for word, raw in words if word is None or word.startswith("@"))


def _of_commands(build: Build) -> list[str | None]:
    """The RUNs that compile, and the variables that hand flags to what they call."""
    layers = build.stages[0].layers
    found: list[str | None] = []
    for layer in layers:
        if layer.name == "RUN" and _BUILD_FILES.search(layer.instruction.logical):
            found.append(layer.instruction.logical)
        if any(_compiles(action) or action.program in _CONFIGURES for action in layer.actions):
            found.append(layer.instruction.logical)
            found += [layer.before.environment[name] or "-l$" for name in _VARIABLES & layer.before.environment.keys()]
            found += [layer.arguments[name] or "-l$" for name in _VARIABLES & layer.arguments.keys()]
    return found


def packages_of_fetched(build: Build, base: ImageFacts) -> tuple[str, ...] | None:
    """What sources that are known by their address need at run time; None where its name is not known here."""
    named = {name for source in known_sources(build) or () for name in source.build_packages}
    found = {name: stable_runtime_packages(base, name) for name in sorted(named)}
    if None in found.values():
        return None
    return tuple(package for packages in found.values() for package in packages or ())


def _compiles_what_was_fetched(build: Build) -> bool:
    """Whether C is compiled in a folder that holds nothing of the build context."""
    return any(
        _compiles(action) and (action.cwd is None or context_folder(action.cwd, layer.files) is None)
        for layer in build.stages[0].layers
        for action in layer.actions
    )


def _named(texts: list[str], *, by_line: bool) -> list[str]:
    """Libraries that texts name: in a build file anywhere, in sources where a line looks as if it linked."""
    own = {name for text in texts for name in _OWN.findall(text)}
    found: set[str] = set()
    for text in texts:
        lines = text.replace("\\\n", " ")
        found.update(name for line in (_LINKS.findall(lines) if by_line else [lines]) for name in _FLAG.findall(line))
        found.update(match[0] for match in _ASKS.finditer(text))
        found.update(_FOUND.findall(text))
        for words in _LINKED.findall(text):
            found.update(word.strip('"') for word in words.split() if not word.startswith("-"))
    return sorted(found - own - libc_libraries() - _WORDS - {"Threads"})


def _actions(build: Build) -> list[Action]:
    return [action for layer in build.stages[0].layers for action in layer.actions]
