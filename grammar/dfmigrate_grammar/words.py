from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .whitespace import BYTES, SEPARATORS, SPACE

_SEPARATOR = re.compile(f"[{SEPARATORS}]+")
_PLAIN = re.compile(f"[^{SEPARATORS}]+")


class Word(NamedTuple):
    """One argument; `span` is its place in the instruction's `logical` text."""

    text: str
    span: tuple[int, int]


class Pair(NamedTuple):
    """`name=value`, with the value as written; `legacy` is the form `ENV name the rest of the line`."""

    name: str
    value: str | None
    span: tuple[int, int]
    value_span: tuple[int, int]
    legacy: bool = False


def split_list(text: str, start: int) -> tuple[Word, ...]:
    """Cut a plain list at white space, with no regard for quotes; `start` is the offset of `text`."""
    return tuple([Word(word[0], (start + word.start(), start + word.end())) for word in _PLAIN.finditer(text)])


def split_first(text: str) -> tuple[str, str]:
    """Cut off the first word at white space, looked for byte by byte."""
    raw = text.encode("utf-8", "surrogateescape").decode("latin-1")
    end = next((at for at, char in enumerate(raw) if char in BYTES), len(raw))
    return _from_bytes(raw[:end]), _from_bytes(raw[end:].lstrip(BYTES))


def _from_bytes(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


def split_quoted(text: str, start: int, escape: str) -> tuple[Word, ...]:
    """Cut at white space outside quotes and escapes; quotes and escapes stay in the words."""
    words: list[Word] = []
    for found in _quoted(escape).finditer(text):
        # An escape character at the very end, where it escapes nothing, is dropped.
        word = found[0][:-1] if found[1] or found[2] else found[0]
        if word:
            words.append(Word(word, (start + found.start(), start + found.end())))
    return tuple(words)


@lru_cache(maxsize=4)
def _quoted(escape: str) -> re.Pattern[str]:
    """A word: plain characters, escaped ones, and quotations; the text may end inside of each."""
    token = re.escape(escape)
    double = rf'"(?:[^"{token}]+|{token}.)*(?:"|({token})?\Z)'
    return re.compile(rf"""(?:[^{SPACE}'"{token}]+|{token}.|({token})\Z|'[^']*(?:'|\Z)|{double})+""", re.DOTALL)


def pairs_of(words: tuple[Word, ...]) -> tuple[Pair, ...]:
    """Read each word as `name=value` or a bare `name`."""
    return tuple(_pair(word) for word in words)


def _pair(word: Word) -> Pair:
    name, equals, value = word.text.partition("=")
    start, end = word.span
    if not equals:
        return Pair(name, None, word.span, (end, end))
    value_start = start + len(name) + 1
    return Pair(name, value, word.span, (value_start, value_start + len(value)))


def legacy_pair(text: str, start: int) -> Pair | None:
    """Read `name the rest of the line`; None when there is no rest."""
    separator = _SEPARATOR.search(text)
    if separator is None:
        return None
    end = start + len(text)
    return Pair(
        text[: separator.start()], text[separator.end() :], (start, end), (start + separator.end(), end), legacy=True
    )
