"""Servers of Next.js that a project starts by itself: those for development compile each page when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.source_text import Source

_LOADED = re.compile(
    r"\b(?P<required>[\w$]+)\s*=\s*require\(\s*['\"]next['\"]\s*\)|\bimport\s+(?P<imported>[\w$]+)\s+from\s*['\"]next['\"]"
)
_AT_ONCE = re.compile(r"\brequire\(\s*['\"]next['\"]\s*\)(?:\.default)?\s*\(\s*")
_MODE = r"(?:process\.env\.NODE_ENV|process\.env\[['\"]NODE_ENV['\"]\])"
_DEVELOPMENT = re.compile(rf"\(?\s*{_MODE}\s*===?\s*['\"]development['\"]\s*\)?")
_OPTION = re.compile(r"(?<![\w.$])['\"]?dev['\"]?\s*(?::\s*(?P<value>[^,}\n]+)|(?=[,}\s]))")


@dataclass(frozen=True, slots=True)
class CustomServer:
    """One call that makes such a server."""

    path: str
    line: int | None


def development_server(context: Context, sources: Iterable[str], mode: str | None) -> CustomServer | None:
    """The first call whose server is not shown to be one for production with this ``NODE_ENV``; ``mode`` None: it is
    not set, or not known."""
    for path in sources:
        text = context.read(path) or ""
        source = Source(path, "node", text)
        for at in _calls(source.code) if "next" in text else ():
            if not _is_for_production(source.code, at, mode):
                return CustomServer(path, source.place(at).line)
    return None


def _calls(code: str) -> Iterator[int]:
    """The offsets of the arguments of each call."""
    yield from (found.end() for found in _AT_ONCE.finditer(code))
    for loaded in _LOADED.finditer(code):
        name = re.escape(loaded["required"] or loaded["imported"])
        yield from (found.end() for found in re.finditer(rf"(?<![\w.$]){name}(?:\.default)?\s*\(\s*", code))


def _is_for_production(code: str, at: int, mode: str | None) -> bool:
    """Whether ``dev``, which is false unless it is given, is false here."""
    if code[at : at + 1] == ")":
        return True
    end = code.find("}", at)
    if code[at : at + 1] != "{" or end < 0:
        return mode == "production"
    option = _OPTION.search(code, at + 1, end + 1)
    if option is None:
        return mode == "production" or "..." not in code[at:end]
    value = (option["value"] or "dev").strip()
    if re.fullmatch(r"[\w$]+", value) and value not in ("true", "false"):
        found = re.findall(rf"\b(?:const|let|var)\s+{re.escape(value)}\s*(?::\s*boolean\s*)?=\s*([^;,\n]+)", code)
        value = found[0].strip() if len(found) == 1 else ""
    if mode == "production":
        return value not in ("true", "!0")
    return value in ("false", "!1") or (_DEVELOPMENT.fullmatch(value) is not None and mode != "development")
