from __future__ import annotations

import re

NOT_UNICODE = re.compile("[\ud800-\udfff]")
"""Stand-ins for bytes that are no UTF-8, which Go turns into U+FFFD."""

_NAMED = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}
_NAMED |= {"\\": r"\\", '"': r"\""}


def go_quote(text: str) -> str:
    """Quote a text as Go's `%q` does, for messages in BuildKit's words."""
    return '"' + "".join([_NAMED.get(char) or _quoted(char) for char in text]) + '"'


def _quoted(char: str) -> str:
    code = ord(char)
    if char.isprintable():
        return char
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
