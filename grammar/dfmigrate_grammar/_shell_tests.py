"""Reading bash's tests."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ._shell_cursor import BRACE, CONTROL, OTHER, PAREN, REDIRECT, WORD, Cursor, Opaque
from ._shell_redirects import read_redirects
from ._shell_tree import Bashism, Test, Word
from ._shell_words import read_regex, read_word

_OPERATORS = frozenset({"&&", "||", "<", ">", "(", ")"})
_is_unary = re.compile(r"-[a-zA-Z]\Z").match
_is_binary = re.compile(r"(?:[=!]?=|!=|=~|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))\Z").match


def read_test(cursor: Cursor) -> Test:
    """`[[ ... ]]`."""
    start = cursor.token.start(OTHER)
    cursor.bashisms.append(Bashism("[[", (start, start + 2)))
    cursor.advance(start + 2)
    tokens: list[Word | str] = []
    while True:
        cursor.skip_newlines()
        kind = cursor.token.lastindex or 0
        position = cursor.token.start(kind)
        last = tokens[-1] if tokens else ""
        if isinstance(last, Word) and last.text == "=~":
            word = read_regex(cursor, position)
        elif kind in (WORD, OTHER, BRACE):
            word = read_word(cursor, position)
        else:
            tokens.append(_read_operator(cursor, after_word=isinstance(last, Word) and last.span[1] == position))
            continue
        cursor.advance(word.span[1])
        if word.text == "]]":
            break
        tokens.append(word)
    if not _is_expression(tokens):
        raise Opaque("a test that is not understood")
    redirects = read_redirects(cursor)
    end = redirects[-1].span[1] if redirects else word.span[1]
    return Test((start, end), tuple(token for token in tokens if isinstance(token, Word)), redirects)


def _read_operator(cursor: Cursor, *, after_word: bool) -> str:
    token = cursor.token
    operator = token[CONTROL] or token[REDIRECT] or token[PAREN]
    if operator not in _OPERATORS or (operator == "(" and after_word):
        raise Opaque("a test that is not understood")
    cursor.advance(token.end())
    return operator


def _is_expression(tokens: Sequence[Word | str]) -> bool:
    written = [token.text if isinstance(token, Word) else token for token in tokens]
    is_word = [isinstance(token, Word) for token in tokens] + [False, False]
    position = parens = 0
    while True:
        while position < len(tokens) and written[position] in ("!", "("):
            parens += written[position] == "("
            position += 1
        if not is_word[position]:
            return False
        if position + 2 < len(tokens) and is_word[position + 2] and _is_binary(written[position + 1]):
            position += 3
        elif _is_unary(written[position]) and is_word[position + 1]:
            position += 2
        else:
            position += 1
        while position < len(tokens) and written[position] == ")":
            parens -= 1
            position += 1
        if position == len(tokens) or parens < 0:
            return parens == 0
        if written[position] not in ("&&", "||") or is_word[position]:
            return False
        position += 1
