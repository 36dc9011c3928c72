"""Reading simple commands: assignments, words and redirections."""

from __future__ import annotations

import re

from ._shell_cursor import BRACE, OTHER, PAREN, REDIRECT, WORD, Cursor, Opaque, next_token
from ._shell_redirects import read_redirect
from ._shell_tree import Array, Assignment, Bashism, Redirect, Simple, Word
from ._shell_words import read_word

_assignment = re.compile(r"([A-Za-z_]\w*+)(\[[^]\[\n$`'\"\\ \t]*+\])?(\+?=)", re.ASCII).match
_subscripted = re.compile(r"[A-Za-z_]\w*+\[[^]]*+\]\+?=", re.ASCII).match
_delimiter = re.compile(r"[ \t\n;&|<>()]|\\\n[ \t\n]|\Z").match
# The builtins whose arguments bash reads as assignments, so that an array may stand there.
_DECLARATIONS = frozenset({"declare", "export", "local", "readonly", "typeset"})


def read_simple(cursor: Cursor) -> Simple:
    """The simple command whose first token lies ahead."""
    text, limit = cursor.text, cursor.limit
    token = cursor.token
    assignments: list[Assignment] = []
    words: list[Word] = []
    redirects: list[Redirect] = []
    start = end = token.start(token.lastindex or 0)
    while True:
        kind = token.lastindex
        if kind == WORD:
            written = token[WORD]
            span = token.span(WORD)
            end = span[1]
            if not words and "=" in written and _assignment(written):
                assignments.append(_read_assignment(cursor, span[0]))
            else:
                words.append(Word(written, span, written))
        elif kind in (OTHER, BRACE):
            position = token.start(kind)
            if not words and _assignment(text, position, limit):
                assignments.append(_read_assignment(cursor, position))
                end = assignments[-1].span[1]
            else:
                words.append(_read_argument(cursor, position, words))
                end = words[-1].span[1]
        elif kind == REDIRECT:
            redirects.append(read_redirect(cursor, token))
            end = redirects[-1].span[1]
        else:
            break
        token = next_token(text, end, limit)  # type: ignore[assignment]
    cursor.token = token
    return Simple((start, end), tuple(assignments), tuple(words), tuple(redirects))


def _read_assignment(cursor: Cursor, start: int) -> Assignment:
    head = _assignment(cursor.text, start, cursor.limit)
    assert head is not None
    value = _read_value(cursor, head.end())
    if head[2] or head[3] == "+=":
        cursor.bashisms.append(Bashism("assignment", head.span()))
    return Assignment((start, value.span[1]), head[1], head[3], value, head[2])


def _read_value(cursor: Cursor, start: int) -> Word:
    if cursor.text.startswith("(", start, cursor.limit):
        array = _read_array(cursor, start)
        return Word(cursor.text[start : array.span[1]], array.span, None, (array,))
    if _delimiter(cursor.text, start, cursor.limit):
        return Word("", (start, start), "")
    return read_word(cursor, start)


def _read_argument(cursor: Cursor, start: int, before: list[Word]) -> Word:
    if not before and _subscripted(cursor.text, start, cursor.limit):
        raise Opaque("an array's subscript that is not plain")
    head = _assignment(cursor.text, start, cursor.limit) if before and before[0].literal in _DECLARATIONS else None
    if head is None or not cursor.text.startswith("(", head.end(), cursor.limit):
        return read_word(cursor, start)
    array = _read_array(cursor, head.end())
    return Word(cursor.text[start : array.span[1]], (start, array.span[1]), None, (array,))


def _read_array(cursor: Cursor, start: int) -> Array:
    outer = cursor.token
    words: list[Word] = []
    cursor.advance(start + 1)
    while True:
        cursor.skip_newlines()
        token = cursor.token
        kind = token.lastindex
        if kind not in (WORD, OTHER, BRACE):
            break
        words.append(read_word(cursor, token.start(kind)))
        cursor.advance(words[-1].span[1])
    if kind != PAREN or token[PAREN] != ")":
        raise Opaque("an array is not closed")
    cursor.token = outer
    array = Array((start, token.end()), tuple(words))
    cursor.bashisms.append(Bashism("array", array.span))
    return array
