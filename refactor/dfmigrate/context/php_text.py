"""The PHP code in a PHP file or a Blade template, told apart from its comments and from the text around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Each quantifier is possessive or runs to the end of the text, so that no input makes the scan quadratic.
_LINE_COMMENT = r"(?://|#(?!\[))(?:[^\n?]|\?(?!>))*+"
_HEREDOC = r"<<<[ \t]*+(?P<mark>['\"]?)(?P<tag>[A-Za-z_]\w*+)(?P=mark)[^\n]*+\n.*?(?:^[ \t]*+(?P=tag)\b|\Z)"
_TOKEN = re.compile(
    rf"(?P<comment>{_LINE_COMMENT}|/\*.*?(?:\*/|\Z))|(?P<text>{_HEREDOC}|"
    r'"(?:[^"\\]|\\.)*+"?|'
    r"'(?:[^'\\]|\\.)*+'?)|"
    r"(?P<command>`(?:[^`\\]|\\.)*+`?)|(?P<mark_of_end>\?>|\}\}|!!\}|@endphp\b|[()])",
    re.DOTALL | re.MULTILINE,
)
_OPEN = re.compile(r"<\?(?!xml\b)(?:php\b|=)?")
_OPEN_BLADE = re.compile(
    rf"{_OPEN.pattern}|(?P<skipped>\{{\{{--.*?(?:--\}}\}}|\Z))|"
    r"\{\{|\{!!|@php\b(?![ \t]*+\()|@[A-Za-z]\w*+[ \t]*+\(",
    re.DOTALL,
)
_END = {"<?": "?>", "{{": "}}", "{!": "!!}"}
_COMMAND_IN_TEXT = re.compile(r"(?:\{\$|\$\{)[^}`]*+`")


@dataclass(frozen=True, slots=True)
class PhpText:
    """``code`` is the file with all but code replaced by blanks: every offset stays true."""

    code: str
    runs_commands: bool
    """Whether backticks in the code hand a command to a shell; in comments, texts and around the code they do not."""


def php_text(text: str, path: str) -> PhpText:
    """Read a file; the name says whether it is a template of Blade."""
    opening = _OPEN_BLADE if path.endswith(".blade.php") else _OPEN
    pieces: list[str] = []
    at, runs = 0, False
    while True:
        found = opening.search(text, at)
        start = found.end() if found is not None else len(text)
        pieces.append(_blank(text[at:start]))
        if found is None:
            return PhpText("".join(pieces), runs)
        if found.groupdict().get("skipped") is not None:
            at = start
            continue
        code, at, commands = _code(text, start, _ending(found[0]))
        pieces.append(code)
        runs = runs or commands


def _ending(opening: str) -> str:
    if opening.startswith("@"):
        return ")" if opening.endswith("(") else "@endphp"
    return _END[opening[:2]]


def _code(text: str, start: int, ending: str) -> tuple[str, int, bool]:
    """The code from here to its end without comments, where it ends, and whether it runs a command."""
    pieces: list[str] = []
    at, depth, runs = start, 1, False
    for found in _TOKEN.finditer(text, start):
        if found["comment"] is not None:
            pieces += [text[at : found.start()], _blank(found[0])]
            at = found.end()
        elif found["command"] is not None or (found["text"] or "").startswith('"'):
            runs = runs or found["command"] is not None or _COMMAND_IN_TEXT.search(found[0]) is not None
        elif found["text"] is None:
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            if found[0] == ending and (ending != ")" or depth == 0):
                return "".join((*pieces, text[at : found.end()])), found.end(), runs
    return "".join((*pieces, text[at:])), len(text), runs


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
