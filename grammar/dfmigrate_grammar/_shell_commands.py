"""Reading lists of commands and what joins them."""

from __future__ import annotations

import re

from ._shell_compounds import read_arithmetic_or_subshell, read_function, read_group, read_keyword
from ._shell_cursor import (
    BRACE,
    CLOSING_WORDS,
    CONTROL,
    END,
    NEWLINE,
    OPENING_WORDS,
    OTHER,
    PAREN,
    REDIRECT,
    WORD,
    Cursor,
    Opaque,
)
from ._shell_simple import read_simple
from ._shell_tests import read_test
from ._shell_tree import AndOr, Bashism, Command, List_, Pipeline

_ENDS = (END, CONTROL)
_begins_test = re.compile(r"\[\[[ \t\n]").match


def read_list(cursor: Cursor) -> List_ | None:
    """The commands up to a token with which none can begin; None when there are none."""
    items: list[AndOr] = []
    while True:
        token = cursor.token
        kind = token.lastindex
        if kind == NEWLINE:
            cursor.skip_newlines()
            continue
        if kind in _ENDS or token[WORD] in CLOSING_WORDS or token[PAREN] == ")" or token[BRACE] == "}":
            break
        item = _read_and_or(cursor)
        items.append(item)
        if not item.terminator:
            break
    return List_((items[0].span[0], items[-1].span[1]), tuple(items)) if items else None


def _read_and_or(cursor: Cursor) -> AndOr:
    pipelines = [_read_pipeline(cursor)]
    operators: list[str] = []
    while True:
        token = cursor.token
        operator = token[CONTROL]
        if operator != "&&" and operator != "||":
            break
        operators.append(operator)
        cursor.advance(token.end())
        cursor.skip_newlines()
        pipelines.append(_read_pipeline(cursor))
    terminator = ""
    if operator == ";" or operator == "&":
        terminator = operator
        cursor.advance(token.end())
    elif token.lastindex == NEWLINE:
        terminator = "\n"
        cursor.skip_newline()
    return AndOr((pipelines[0].span[0], pipelines[-1].span[1]), tuple(pipelines), tuple(operators), terminator)


def _read_pipeline(cursor: Cursor) -> Pipeline:
    token = cursor.token
    if token[BRACE] == "!" or token[WORD] == "time":
        return _read_marked_pipeline(cursor)
    command = _read_command(cursor)
    operator = cursor.token[CONTROL]
    if operator == "|" or operator == "|&":
        return _read_piped(cursor, command)
    return Pipeline(command.span, (command,))


def _read_marked_pipeline(cursor: Cursor) -> Pipeline:
    start = cursor.token.start(cursor.token.lastindex or 0)
    negated = timed = False
    while (mark := cursor.token[BRACE] or cursor.token[WORD]) in ("!", "time"):
        if mark == "!":
            negated = not negated
        else:
            timed = True
            cursor.bashisms.append(Bashism("time", cursor.token.span(WORD)))
        cursor.advance(cursor.token.end())
        if timed and cursor.token[WORD] == "-p":
            cursor.advance(cursor.token.end())
    bare = _read_pipeline(cursor)
    return Pipeline((start, bare.span[1]), bare.commands, bare.operators, negated, timed)


def _read_piped(cursor: Cursor, first: Command) -> Pipeline:
    commands = [first]
    operators: list[str] = []
    while (operator := cursor.token[CONTROL]) == "|" or operator == "|&":
        if operator == "|&":
            cursor.bashisms.append(Bashism("|&", cursor.token.span(CONTROL)))
        operators.append(operator)
        cursor.advance(cursor.token.end())
        cursor.skip_newlines()
        commands.append(_read_command(cursor))
    return Pipeline((first.span[0], commands[-1].span[1]), tuple(commands), tuple(operators))


def _read_command(cursor: Cursor) -> Command:
    token = cursor.token
    kind = token.lastindex
    if kind == WORD:
        written = token[WORD]
        if written in OPENING_WORDS:
            return read_keyword(cursor, written, _read_command)
        if written in CLOSING_WORDS or written == "coproc":
            raise Opaque(f"`{written}` where a command should be")
        return _read_simple_or_function(cursor)
    if kind == OTHER:
        begins_test = _begins_test(cursor.text, token.end(), cursor.limit)
        return read_test(cursor) if begins_test else _read_simple_or_function(cursor)
    if kind == REDIRECT:
        return read_simple(cursor)
    if token[BRACE] == "{":
        return read_group(cursor)
    if token[PAREN] == "(":
        return read_arithmetic_or_subshell(cursor)
    raise Opaque("a command is missing")


def _read_simple_or_function(cursor: Cursor) -> Command:
    simple = read_simple(cursor)
    if cursor.token[PAREN] != "(":
        return simple
    name = simple.words[0] if simple.words else None
    if name is None or name.span != simple.span or name.text != name.literal or name.text[-1] in "+@!":
        raise Opaque("a parenthesis where it has no meaning")
    return read_function(cursor, name, _read_command)
