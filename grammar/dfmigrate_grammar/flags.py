from __future__ import annotations

from typing import NamedTuple

from .whitespace import BYTES, SPACE

# Two bytes that are white space on their own, though no UTF-8, may stand in front of a flag.
_BEGINNINGS = ("--", "\udc85", "\udca0")


class Flag(NamedTuple):
    """`--name=value` before the arguments. Quotes and escapes are already removed, as BuildKit does."""

    name: str
    value: str | None
    span: tuple[int, int]

    @property
    def text(self) -> str:
        """The flag as BuildKit reads it, `--name=value`."""
        return f"--{self.name}" if self.value is None else f"--{self.name}={self.value}"


class Split(NamedTuple):
    """What follows a keyword: its flags, the arguments behind them, and where those begin."""

    flags: tuple[Flag, ...]
    arguments: str
    start: int


def split_flags(rest: str, escape: str) -> Split:
    """Cut the flags off from the front of what follows a keyword."""
    if not rest.startswith(_BEGINNINGS):
        return _split((), rest, 0)
    if not rest.isascii():
        return _split_bytes(rest, escape)
    flags, end = _scan(rest, escape)
    return _split(flags, rest[end:], end)


def _split(flags: tuple[Flag, ...], arguments: str, start: int) -> Split:
    bare = arguments.lstrip(SPACE)
    return Split(flags, bare, start + len(arguments) - len(bare))


def _split_bytes(rest: str, escape: str) -> Split:
    """Scan byte by byte, each widened to a character of its own, and map the offsets back to characters."""
    raw = rest.encode("utf-8", "surrogateescape")
    widened, end = _scan(raw.decode("latin-1"), escape)
    offsets: list[int] = []
    for index, char in enumerate(rest):
        offsets += [index] * len(char.encode("utf-8", "surrogateescape"))
    offsets.append(len(rest))
    flags = tuple(Flag(flag.name, flag.value, (offsets[flag.span[0]], offsets[flag.span[1]])) for flag in widened)
    # A flag can end inside a character; what is left of it then begins the arguments.
    return _split(flags, raw[end:].decode("utf-8", "surrogateescape"), offsets[end])


def _scan(text: str, escape: str) -> tuple[tuple[Flag, ...], int]:
    flags: list[Flag] = []
    position = 0
    while True:
        while position < len(text) and text[position] in BYTES:
            position += 1
        if not text.startswith("--", position):
            return tuple(flags), position
        word, quoted, end = _scan_word(text, position, escape)
        if word == "--":
            return tuple(flags), end
        if word or quoted:
            name, equals, value = word[2:].partition("=")
            flags.append(Flag(name, value if equals else None, (position, end)))
        position = end


def _scan_word(text: str, position: int, escape: str) -> tuple[str, bool, int]:
    """Read one flag: its text without quotes and escapes, whether it had quotes, and its end."""
    word: list[str] = []
    quote = ""
    quoted = False
    while position < len(text):
        char = text[position]
        if not quote and char in BYTES:
            break
        if not quote and char in "'\"":
            quote, quoted = char, True
        elif char == quote:
            quote = ""
        elif char == escape:
            # An escape character at the very end is dropped.
            position += 1
            word.append(text[position : position + 1])
        else:
            word.append(char)
        position += 1
    return "".join(word), quoted, min(position, len(text))
