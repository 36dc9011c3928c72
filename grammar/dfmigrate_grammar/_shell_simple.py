"""Reading simple commands: assignments, words and redirections."""

from __future__ import annotations

import re

from ._shell_cursor import (
    BRACE,
    CLOSING_WORDS,
    OPENING_WORDS,
    OTHER,
    PAREN,
    REDIRECT,
    WORD,
    Cursor,
    Opaque,
    next_token,
)
from ._shell_expansions import read_parts
from ._shell_redirects import read_redirect
from ._shell_tree import Array, Assignment, Bashism, Redirect, Simple, Word
from ._shell_words import read_word

_head = re.compile(r"([A-Za-z_]\w*+)(?:(\+?=)|\[)", re.ASCII).match
_operator = re.compile(r"\+?=").match
_in_subscript = re.compile(
    r"""[][\n;&|<>] | '[^']*+' | "[^"\\]*+(?:\\.[^"\\]*+)*+" | \\. | ['"]""", re.VERBOSE | re.DOTALL
).finditer
_delimiter = re.compile(r"[ \t\n;&|<>()]|\\\n[ \t\n]|\Z").match
# Words of the grammar itself. As written plainly they do not come here.
_RESERVED = OPENING_WORDS | CLOSING_WORDS | {"time", "coproc", "{", "}", "!", "[[", "]]"}
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
            if not words and "=" in written and (assignment := _read_assignment(cursor, span[0])):
                assignments.append(assignment)
            else:
                words.append(Word(written, span, written))
        elif kind in (OTHER, BRACE):
            position = token.start(kind)
            if not words and (assignment := _read_assignment(cursor, position)):
                assignments.append(assignment)
                end = assignment.span[1]
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


def _read_assignment(cursor: Cursor, start: int) -> Assignment | None:
    text, limit = cursor.text, cursor.limit
    head = _head(text, start, limit)
    if head is None:
        return None
    operator, subscript = head, None
    if head[2] is None:
        subscript = _read_subscript(cursor, head.end())
        found = _operator(text, subscript.span[1] + 1, limit)
        if found is None:
            return None
        operator = found
    value = _read_value(cursor, operator.end())
    if subscript or operator[0][-2:] == "+=":
        cursor.bashisms.append(Bashism("assignment", (start, operator.end())))
    sign = "+=" if operator[0][-2:] == "+=" else "="
    return Assignment((start, value.span[1]), head[1], sign, value, subscript)


def _read_subscript(cursor: Cursor, start: int) -> Word:
    """What stands between brackets behind a name, be it a subscript or a part of a pattern."""
    depth = 1
    for match in _in_subscript(cursor.text, start, cursor.limit):
        if match[0] == "[":
            depth += 1
        elif match[0] == "]":
            depth -= 1
            if not depth:
                break
        elif match[0] in "\n;&|<>'\"":
            raise Opaque("a bracket is not closed")
    if depth:
        raise Opaque("a bracket is not closed")
    end = match.start()
    written = cursor.text[start:end]
    if "'" in written and "$" in written:
        raise Opaque("a subscript that is not plain")
    return Word(written, (start, end), written if written.isalnum() else None, read_parts(cursor, start, end))


def _read_value(cursor: Cursor, start: int) -> Word:
    if cursor.text.startswith("(", start, cursor.limit):
        array = _read_array(cursor, start)
        return Word(cursor.text[start : array.span[1]], array.span, None, (array,))
    if _delimiter(cursor.text, start, cursor.limit):
        return Word("", (start, start), "")
    return read_word(cursor, start)


def _read_argument(cursor: Cursor, start: int, before: list[Word]) -> Word:
    if not before:
        return _read_name(cursor, start)
    head = _head(cursor.text, start, cursor.limit) if before[0].literal in _DECLARATIONS else None
    if head is None or not cursor.text.startswith("(", head.end(), cursor.limit):
        return read_word(cursor, start)
    array = _read_array(cursor, head.end())
    return Word(cursor.text[start : array.span[1]], (start, array.span[1]), None, (array,))


def _read_name(cursor: Cursor, start: int) -> Word:
    word = read_word(cursor, start)
    joined = word.text.replace("\\\n", "")
    if joined in _RESERVED or (joined != word.text and _head(joined)):
        raise Opaque(f"`{joined}` where a command should be")
    return word


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
