"""Values in a Makefile: what can be said of them without running anything."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context

_MAX_VALUE = 1 << 16
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Values:
    """The variables of a Makefile, and where its wildcards look."""

    variables: Mapping[str, str | None]
    context: Context
    folder: str
    unknown: str | None = None
    """What to put for a reference that is not known; None makes the whole text unknown."""

    def expand(self, text: str, depth: int = 0) -> str | None:
        """Replace every reference; None when one is unknown, or is a function that runs or reads something."""
        if depth > _MAX_DEPTH or len(text) > _MAX_VALUE:
            return None
        result: list[str] = []
        at = size = 0
        while (dollar := text.find("$", at)) >= 0 and dollar + 1 < len(text):
            inner, end = _inside(text, dollar + 1)
            value = "$" if inner == "$" else _reference(self, inner, depth)
            value = self.unknown if value is None else value
            if value is None:
                return None
            result += (text[at:dollar], value)
            size += len(value)
            at = end
            if size > _MAX_VALUE:
                return None
        return "".join([*result, text[at:]])


def _inside(text: str, at: int) -> tuple[str, int]:
    """The name or function behind a dollar, and the offset behind it."""
    if text[at] not in "({":
        return text[at], at + 1
    end = _closing(text, at)
    # Without a closing bracket nothing has this name.
    return ("", len(text)) if end is None else (text[at + 1 : end - 1], end)


def _closing(text: str, at: int) -> int | None:
    """The offset behind the bracket that closes the one at ``at``."""
    opening = text[at]
    closing = ")" if opening == "(" else "}"
    depth = 0
    for position in range(at, len(text)):
        if text[position] == opening:
            depth += 1
        elif text[position] == closing:
            depth -= 1
            if depth == 0:
                return position + 1
    return None


def _reference(values: Values, inner: str, depth: int) -> str | None:
    name, _, rest = inner.partition(" ")
    if rest:
        return _function(values, name, rest, depth)
    name, _, substitution = inner.partition(":")
    value = values.variables.get(name)
    if value is None:
        return None
    expanded = values.expand(value, depth + 1)
    if not substitution or expanded is None:
        return expanded
    before, equals, after = substitution.partition("=")
    if not equals:
        return None
    if "%" not in before:
        before, after = f"%{before}", f"%{after}"
    return _patsubst(before, after, expanded)


def _function(values: Values, name: str, rest: str, depth: int) -> str | None:
    arguments = [values.expand(part, depth + 1) for part in _arguments(rest)]
    known = [argument.strip() for argument in arguments if argument is not None]
    if len(known) < len(arguments):
        return None
    if name == "wildcard" and len(known) == 1 and values.context.complete:
        return " ".join(_wildcard(pattern, values.context, values.folder) for pattern in known[0].split()).strip()
    function = _FUNCTIONS.get((name, len(known)))
    return None if function is None else function(*known)


def _arguments(text: str) -> list[str]:
    parts: list[str] = []
    depth = start = 0
    for at, char in enumerate(text):
        if char in "({":
            depth += 1
        elif char in ")}":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _wildcard(pattern: str, context: Context, folder: str) -> str:
    found = context.matches(posixpath.join(folder, pattern))
    prefix = len(folder) + 1 if folder else 0
    return " ".join(path[prefix:] for path in found)


def _patsubst(pattern: str, replacement: str, words: str) -> str:
    before, percent, after = pattern.partition("%")
    result: list[str] = []
    for word in words.split():
        if not percent:
            result.append(replacement if word == pattern else word)
        elif word.startswith(before) and word.endswith(after) and len(word) >= len(before) + len(after):
            stem = word[len(before) : len(word) - len(after)]
            result.append(replacement.replace("%", stem, 1))
        else:
            result.append(word)
    return " ".join(result)


def _each(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda words: " ".join(map(change, words.split()))


_FUNCTIONS: Mapping[tuple[str, int], Callable[..., str]] = {
    ("patsubst", 3): _patsubst,
    ("subst", 3): lambda old, new, text: text.replace(old, new) if old else text,
    ("addprefix", 2): lambda prefix, words: _each(lambda word: prefix + word)(words),
    ("addsuffix", 2): lambda suffix, words: _each(lambda word: word + suffix)(words),
    ("notdir", 1): _each(posixpath.basename),
    ("basename", 1): _each(lambda word: posixpath.splitext(word)[0]),
    ("dir", 1): _each(lambda word: posixpath.dirname(word) + "/" if "/" in word else "./"),
    ("strip", 1): lambda words: " ".join(words.split()),
    ("sort", 1): lambda words: " ".join(sorted(set(words.split()))),
    ("firstword", 1): lambda words: (words.split() or [""])[0],
}


def assigned_name(line: str) -> re.Match[str] | None:
    """A line that sets a variable: name, operator, value."""
    return _ASSIGNMENT.match(line)


_ASSIGNMENT = re.compile(r"\s*(?:export\s+|override\s+)*([\w.-]+)\s*(:::?=|::=|:=|\?=|\+=|!=|=)\s*(.*)", re.DOTALL)
