"""Reading redirections, and the heredocs that they ask for."""

from __future__ import annotations

import re

from ._shell_cursor import BRACE, OTHER, REDIRECT, WORD, Cursor, Opaque, next_token
from ._shell_expansions import read_parts
from ._shell_tree import Bashism, Heredoc, Redirect, Word
from ._shell_words import read_word

_descriptor = re.compile(r"\d++|\{\w++\}").match
_duplicated = re.compile(r"[ \t]*+(\d++)(?=[<>])").match
_line_end = re.compile(r"(?:[^\\\n]++|\\.)*+(?=\n)", re.DOTALL).match
_BASH_OPERATORS = frozenset({"<<<", "&>", "&>>"})


def read_redirects(cursor: Cursor) -> tuple[Redirect, ...]:
    """The redirections behind a compound command."""
    redirects: list[Redirect] = []
    while cursor.token.lastindex == REDIRECT:
        redirects.append(read_redirect(cursor, cursor.token))
        cursor.advance(redirects[-1].span[1])
    return tuple(redirects)


def read_redirect(cursor: Cursor, token: re.Match[str]) -> Redirect:
    """The redirection that begins with this token."""
    written = token[REDIRECT]
    descriptor = _descriptor(written)
    fd = descriptor[0] if descriptor else None
    operator = written[len(fd) :] if fd else written
    target = _read_target(cursor, token.end(), operator)
    span = token.start(REDIRECT), target.span[1]
    if operator in _BASH_OPERATORS or (fd and fd[0] == "{"):
        cursor.bashisms.append(Bashism(operator, span))
    heredoc = _read_heredoc(cursor, target, operator == "<<-") if operator == "<<" or operator == "<<-" else None
    return Redirect(span, fd, operator, target, heredoc)


def _read_target(cursor: Cursor, position: int, operator: str) -> Word:
    text, limit = cursor.text, cursor.limit
    if operator in ("<&", ">&") and (number := _duplicated(text, position, limit)):
        return Word(number[1], number.span(1), number[1])
    token = next_token(text, position, limit)
    assert token is not None
    kind = token.lastindex
    if kind == WORD:
        return Word(token[WORD], token.span(WORD), token[WORD])
    if kind in (OTHER, BRACE):
        return read_word(cursor, token.start(kind))
    raise Opaque("a redirection without a target")


def _read_heredoc(cursor: Cursor, delimiter: Word, strips_tabs: bool) -> Heredoc:
    text = cursor.text
    ending = delimiter.literal
    if ending is None or "\n" in delimiter.text:
        raise Opaque("a heredoc whose closing line is not plain")
    if cursor.heredoc_line < 0:
        line_end = _line_end(text, delimiter.span[1], cursor.limit)
        if line_end is None:
            raise Opaque("a heredoc without lines")
        # Whether this really is the end of the line shows when the newline is reached.
        cursor.heredoc_line, cursor.heredoc_end = line_end.end(), line_end.end() + 1
    start = cursor.heredoc_end
    expands = ending == delimiter.text
    end, after = _find_closing_line(cursor, ending, strips_tabs=strips_tabs, joins_lines=expands)
    parts = read_parts(cursor, start, end) if expands else ()
    cursor.heredoc_end = after
    return Heredoc((start, end), text[start:end], ending, expands, strips_tabs, parts)


def _find_closing_line(cursor: Cursor, ending: str, *, strips_tabs: bool, joins_lines: bool) -> tuple[int, int]:
    """Where the closing line begins, and where the text goes on after it."""
    text, limit = cursor.text, cursor.limit
    position = cursor.heredoc_end
    joined = False
    while position < limit:
        newline = text.find("\n", position, limit)
        line = text[position : newline if newline >= 0 else limit]
        if not joined and (line.lstrip("\t") if strips_tabs else line) == ending:
            return position, newline + 1 if newline >= 0 else limit
        if newline < 0:
            break
        joined = joins_lines and (len(line) - len(line.rstrip("\\"))) % 2 == 1
        position = newline + 1
    raise Opaque("a heredoc is not closed")
