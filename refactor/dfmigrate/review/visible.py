"""Text of others, made safe to print: a Dockerfile must not be able to steer the reader's terminal."""

from __future__ import annotations

import unicodedata

_UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Controls, invisible formatting (such as a change of writing direction), halves of characters, Unicode's line ends."""


def visible(text: str) -> str:
    """The text with its tabs, and with every other control character written as an escape."""
    if text.isascii() and text.replace("\t", "").isprintable():
        return text
    return "".join(_escape(character) for character in text)


def decoded(text: bytes) -> str:
    """One line of a file without its end, as shown to people."""
    return visible(text.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "backslashreplace"))


def sentence(text: str) -> str:
    """A message on one line, without its full stop."""
    return visible(" ".join(text.split())).rstrip(".")


def _escape(character: str) -> str:
    if character == "\t" or unicodedata.category(character) not in _UNSAFE:
        return character
    return ascii(character)[1:-1]
