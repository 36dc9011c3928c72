from __future__ import annotations

import re
from fractions import Fraction

_UNITS = {"ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"([0-9]*)(\.?)([0-9]*)([^0-9.]*)")
_LARGEST = 2**63


class BadDuration(ValueError):
    """A text is no duration; the message is Go's."""


def parse_duration(text: str) -> int:
    """Return the nanoseconds of a duration such as `1m30s`; raises BadDuration."""
    rest = text.lstrip("+-") if text[:1] in ("+", "-") and text[1:2] not in ("+", "-") else text
    if rest == "0":
        return 0
    if not rest:
        raise BadDuration(f"time: invalid duration {_quote(text)}")
    total = Fraction(0)
    while rest:
        part = _PART.match(rest)
        if part is None or not (part[1] or part[3]) or int(part[1] or 0) > _LARGEST:
            raise BadDuration(f"time: invalid duration {_quote(text)}")
        if not part[4]:
            raise BadDuration(f"time: missing unit in duration {_quote(text)}")
        if part[4] not in _UNITS:
            raise BadDuration(f"time: unknown unit {_quote(part[4])} in duration {_quote(text)}")
        total += Fraction(f"{part[1] or '0'}.{part[3] or '0'}") * _UNITS[part[4]]
        rest = rest[part.end() :]
        if int(total) >= _LARGEST:
            raise BadDuration(f"time: invalid duration {_quote(text)}")
    return -int(total) if text[0] == "-" else int(total)


def _quote(text: str) -> str:
    """Quote as Go's time package does: every byte of a character that is not plain ASCII in hexadecimal."""
    return '"' + "".join([_quoted(char) for char in text]) + '"'


def _quoted(char: str) -> str:
    if " " <= char < "\x80":
        return f"\\{char}" if char in '"\\' else char
    return "".join([f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape")])
