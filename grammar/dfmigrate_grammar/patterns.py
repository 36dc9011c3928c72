from __future__ import annotations

import re

from .errors import ExpansionError

# What Go prints for the end of a text.
_END = "\ufffd"


def remove_prefix(value: str, pattern: str) -> str:
    """Apply `${name#pattern}`; a pattern that begins with a second `#` takes the longest match."""
    shortest, pattern = _greed(pattern, "#")
    return _without_prefix(value, pattern, shortest)


def remove_suffix(value: str, pattern: str) -> str:
    """Apply `${name%pattern}`; a pattern that begins with a second `%` takes the longest match."""
    shortest, pattern = _greed(pattern, "%")
    # Everything is turned round, since a regular expression finds the leftmost match and not the rightmost.
    return _without_prefix(value[::-1], _reversed(pattern), shortest)[::-1]


def replace_pattern(value: str, pattern: str, replacement: str, *, every: bool) -> str:
    """Apply `${name/pattern/replacement}`, or `//` when `every` is set."""
    regex = _compile(pattern, ".*", pattern)
    if not every:
        found = regex.search(value)
        return value if found is None else value[: found.start()] + replacement + value[found.end() :]
    return _replace_every(regex, value, replacement)


def _greed(pattern: str, mark: str) -> tuple[bool, str]:
    return (False, pattern[1:]) if pattern.startswith(mark) else (True, pattern)


def _without_prefix(value: str, pattern: str, shortest: bool) -> str:
    found = _compile(pattern, ".*?" if shortest else ".*", pattern).match(value)
    return value if found is None else value[found.end() :]


def _compile(pattern: str, star: str, shown: str) -> re.Pattern[str]:
    """Turn `*` and `?` into a regular expression; everything else stands for itself."""
    regex: list[str] = []
    # Go's scanner drops a byte order mark in front.
    chars = iter(pattern.removeprefix("\ufeff"))
    for char in chars:
        if char == "*":
            regex.append(star)
        elif char == "?":
            regex.append(".")
        elif char == "\\":
            escaped = next(chars, "")
            if escaped not in ("}", "/", "*", "?", "\\"):
                raise ExpansionError(f"invalid pattern ({shown}) in substitution: invalid escape '\\{escaped or _END}'")
            regex.append(re.escape(escaped))
        else:
            regex.append(re.escape(char))
    return re.compile("".join(regex))


def _reversed(pattern: str) -> str:
    """Turn a pattern round, each escape staying in front of what it escapes."""
    pieces = re.findall(r"\\.|.", pattern, re.DOTALL)
    return "".join(reversed(pieces))


def _replace_every(regex: re.Pattern[str], value: str, replacement: str) -> str:
    """Replace as Go does: no empty match right after another match, and `$` in the replacement is a template."""
    result: list[str] = []
    position = last = 0
    while position <= len(value) and (found := regex.search(value, position)):
        start, end = found.span()
        result.append(value[last:start])
        if end > last or start == 0:
            result.append(_fill(replacement, found[0]))
        last = end
        position = max(end, position + 1)
    return "".join(result) + value[last:]


def _fill(template: str, match: str) -> str:
    """Fill a Go replacement template: `$0` is the match, `$$` a dollar sign, every other name is empty."""

    def fill(found: re.Match[str]) -> str:
        name = found[1] or found[2] or ""
        if found[0] == "$$":
            return "$"
        return match if name.isascii() and name.isdecimal() and int(name) == 0 else ""

    return re.sub(r"\$(?:\$|\{(\w+)\}|(\w+))", fill, template)
