"""Shared libraries that the project's own sources load by name when they run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_rules import HintKind
from dfmigrate.context.source_text import ENDINGS, Source, language_files, source_file
from dfmigrate.context.sources import found_calls

_KINDS = (HintKind.NATIVE,)
_ARGUMENT = re.compile(r"[^,)\]\n]*")
_CLOSING = {"(": ")", "[": "]"}
_LIBC = re.compile(
    r"\s*(None|NULL|nullptr|nil|FFI::Library::LIBC|['\"](lib)?(c|m|dl|rt|pthread)(\.so(\.\d+)?)?['\"]"
    r"|(ctypes\.)?(util\.)?find_library\s*\(\s*['\"](c|m|dl|rt|pthread)['\"])\s*"
)
"""The program itself, and what every C library has."""
_WINDOWS = re.compile(
    r"\s*['\"](kernel32|user32|advapi32|ntdll|shell32|gdi32|dwmapi|psapi|ole32|shlwapi|ws2_32|crypt32|iphlpapi)"
    r"(\.dll)?['\"]\s*",
    re.IGNORECASE,
)
"""Libraries of Windows, which no image of Linux has."""
_LIBRARY = re.compile(r"\.(?:so|dylib|dll)(?:\.|$)")
_BESIDE = re.compile(r"[\w.:(\s]*\b(__dir__|__dirname|__file__)\b(?![^\n]*(?:\.\.|['\"]/))")
"""A path that is built from the source's own folder and does not leave it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One place that loads a library."""

    path: str
    line: int
    call: str


@remembered
def loaded_libraries(context: Context) -> tuple[Loaded, ...]:
    """Calls in sources of the context, by path, that load more than the C library."""
    found: list[Loaded] = []
    # What the build compiles is asked what it links; of a finished library nobody knows it.
    compiled = not any(_LIBRARY.search(path) for path in context.files)
    for language in ENDINGS:
        for path in language_files(context, language):
            # What a dependency loads is asked of its name.
            source = source_file(context, language, path) if "third_party" not in path.split("/") else None
            found += _of_source(source, compiled) if source is not None else ()
    return tuple(sorted(found, key=lambda one: (one.path, one.line)))


def _of_source(source: Source, compiled: bool) -> Iterator[Loaded]:
    for rule, call in found_calls(source, _KINDS):
        argument = _ARGUMENT.match(source.code, call.end()) if rule.argument else None
        given = argument[0] if argument is not None else ""
        if rule.argument and (_LIBC.fullmatch(given) or _WINDOWS.fullmatch(given)):
            continue
        if compiled and rule.argument and _BESIDE.match(source.code, call.end()):
            # The project's own, which must be where it was like any other of its files.
            continue
        closing = _CLOSING.get(call[0].rstrip()[-1:], "") if rule.argument else ""
        text = " ".join(f"{call[0]}{given.rstrip()}{closing}".split())
        yield Loaded(source.path, source.code.count("\n", 0, call.start()) + 1, text)
