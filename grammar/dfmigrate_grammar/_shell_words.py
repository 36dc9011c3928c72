"""Reading words: quotes, expansions, and what the shell would make of them."""

from __future__ import annotations

import re

from ._shell_cursor import Cursor, Opaque
from ._shell_expansions import read_backquoted, read_commands, read_dollar, read_double_quoted
from ._shell_tree import Bashism, Parameter, Part, Word

_RUN, _SINGLE, _DOUBLE, _ESCAPE, _NAME, _BRACED, _QUOTE = range(1, 8)
_piece = re.compile(
    r"""
      ([^ \t\n;&|<>()$`"'\\]++)
    | '([^']*+)'
    | "([^"$`\\]*+)"
    | \\(.)
    | \$([A-Za-z_]\w*+(?!\\\n\w)|[0-9@*\#?$!-])
    | \$\{([A-Za-z_]\w*+)\}
    | (")
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
).match

_ansi_quoted = re.compile(r"\$'(?:[^'\\]|\\.)*+'", re.DOTALL).match
_continuations = re.compile(r"(?:\\\n)++").match
_delimiter = re.compile(r"[ \t\n;&|<>()]|\Z").match


def read_word(cursor: Cursor, start: int) -> Word:
    """The word that begins here."""
    text, limit = cursor.text, cursor.limit
    position = start
    value: list[str] = []
    # The same with each quoted piece as one NUL: where the shell may still see a pattern.
    mask: list[str] = []
    parts: list[Part] = []
    known = True
    while True:
        piece = _piece(text, position, limit)
        if piece is None:
            end, special = _read_special(cursor, position, parts)
            if end == position:
                break
            if special is None:
                known = False
            value.append(special or "")
            mask.append(special or "")
            position = end
            continue
        kind = piece.lastindex
        if kind == _RUN:
            value.append(piece[1])
            mask.append(piece[1])
        elif kind == _SINGLE:
            value.append(piece[2])
            mask.append("\0")
        elif kind == _DOUBLE:
            value.append(piece[3])
            mask.append("\0")
        elif kind == _ESCAPE:
            if piece[4] == "\n":
                end = _skip_continuations(cursor, position)
                if _delimiter(text, end, limit):
                    break
                position = end
                continue
            value.append(piece[4])
            mask.append("\0")
        elif kind == _QUOTE:
            position, quoted = read_double_quoted(cursor, position + 1, parts)
            if quoted is None:
                known = False
            value.append(quoted or "")
            mask.append("\0")
            continue
        else:
            parts.append(Parameter(piece.span(), piece[_NAME] or piece[_BRACED]))
            known = False
        position = piece.end()
    if position == start:
        raise Opaque("a word is missing")
    literal = "".join(value) if known and not _changes("".join(mask)) else None
    return Word(text[start:position], (start, position), literal, tuple(parts))


def read_regex(cursor: Cursor, start: int) -> Word:
    """The word behind `=~`, where parentheses and bars are part of it, and blanks too inside parentheses."""
    text, limit = cursor.text, cursor.limit
    parts: list[Part] = []
    position, parens = start, 0
    while position < limit:
        char = text[position]
        if char not in " \t\n;&|<>()":
            word = read_word(cursor, position)
            parts += word.parts
            position = word.span[1]
            continue
        if char == "(":
            parens += 1
        elif char == ")":
            parens -= 1
        elif char in " \t\n" and not parens:
            break
        if parens < 0:
            break
        position += 1
    if position == start:
        raise Opaque("a word is missing")
    return Word(text[start:position], (start, position), None, tuple(parts))


def _changes(mask: str) -> bool:
    """Whether a glob, a brace expansion or a tilde could change the word."""
    if "*" in mask or "?" in mask:
        return True
    if "~" in mask and (mask[0] == "~" or "=~" in mask or ":~" in mask):
        return True
    opening = mask.find("[")
    if opening >= 0 and mask.rfind("]") > opening + 1:
        return True
    opening = mask.find("{")
    if opening < 0:
        return False
    inside = mask[opening : mask.rfind("}") + 1]
    return "," in inside or ".." in inside


def _read_special(cursor: Cursor, position: int, parts: list[Part]) -> tuple[int, str | None]:
    """Read what is rarer in a word: its end and its value, if known. The same position back: the word ends."""
    if position >= cursor.limit:
        return position, ""
    text = cursor.text
    char = text[position]
    opening = text[position : position + 2]
    if opening == "$'":
        return _read_ansi_quoted(cursor, position), None
    if opening == '$"':
        end, _ = read_double_quoted(cursor, position + 2, parts)
        cursor.bashisms.append(Bashism('$"..."', (position, end)))
        return end, None
    if char == "$":
        end = read_dollar(cursor, position, parts, quoted=False)
        return end, "$" if end == position + 1 else None
    if char == "`":
        return read_backquoted(cursor, position, parts, quoted=False), None
    if opening in ("<(", ">("):
        cursor.bashisms.append(Bashism("process substitution", (position, position + 2)))
        return read_commands(cursor, position, opening, parts), None
    if char in "'\"":
        raise Opaque("a quote is not closed")
    if char == "\\":
        raise Opaque("a backslash at the very end")
    return position, ""


def _skip_continuations(cursor: Cursor, position: int) -> int:
    """The end of the line continuations here."""
    run = _continuations(cursor.text, position, cursor.limit)
    assert run is not None
    if cursor.text[run.end() : min(run.end() + 1, cursor.limit)] in ("<", ">", "("):
        raise Opaque("a token that runs on over a line")
    return run.end()


def _read_ansi_quoted(cursor: Cursor, position: int) -> int:
    quoted = _ansi_quoted(cursor.text, position, cursor.limit)
    if quoted is None:
        raise Opaque("a quote is not closed")
    cursor.bashisms.append(Bashism("$'...'", quoted.span()))
    return quoted.end()
