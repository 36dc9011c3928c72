"""The strings and settings of a text that are one name or path as a whole, which a program may open as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfmigrate.context.source_text import string_texts

_SETTINGS = re.compile(r"\.(cfg|ini|toml|ya?ml|properties|xml|json)$")
_COMMANDS = re.compile(r"\.(sh|bash|env|conf)$")
_NAME = r"[\w.@+/-]{1,300}+"
_WHOLE = re.compile(_NAME)
_VALUE = re.compile(
    rf"(?:[:=\[,>]\s*+|^[ \t]*+-[ \t]++)"
    rf"(?:\"({_NAME})\"(?!\s*:)|'({_NAME})'(?!\s*:)|({_NAME})[ \t\r]*+(?=$|[#;,\]}}<]))",
    re.MULTILINE,
)
"""What stands alone behind a key, in a list or in an element."""
_COMMENT = re.compile(r"(?:^|[ \t])#[^\n]*+", re.MULTILINE)
_DEFAULT = re.compile(rf"efault:\"?({_NAME})")
"""What a field of Go's is when nothing else is set."""
_BETWEEN = re.compile(r"[,;|]")


def whole_values(path: str, text: str) -> frozenset[str]:
    """Every name or path, without the dots and slashes around it, that is a whole string of Go, the whole value of a
    setting, or a word of a command; nothing for files of other kinds."""
    return frozenset(value.strip("./") for value in _values(path, text))


def _values(path: str, text: str) -> Iterator[str]:
    if path.endswith(".go"):
        for literal in string_texts(text, "go"):
            yield from _of_literal(literal)
    elif _COMMANDS.search(path):
        yield from _WHOLE.findall(_COMMENT.sub("", text))
    elif _SETTINGS.search(path):
        yield from _settings(text)


def _of_literal(literal: str) -> Iterator[str]:
    body = literal[1:-1]
    if "\n" in body:
        yield from _settings(body)
        return
    yield from (part for each in _BETWEEN.split(body) if _WHOLE.fullmatch(part := each.strip()))
    yield from _DEFAULT.findall(body)


def _settings(text: str) -> Iterator[str]:
    return (double or single or bare for double, single, bare in _VALUE.findall(_COMMENT.sub("", text)))
