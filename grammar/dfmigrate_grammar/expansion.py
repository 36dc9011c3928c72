from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from .errors import ExpansionError
from .patterns import remove_prefix, remove_suffix, replace_pattern
from .whitespace import SPACE

_SPECIAL = "@*#?-$!0"
_Handler = Callable[["_Cursor"], str]


class Lexing(NamedTuple):
    """How BuildKit's word lexer treats quotes, escapes and names that are not set."""

    escape: str = "\\"
    raw_quotes: bool = False
    raw_escapes: bool = False
    keep_unset: bool = False


class _Cursor:
    """The text under the lexer, how far it has come, and which names it has looked up."""

    __slots__ = ("buffer", "lexing", "looked_up", "position", "raw_escapes", "text", "variables")

    def __init__(self, text: str, variables: Mapping[str, str], lexing: Lexing) -> None:
        self.text = text
        self.variables = variables
        self.lexing = lexing
        self.raw_escapes = lexing.raw_escapes
        self.position = 0
        self.buffer: list[str] = []
        self.looked_up: set[str] = set()

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def next(self) -> str:
        char = self.text[self.position : self.position + 1]
        self.position += 1
        return char

    def at_end(self) -> bool:
        return self.position >= len(self.text)

    def get(self, name: str) -> str | None:
        self.looked_up.add(name)
        return self.variables.get(name)


class Expanded(NamedTuple):
    """A text after expansion, the words it splits into, and the names it refers to."""

    text: str
    words: tuple[str, ...]
    names: frozenset[str]


def process(text: str, variables: Mapping[str, str], lexing: Lexing) -> Expanded:
    """Expand variables and remove quotes as the builder does; raises ExpansionError."""
    # Go's scanner drops a byte order mark at the start of a word.
    cursor = _Cursor(text.removeprefix("\ufeff"), variables, lexing)
    result, words = _process_until("", cursor, lexing.raw_escapes)
    return Expanded(result, words, frozenset(cursor.looked_up))


def _process_until(stop: str, cursor: _Cursor, raw_escapes: bool) -> tuple[str, tuple[str, ...]]:
    outer, cursor.raw_escapes = cursor.raw_escapes, raw_escapes
    try:
        return _process_words(stop, cursor)
    finally:
        cursor.raw_escapes = outer


def _process_words(stop: str, cursor: _Cursor) -> tuple[str, tuple[str, ...]]:
    result: list[str] = []
    words: list[str] = []
    # BuildKit shares one buffer between a word and the words inside its `${...}`: the beginning is lost.
    buffer = cursor.buffer
    buffer.clear()
    while not cursor.at_end():
        char = cursor.peek()
        if char == stop:
            cursor.next()
            _end_word(buffer, words)
            return "".join(result), tuple(words)
        handler = _HANDLERS.get(char)
        if handler is not None:
            piece = handler(cursor)
            result.append(piece)
            if char == "$":
                _add_split(piece, buffer, words)
            else:
                buffer.append(piece)
            continue
        cursor.next()
        if char != cursor.lexing.escape:
            _add_split(char, buffer, words)
            result.append(char)
            continue
        if cursor.raw_escapes:
            buffer.append(char)
            result.append(char)
        if cursor.at_end():
            break
        char = cursor.next()
        buffer.append(char)
        result.append(char)
    if stop:
        raise ExpansionError(f"unexpected end of statement while looking for matching {stop}")
    _end_word(buffer, words)
    return "".join(result), tuple(words)


def _add_split(text: str, buffer: list[str], words: list[str]) -> None:
    for char in text:
        if char in SPACE:
            _end_word(buffer, words)
        else:
            buffer.append(char)


def _end_word(buffer: list[str], words: list[str]) -> None:
    word = "".join(buffer)
    if word:
        words.append(word)
    buffer.clear()


def _single_quoted(cursor: _Cursor) -> str:
    cursor.next()
    end = cursor.text.find("'", cursor.position)
    if end < 0:
        cursor.position = len(cursor.text)
        raise ExpansionError("unexpected end of statement while looking for matching single-quote")
    inner = cursor.text[cursor.position : end]
    cursor.position = end + 1
    return f"'{inner}'" if cursor.lexing.raw_quotes else inner


def _double_quoted(cursor: _Cursor) -> str:
    cursor.next()
    mark = '"' if cursor.lexing.raw_quotes else ""
    result = [mark]
    while True:
        if cursor.at_end():
            raise ExpansionError("unexpected end of statement while looking for matching double-quote")
        char = cursor.peek()
        if char == '"':
            cursor.next()
            result.append(mark)
            return "".join(result)
        result.append(_dollar(cursor) if char == "$" else _quoted_char(cursor))


def _quoted_char(cursor: _Cursor) -> str:
    char = cursor.next()
    escape = cursor.lexing.escape
    if char != escape:
        return char
    # With raw escapes BuildKit writes an escape that escapes nothing twice.
    kept = char if cursor.raw_escapes else ""
    if cursor.at_end():
        return kept
    if cursor.peek() in ('"', "$", escape):
        char = cursor.next()
    return kept + char


def _possible_heredoc(cursor: _Cursor) -> str:
    cursor.next()
    if cursor.peek() != "<":
        return "<"
    cursor.next()
    start = cursor.position
    while not cursor.at_end() and cursor.peek() in "\t\r ":
        cursor.next()
    return "<<" + cursor.text[start : cursor.position]


def _dollar(cursor: _Cursor) -> str:
    cursor.next()
    if cursor.peek() == "{":
        cursor.next()
        return _braced(cursor)
    name = _name(cursor)
    if not name:
        return "$"
    value = cursor.get(name)
    if value is None:
        return f"${name}" if cursor.lexing.keep_unset else ""
    return value


def _name(cursor: _Cursor) -> str:
    """Read a name, a number, or one special parameter."""
    start = cursor.position
    char = cursor.peek()
    if char.isdecimal():
        while cursor.peek().isdecimal():
            cursor.next()
    elif char and char in _SPECIAL:
        cursor.next()
    else:
        while (char := cursor.peek()) and (char.isalpha() or char.isdecimal() or char == "_"):
            cursor.next()
    return cursor.text[start : cursor.position]


def _braced(cursor: _Cursor) -> str:
    if cursor.at_end():
        raise ExpansionError("syntax error: missing '}'")
    if cursor.peek() in "{}:":
        raise ExpansionError("syntax error: bad substitution")
    name = _name(cursor)
    modifier = cursor.next() or "\ufffd"
    if modifier == "}":
        value = cursor.get(name)
        if value is None:
            return f"${{{name}}}" if cursor.lexing.keep_unset else ""
        return value
    if modifier == "/":
        return _replacement(name, cursor)
    if modifier == ":":
        modifier += cursor.next()
    elif modifier not in ("+", "-", "?", "#", "%"):
        raise _unsupported(modifier)
    return _modified(name, modifier, cursor)


def _unsupported(modifier: str) -> ExpansionError:
    return ExpansionError(f"unsupported modifier ({modifier}) in substitution")


def _modified(name: str, modifier: str, cursor: _Cursor) -> str:
    """Apply one of the forms `- + ? # %`, the first three also with a colon."""
    kind = modifier[-1]
    if modifier in (":#", ":%"):
        raise _unsupported(modifier)
    word = _inner(cursor, "}", kind in "#%", "syntax error: missing '}'")
    value = cursor.get(name)
    if value is None and cursor.lexing.keep_unset:
        return f"${{{name}{modifier}{word}}}"
    missing = value is None or (modifier.startswith(":") and not value)
    match kind:
        case "-":
            return word if missing else value or ""
        case "+":
            return "" if missing else word
        case "?" if missing:
            state = "unset" if value is None else "empty"
            raise ExpansionError(f"{name}: {word or f'is not allowed to be {state}'}")
        case "?":
            return value or ""
        case "#":
            return remove_prefix(value or "", word)
        case "%":
            return remove_suffix(value or "", word)
    raise _unsupported(modifier)


def _replacement(name: str, cursor: _Cursor) -> str:
    """Apply `${name/pattern/text}`, with `//` for every occurrence."""
    every = cursor.peek() == "/"
    if every:
        cursor.next()
    pattern = _inner(cursor, "/", True, "syntax error: missing '/' in ${}")
    replacement = _inner(cursor, "}", True, "syntax error: missing '}'")
    value = cursor.get(name)
    if value is None and cursor.lexing.keep_unset:
        return f"${{{name}/{pattern}/{replacement}}}"
    return replace_pattern(value or "", pattern, replacement, every=every)


def _inner(cursor: _Cursor, stop: str, raw_escapes: bool, unfinished: str) -> str:
    try:
        return _process_until(stop, cursor, raw_escapes)[0]
    except ExpansionError:
        if cursor.at_end():
            raise ExpansionError(unfinished) from None
        raise


_HANDLERS: dict[str, _Handler] = {
    "$": _dollar,
    "<": _possible_heredoc,
    "'": _single_quoted,
    '"': _double_quoted,
}
