from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .keywords import lower


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one instruction, in BuildKit's words, and where in its `logical` text; None: the keyword."""

    message: str
    at: int | None = None


def suggestion(value: str, options: Iterable[str], *, case_sensitive: bool) -> str:
    """Return ` (did you mean x?)` for the nearest option within two edits, or nothing."""
    wanted = value if case_sensitive else lower(value)
    match, least = "", 3
    for option in options:
        candidate = option if case_sensitive else option.lower()
        if candidate == wanted:
            return ""
        distance = _distance(wanted, candidate)
        if distance < least:
            match, least = candidate, distance
    if match and not case_sensitive and value != wanted and value == value.upper():
        match = match.upper()
    return f" (did you mean {match}?)" if match else ""


def _distance(one: str, other: str) -> int:
    """Return the Levenshtein distance; anything above two is as good as three."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
