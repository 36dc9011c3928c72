"""What ``chmod`` makes of a mode, in its octal and its symbolic form, with the umask 022 of a build."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"([ugoa]*)([-+=])([rwx]*)")
_SHIFTS = {"u": 6, "g": 3, "o": 0}
_BITS = {"r": 4, "w": 2, "x": 1}
_UMASK = 0o022


def changed_mode(old: int | None, text: str | None) -> int | None:
    """The bits after ``chmod TEXT``; None when they depend on something unknown or the text is not read here."""
    if text is None:
        return None
    if re.fullmatch(r"[0-7]{1,4}", text):
        return int(text, 8)
    mode = old
    for clause in text.split(","):
        found = _CLAUSE.fullmatch(clause)
        if found is None or mode is None:
            return None
        mode = _applied(mode, found[1], found[2], found[3])
    return mode


def _applied(mode: int, who: str, operator: str, letters: str) -> int:
    whom = "ugo" if not who or "a" in who else who
    bits = sum(_BITS[letter] << _SHIFTS[one] for letter in set(letters) for one in set(whom))
    masked = bits if who else bits & ~_UMASK
    if operator == "+":
        return mode | masked
    if operator == "-":
        return mode & ~masked
    cleared = mode & ~sum(7 << _SHIFTS[one] for one in set(whom))
    return cleared | masked
