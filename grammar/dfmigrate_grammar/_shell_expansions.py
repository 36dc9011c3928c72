"""Reading what a shell expands: parameters, arithmetic, and commands inside words."""

from __future__ import annotations

import re

from ._shell_cursor import PAREN, Cursor, Opaque
from ._shell_tree import Arithmetic, Bashism, Parameter, Part, Substitution

_TEXT, _ESCAPE, _NAME, _BRACED = range(1, 5)
_quoted_piece = re.compile(
    r"""([^"$`\\]++) | \\(.) | \$([A-Za-z_]\w*+(?!\\\n\w)|[0-9@*\#?$!-]) | \$\{([A-Za-z_]\w*+)\}""",
    re.VERBOSE | re.DOTALL | re.ASCII,
).match

_backquoted = re.compile(r"`([^`\\]*+(?:\\.[^`\\]*+)*+)`", re.DOTALL).match
# In backquotes a line continuation goes before quotes and comments are looked at.
_guarded = re.compile(
    r"""'[^']*+' | "[^"\\]*+(?:\\.[^"\\]*+)*+" | \#[^\n]*+\n | \\.""", re.VERBOSE | re.DOTALL
).finditer
_escaped = re.compile(r"\\[$`\\]").search
_escaped_in_quotes = re.compile(r"\\[$`\\\"]").search

_parameter = re.compile(r"\$\{([#!]?)([A-Za-z_]\w*+|\d++|[@*#?$!-])(?=[]}[:=?+#%/^,@*-])", re.ASCII).match
_operand = re.compile(r"""[^}'"\\$`]++ | '[^']*+' | \\.""", re.VERBOSE | re.DOTALL).match
# Shells do not agree on single quotes here; these mean the same to all.
_operand_in_quotes = re.compile(r"""[^}'"\\$`]++ | '[^}'"\\$`]*+' | \\.""", re.VERBOSE | re.DOTALL).match
_posix_operation = re.compile(r"[}#%=?+-]|:[=?+-]").match

_parens = re.compile(r"""[()] | '[^']*+' | "[^"\\]*+(?:\\.[^"\\]*+)*+" | \\.""", re.VERBOSE | re.DOTALL).finditer
_formula = re.compile(r"""[^()$`"'\\]++ | \\.""", re.VERBOSE | re.DOTALL).match
joined_parens = re.compile(r"\((?:\\\n)++\(").match
_adjacent_operands = re.compile(r"\w[ \t\n]+\w").search
_names = re.compile(r"(?<![\w#])[A-Za-z_]\w*+", re.ASCII).findall


def read_double_quoted(cursor: Cursor, position: int, parts: list[Part]) -> tuple[int, str | None]:
    """From behind the opening quote: the end, and the value if nothing in it expands."""
    text, limit = cursor.text, cursor.limit
    value: list[str] = []
    known = True
    while True:
        piece = _quoted_piece(text, position, limit)
        if piece is not None:
            kind = piece.lastindex
            if kind == _TEXT:
                value.append(piece[1])
            elif kind == _ESCAPE:
                value.append(_unescape(piece[2]))
            else:
                parts.append(Parameter(piece.span(), piece[_NAME] or piece[_BRACED]))
                known = False
            position = piece.end()
            continue
        if position >= limit or text[position] == "\\":
            raise Opaque("a quote is not closed")
        if text[position] == '"':
            return position + 1, "".join(value) if known else None
        end = _read_expansion(cursor, position, parts, quoted=True)
        if end == position + 1:
            value.append("$")
        else:
            known = False
        position = end


def _unescape(char: str) -> str:
    if char in '$`"\\':
        return char
    return "" if char == "\n" else "\\" + char


def read_parts(cursor: Cursor, start: int, end: int) -> tuple[Part, ...]:
    """The expansions in a stretch of text, such as the body of a heredoc, where quotes mean nothing."""
    text, outer = cursor.text, cursor.limit
    parts: list[Part] = []
    position = start
    cursor.limit = end
    while position < end:
        piece = _quoted_piece(text, position, end)
        if piece is not None:
            if piece.lastindex in (_NAME, _BRACED):
                parts.append(Parameter(piece.span(), piece[_NAME] or piece[_BRACED]))
            position = piece.end()
        elif text[position] in '"\\':
            position += 1
        else:
            position = _read_expansion(cursor, position, parts, quoted=True)
    cursor.limit = outer
    return tuple(parts)


def _read_expansion(cursor: Cursor, position: int, parts: list[Part], *, quoted: bool) -> int:
    if cursor.text[position] == "`":
        return read_backquoted(cursor, position, parts, quoted=quoted)
    return read_dollar(cursor, position, parts, quoted=quoted)


def read_dollar(cursor: Cursor, position: int, parts: list[Part], *, quoted: bool) -> int:
    """Read the expansion at this dollar; one position on when the dollar stands for itself."""
    text, limit = cursor.text, cursor.limit
    opening = text[position + 1 : min(position + 3, limit)]
    if opening == "((" and closes_as_arithmetic(cursor, position + 1):
        formula, end = read_arithmetic(cursor, position + 3)
        parts.append(Arithmetic((position, end), formula.names, formula.parts))
        return end
    if opening[:1] == "(":
        return read_commands(cursor, position, "$(", parts)
    if opening[:1] == "{":
        return _read_parameter(cursor, position, parts, quoted=quoted)
    if opening[:1] == "[":
        raise Opaque("the old form of arithmetic, or a dollar before a bracket")
    simple = _quoted_piece(text, position, limit)
    if simple is None:
        if opening == "\\\n" or opening[:1].isalpha() or opening[:1] == "_":
            raise Opaque("an expansion that runs on over a line")
        return position + 1
    parts.append(Parameter(simple.span(), simple[_NAME]))
    return simple.end()


def read_commands(cursor: Cursor, position: int, opening: str, parts: list[Part]) -> int:
    """Read a substitution up to its closing parenthesis."""
    if joined_parens(cursor.text, position + len(opening) - 1, cursor.limit):
        raise Opaque("double parentheses that run on over a line")
    heredoc = cursor.heredoc_line, cursor.heredoc_end
    cursor.heredoc_line = -1
    cursor.deeper()
    cursor.advance(position + len(opening))
    body = cursor.read_list(cursor)
    token = cursor.token
    if token.lastindex != PAREN or token[PAREN] != ")" or cursor.heredoc_line >= 0:
        raise Opaque("a substitution is not closed")
    cursor.depth -= 1
    cursor.heredoc_line, cursor.heredoc_end = heredoc
    parts.append(Substitution((position, token.end()), opening, body))
    return token.end()


def read_backquoted(cursor: Cursor, position: int, parts: list[Part], *, quoted: bool) -> int:
    """Read a backquoted substitution; the shell looks for its end before it looks at anything inside."""
    match = _backquoted(cursor.text, position, cursor.limit)
    if match is None:
        raise Opaque("a backquote is not closed")
    if _changes_in_backquotes(match, quoted=quoted):
        # The commands are not in the text as they run: a level of backslashes goes first.
        parts.append(Substitution(match.span(), "`", None, opaque=True))
        return match.end()
    outer = cursor.limit, cursor.heredoc_line, cursor.heredoc_end
    cursor.limit = match.end() - 1
    cursor.heredoc_line = -1
    cursor.deeper()
    cursor.advance(position + 1)
    body = cursor.read_list(cursor)
    if cursor.token.end() != cursor.limit or cursor.heredoc_line >= 0:
        raise Opaque("a backquoted part is not a whole list of commands")
    cursor.depth -= 1
    cursor.limit, cursor.heredoc_line, cursor.heredoc_end = outer
    parts.append(Substitution(match.span(), "`", body))
    return match.end()


def _changes_in_backquotes(match: re.Match[str], *, quoted: bool) -> bool:
    search = _escaped_in_quotes if quoted else _escaped
    if search(match.string, *match.span(1)):
        return True
    if "\\\n" not in match[1]:
        return False
    return any(one[0][0] in "'#" and "\\\n" in one[0] for one in _guarded(match.string, *match.span(1)))


def _read_parameter(cursor: Cursor, start: int, parts: list[Part], *, quoted: bool) -> int:
    text, limit = cursor.text, cursor.limit
    head = _parameter(text, start, limit)
    if head is None:
        raise Opaque("a parameter expansion that no shell accepts")
    cursor.deeper()
    prefix, name = head[1], head[2]
    inner: list[Part] = []
    position = head.end()
    # Where the operation takes a pattern, single quotes quote even inside double quotes.
    operand = _operand if not quoted or text[position] in "#%/" else _operand_in_quotes
    while True:
        piece = operand(text, position, limit)
        if piece is not None:
            position = piece.end()
            continue
        char = text[position] if position < limit else ""
        if char == "}":
            break
        if char == '"':
            position, _ = read_double_quoted(cursor, position + 1, inner)
        elif char and char in "$`":
            position = _read_expansion(cursor, position, inner, quoted=quoted)
        else:
            raise Opaque("a parameter expansion is not closed")
    cursor.depth -= 1
    span = start, position + 1
    if prefix == "!" or not _posix_operation(text, head.end(), limit):
        cursor.bashisms.append(Bashism("parameter expansion", span))
    parts.append(Parameter(span, name, prefix, text[head.end() : position], tuple(inner)))
    return span[1]


def closes_as_arithmetic(cursor: Cursor, position: int) -> bool:
    """Whether the `((` here is closed by `))`; otherwise it is a subshell that begins with a subshell."""
    depth = 0
    for match in _parens(cursor.text, position, cursor.limit):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
            if depth == 1:
                return cursor.text.startswith(")", match.end(), cursor.limit)
    raise Opaque("a parenthesis is not closed")


def read_arithmetic(cursor: Cursor, start: int) -> tuple[Arithmetic, int]:
    """The formula from here on, and the position behind the `))` that closes it."""
    text, limit = cursor.text, cursor.limit
    cursor.deeper()
    names: list[str] = []
    parts: list[Part] = []
    position, parens = start, 0
    while True:
        piece = _formula(text, position, limit)
        if piece is not None:
            if _adjacent_operands(piece[0]):
                # A POSIX shell sees commands in two subshells here, and those who wrote it may have meant that.
                raise Opaque("double parentheses around what is not arithmetic")
            names += _names(piece[0])
            position = piece.end()
            continue
        char = text[position] if position < limit else ""
        if char == ")" and not parens:
            break
        if char == "(" or char == ")":
            parens += 1 if char == "(" else -1
            position += 1
        elif char == '"':
            position, _ = read_double_quoted(cursor, position + 1, parts)
        elif char and char in "$`":
            position = _read_expansion(cursor, position, parts, quoted=True)
        else:
            raise Opaque("arithmetic that is not understood")
    if not text.startswith("))", position, limit):
        raise Opaque("arithmetic that is not understood")
    cursor.depth -= 1
    return Arithmetic((start, position), tuple(names), tuple(parts)), position + 2
