from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .heredoc import Marker, after_body, opened_by
from .whitespace import INLINE, SPACE

_DIRECTIVE = re.compile(r"#(.*)")
_BLANK = "\t\n\f\r "
_KEY_VALUE = re.compile(rf"([a-zA-Z][a-zA-Z0-9]*)[{_BLANK}]*=[{_BLANK}]*(.+)")
_KEYS = frozenset({"syntax", "escape", "check"})
_LINE = re.compile(r"[^\n]*\n?")


class Lexeme:
    """A piece of the file for the parser: its kind, its text and, for an instruction, its escape character."""

    __slots__ = ("escape", "marker", "text", "type")

    # The parser asks the last lexeme for a position when the file ends; ours have none.
    start_pos = end_pos = line = column = end_line = end_column = None

    def __init__(self, kind: str, text: str, escape: str = "", marker: Marker | None = None) -> None:
        self.type = kind
        self.text = text
        self.escape = escape
        self.marker = marker


def read_directive(line: str) -> tuple[str, str] | None:
    """Return the lower-case name and the value of a parser directive line, None when it is none."""
    found = _DIRECTIVE.match(line.rstrip("\r\n").lstrip(SPACE))
    if found is None:
        return None
    pair = _KEY_VALUE.match(found[1].lstrip(SPACE))
    if pair is None or pair[1].lower() not in _KEYS:
        return None
    # A value of nothing but white space is its last character.
    return pair[1].lower(), pair[2].rstrip(_BLANK) or pair[2]


@lru_cache(maxsize=4)
def _scanner(escape: str) -> re.Pattern[str]:
    """One pattern for everything below the directives: blank lines, comment lines, or a whole instruction.

    An instruction goes on while its lines end with the escape character; comment lines and blank lines in between
    neither end it nor continue it. Each alternative is tried once, so the time is linear in the text.
    """
    token = re.escape(escape)
    space = f"[{INLINE}]"
    continued = rf"[^\n]*(?<!{token}){token}[ \t]*\r*\n"
    return re.compile(
        rf"(?P<BLANKS>(?:{space}*\n)+|{space}+\Z)"
        rf"|(?P<COMMENTS>(?:{space}*\#[^\n]*(?:\n|\Z))+)"
        rf"|(?P<HEAD>[^\n{token}]*(?:\n|\Z)"
        rf"|{continued}(?:{space}*\n|{space}*\#[^\n]*\n|{continued})*[^\n]*\n?"
        rf"|[^\n]*\n?)"
    )


def lex(text: str) -> Iterator[Lexeme]:
    """Cut a file, without its byte order mark, into lexemes that together are the whole text."""
    position = 0
    escape = "\\"
    seen: set[str] = set()
    while line := _LINE.match(text, position):
        directive = read_directive(line[0])
        if directive is None:
            break
        name, value = directive
        if name == "escape" and name not in seen and value in ("\\", "`"):
            escape = value
        seen.add(name)
        yield Lexeme("DIRECTIVE", line[0])
        position = line.end()

    match = _scanner(escape).match
    size = len(text)
    while position < size:
        found = match(text, position)
        if found is None:
            raise AssertionError("the scanner matches every text")
        position = found.end()
        piece = found[0]
        kind = found.lastgroup or ""
        yield Lexeme(kind, piece, escape)
        if kind == "HEAD" and "<<" in piece:
            for opened in opened_by(piece, escape):
                after = after_body(text, position, opened)
                yield Lexeme("HEREDOC", text[position:after], escape, opened)
                position = after
