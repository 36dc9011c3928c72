"""Shared libraries that the project's own sources load by name when they run."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered

_C = re.compile(r"\bdlopen\s*\(\s*([^,)\n]*)")
_LOADS = {
    ".py": re.compile(r"\b(?:CDLL|PyDLL|cdll\.LoadLibrary|find_library|dlopen)\s*\(\s*([^,)\n]*)"),
    ".rb": re.compile(r"\b(?:dlopen|dlload|ffi_lib)\b\s*\(?\s*([^,)\n]*)"),
    ".php": re.compile(r"\bFFI::(?:cdef|load)\s*\(\s*([^,)\n]*)"),
    ".go": re.compile(r"\bpurego\.Dlopen\s*\(\s*([^,)\n]*)"),
    ".rs": re.compile(r"\blibloading::Library::new\s*\(\s*([^,)\n]*)"),
    **dict.fromkeys((".c", ".cc", ".cpp", ".cxx"), _C),
}
_OTHERS = frozenset({"node_modules", "vendor", "third_party", "site-packages"})
"""Folders of what others wrote; what a dependency loads is asked of its name."""
_LIBC = re.compile(
    r"\s*(None|NULL|nullptr|nil|['\"](lib)?(c|m|dl|rt|pthread)(\.so(\.\d+)?)?['\"]|(ctypes\.)?(util\.)?find_library"
    r"\s*\(\s*['\"](c|m|dl|rt|pthread)['\"])\s*"
)
"""The program itself, and what every C library has."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One call that loads a library."""

    path: str
    line: int
    call: str


@remembered
def loaded_libraries(context: Context) -> tuple[Loaded, ...]:
    """Calls in sources of the context, by path, that load more than the C library."""
    found = []
    for path in sorted(context.files):
        pattern = _LOADS.get(posixpath.splitext(path)[1])
        text = context.read(path) if pattern is not None and not _OTHERS & set(path.split("/")) else None
        for match in pattern.finditer(text) if pattern is not None and text is not None else ():
            start = text.rfind("\n", 0, match.start()) + 1 if text is not None else 0
            if "#" in (text or "")[start : match.start()] or _LIBC.fullmatch(match[1]):
                continue
            found.append(Loaded(path, (text or "").count("\n", 0, match.start()) + 1, match[0].strip()))
    return tuple(found)
