"""Values in a Makefile: what can be said of them without running anything."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from dfmigrate.context.build_context import Context

_MAX_VALUE = 1 << 16
_MAX_DEPTH = 40


def expand(
    text: str, variables: Mapping[str, str | None], context: Context, folder: str, *, depth: int = 0
) -> str | None:
    """Replace every reference; None when one is unknown, or is a function that runs or reads something."""
    if depth > _MAX_DEPTH or len(text) > _MAX_VALUE:
        return None
    result: list[str] = []
    at = 0
    while at < len(text):
        dollar = text.find("$", at)
        if dollar < 0 or dollar + 1 >= len(text):
            result.append(text[at:])
            break
        result.append(text[at:dollar])
        opening = text[dollar + 1]
        if opening == "$":
            result.append("$")
            at = dollar + 2
            continue
        end = dollar + 2 if opening not in "({" else _closing(text, dollar + 1)
        if end is None:
            return None
        inner = text[dollar + 1 : end] if opening not in "({" else text[dollar + 2 : end - 1]
        value = _reference(inner, variables, context, folder, depth)
        if value is None:
            return None
        result.append(value)
        at = end
        if sum(map(len, result)) > _MAX_VALUE:
            return None
    return "".join(result)


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


def _reference(
    inner: str, variables: Mapping[str, str | None], context: Context, folder: str, depth: int
) -> str | None:
    name, _, rest = inner.partition(" ")
    if rest:
        return _function(name, rest, variables, context, folder, depth)
    name, _, substitution = inner.partition(":")
    value = variables.get(name)
    if value is None:
        return None
    expanded = expand(value, variables, context, folder, depth=depth + 1)
    if not substitution or expanded is None:
        return expanded
    before, equals, after = substitution.partition("=")
    if not equals:
        return None
    if "%" not in before:
        before, after = f"%{before}", f"%{after}"
    return _patsubst(before, after, expanded)


def _function(
    name: str, rest: str, variables: Mapping[str, str | None], context: Context, folder: str, depth: int
) -> str | None:
    arguments = [expand(part, variables, context, folder, depth=depth + 1) for part in _arguments(rest)]
    known = [argument.strip() for argument in arguments if argument is not None]
    if len(known) < len(arguments):
        return None
    if name == "wildcard" and len(known) == 1 and context.complete:
        return " ".join(_wildcard(pattern, context, folder) for pattern in known[0].split()).strip()
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
