"""Reading compound commands: groups, conditions, loops, functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ._shell_cursor import BRACE, CONTROL, NEWLINE, OTHER, PAREN, WORD, Cursor, Opaque
from ._shell_expansions import closes_as_arithmetic, joined_parens, read_arithmetic
from ._shell_redirects import read_redirects
from ._shell_tree import (
    Arithmetic,
    ArithmeticCommand,
    Arm,
    Bashism,
    Branch,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    List_,
    Loop,
    Redirect,
    Simple,
    Span,
    Subshell,
    Word,
)
from ._shell_words import read_word

# How a function's body is read; the commands are above this module.
ReadCommand: TypeAlias = Callable[[Cursor], Command]


def read_keyword(cursor: Cursor, keyword: str, read_command: ReadCommand) -> Command:
    """The command that this reserved word begins."""
    if keyword == "function":
        return _read_function_keyword(cursor, read_command)
    cursor.deeper()
    start = cursor.token.start(WORD)
    cursor.advance(cursor.token.end())
    command: Command
    if keyword == "if":
        command = _read_if(cursor, start)
    elif keyword == "case":
        command = _read_case(cursor, start)
    elif keyword == "for" or keyword == "select":
        command = _read_for(cursor, start, keyword)
    else:
        command = _read_loop(cursor, start, keyword)
    cursor.depth -= 1
    return command


def read_group(cursor: Cursor) -> Group:
    """`{ ...; }`."""
    start = cursor.token.start(BRACE)
    cursor.deeper()
    cursor.advance(start + 1)
    body = _read_body(cursor)
    end = _expect(cursor, BRACE, "}")
    cursor.depth -= 1
    redirects = read_redirects(cursor)
    return Group(_span(start, end, redirects), body, redirects)


def read_arithmetic_or_subshell(cursor: Cursor) -> Subshell | ArithmeticCommand:
    """`(...)` or `((...))`."""
    start = cursor.token.start(PAREN)
    if joined_parens(cursor.text, start, cursor.limit):
        raise Opaque("double parentheses that run on over a line")
    cursor.deeper()
    if cursor.text.startswith("((", start, cursor.limit) and closes_as_arithmetic(cursor, start):
        formula, end = _read_double_parens(cursor, start)
        cursor.advance(end)
        cursor.depth -= 1
        redirects = read_redirects(cursor)
        return ArithmeticCommand(_span(start, end, redirects), formula, redirects)
    cursor.advance(start + 1)
    body = _read_body(cursor)
    end = _expect(cursor, PAREN, ")")
    cursor.depth -= 1
    redirects = read_redirects(cursor)
    return Subshell(_span(start, end, redirects), body, redirects)


def read_function(cursor: Cursor, name: Word, read_command: ReadCommand) -> Function:
    """`name() body`, from the opening parenthesis on."""
    cursor.advance(cursor.token.end())
    _expect(cursor, PAREN, ")")
    return _read_function_body(cursor, name.span[0], name.text, read_command)


def _read_if(cursor: Cursor, start: int) -> If:
    branches: list[Branch] = []
    while True:
        condition = _read_body(cursor)
        _expect(cursor, WORD, "then")
        branches.append(Branch(condition, _read_body(cursor)))
        if cursor.token[WORD] != "elif":
            break
        cursor.advance(cursor.token.end())
    otherwise = None
    if cursor.token[WORD] == "else":
        cursor.advance(cursor.token.end())
        otherwise = _read_body(cursor)
    end = _expect(cursor, WORD, "fi")
    redirects = read_redirects(cursor)
    return If(_span(start, end, redirects), tuple(branches), otherwise, redirects)


def _read_loop(cursor: Cursor, start: int, keyword: str) -> Loop:
    condition = _read_body(cursor)
    body, end = _read_do(cursor)
    redirects = read_redirects(cursor)
    return Loop(_span(start, end, redirects), keyword, condition, body, redirects)


def _read_for(cursor: Cursor, start: int, keyword: str) -> For:
    variable: str | None = None
    header: Arithmetic | None = None
    words: tuple[Word, ...] | None = None
    token = cursor.token
    if keyword == "for" and token[PAREN] == "(" and cursor.text.startswith("((", token.start(PAREN), cursor.limit):
        header, end = _read_double_parens(cursor, token.start(PAREN))
        cursor.advance(end)
    else:
        variable = token[WORD]
        if variable is None:
            raise Opaque("a loop without a variable")
        cursor.advance(token.end())
        cursor.skip_newlines()
        if cursor.token[WORD] == "in":
            cursor.advance(cursor.token.end())
            words = _read_words(cursor)
    if keyword == "select":
        cursor.bashisms.append(Bashism("select", (start, start + len(keyword))))
    if cursor.token[CONTROL] == ";":
        cursor.advance(cursor.token.end())
    elif words is not None and cursor.token.lastindex != NEWLINE:
        raise Opaque("the words of a loop are not ended")
    cursor.skip_newlines()
    body, end = _read_do(cursor)
    redirects = read_redirects(cursor)
    return For(_span(start, end, redirects), keyword, variable, words, header, body, redirects)


def _read_words(cursor: Cursor) -> tuple[Word, ...]:
    words: list[Word] = []
    while (kind := cursor.token.lastindex) in (WORD, OTHER, BRACE):
        words.append(read_word(cursor, cursor.token.start(kind)))
        cursor.advance(words[-1].span[1])
    return tuple(words)


def _read_case(cursor: Cursor, start: int) -> Case:
    subject = read_word(cursor, cursor.token.start(cursor.token.lastindex or 0))
    cursor.advance(subject.span[1])
    cursor.skip_newlines()
    _expect(cursor, WORD, "in")
    arms: list[Arm] = []
    cursor.skip_newlines()
    while cursor.token[WORD] != "esac":
        arms.append(_read_arm(cursor))
        cursor.skip_newlines()
        if not arms[-1].terminator:
            break
    end = _expect(cursor, WORD, "esac")
    redirects = read_redirects(cursor)
    return Case(_span(start, end, redirects), subject, tuple(arms), redirects)


def _read_arm(cursor: Cursor) -> Arm:
    if cursor.token[PAREN] == "(":
        cursor.advance(cursor.token.end())
    patterns: list[Word] = []
    while True:
        patterns.append(read_word(cursor, cursor.token.start(cursor.token.lastindex or 0)))
        cursor.advance(patterns[-1].span[1])
        if cursor.token[CONTROL] != "|":
            break
        cursor.advance(cursor.token.end())
    _expect(cursor, PAREN, ")")
    body = cursor.read_list(cursor)
    terminator = cursor.token[CONTROL] or ""
    if terminator in (";;", ";&", ";;&"):
        if terminator != ";;":
            cursor.bashisms.append(Bashism(terminator, cursor.token.span(CONTROL)))
        cursor.advance(cursor.token.end())
    elif terminator:
        raise Opaque(f"`{terminator}` in a case")
    return Arm(tuple(patterns), body, terminator)


def _read_function_keyword(cursor: Cursor, read_command: ReadCommand) -> Function:
    start = cursor.token.start(WORD)
    cursor.bashisms.append(Bashism("function", cursor.token.span(WORD)))
    cursor.advance(cursor.token.end())
    name = cursor.token[WORD]
    if name is None:
        raise Opaque("a function without a plain name")
    cursor.advance(cursor.token.end())
    if cursor.token[PAREN] == "(":
        cursor.advance(cursor.token.end())
        _expect(cursor, PAREN, ")")
    return _read_function_body(cursor, start, name, read_command)


def _read_function_body(cursor: Cursor, start: int, name: str, read_command: ReadCommand) -> Function:
    cursor.deeper()
    cursor.skip_newlines()
    body = read_command(cursor)
    if isinstance(body, Simple | Function):
        raise Opaque("a function whose body is not a compound command")
    cursor.depth -= 1
    return Function((start, body.span[1]), name, body)


def _read_double_parens(cursor: Cursor, start: int) -> tuple[Arithmetic, int]:
    cursor.bashisms.append(Bashism("((", (start, start + 2)))
    return read_arithmetic(cursor, start + 2)


def _read_do(cursor: Cursor) -> tuple[List_, int]:
    _expect(cursor, WORD, "do")
    body = _read_body(cursor)
    return body, _expect(cursor, WORD, "done")


def _read_body(cursor: Cursor) -> List_:
    body = cursor.read_list(cursor)
    if body is None:
        raise Opaque("an empty list of commands")
    return body


def _expect(cursor: Cursor, kind: int, written: str) -> int:
    token = cursor.token
    if token[kind] != written:
        raise Opaque(f"`{written}` is missing")
    cursor.advance(token.end())
    return token.end()


def _span(start: int, end: int, redirects: tuple[Redirect, ...]) -> Span:
    return start, redirects[-1].span[1] if redirects else end
