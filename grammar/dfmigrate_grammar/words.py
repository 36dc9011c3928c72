from __future__ import annotations

import re
from typing import NamedTuple

from .whitespace import BYTES, SEPARATOR, SPACE

_SEPARATOR = re.compile(SEPARATOR)


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
    if not text:
        return ()
    words: list[Word] = []
    position = 0
    for separator in _SEPARATOR.finditer(text):
        words.append(Word(text[position : separator.start()], (start + position, start + separator.start())))
        position = separator.end()
    words.append(Word(text[position:], (start + position, start + len(text))))
    return tuple(words)


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
    position = 0
    while True:
        while position < len(text) and text[position] in SPACE:
            position += 1
        if position == len(text):
            return tuple(words)
        word, end = _scan_word(text, position, escape)
        if word:
            words.append(Word(word, (start + position, start + end)))
        position = end


def _scan_word(text: str, position: int, escape: str) -> tuple[str, int]:
    begin = position
    quote = ""
    while position < len(text):
        char = text[position]
        if not quote and char in SPACE:
            break
        if char == escape and quote != "'":
            if position + 1 == len(text):
                # An escape character at the very end is dropped.
                return text[begin:position], len(text)
            position += 1
        elif not quote and char in "'\"":
            quote = char
        elif char == quote:
            quote = ""
        position += 1
    return text[begin:position], min(position, len(text))


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
