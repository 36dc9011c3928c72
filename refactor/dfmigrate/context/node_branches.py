"""Branches of JavaScript that a fixed ``NODE_ENV`` never takes, such as what only development loads."""

from __future__ import annotations

import re

from dfmigrate.context.source_text import JS_PATTERN, Source

_MAX_BLOCK = 20_000
_TEST = re.compile(
    r"(?<![\w.$])if\s*\(\s*(?:process\.env\.NODE_ENV|process\.env\[['\"]NODE_ENV['\"]\])\s*"
    r"(?P<operator>[=!]==?)\s*(?P<quote>['\"])(?P<value>\w*)(?P=quote)\s*\)\s*(?=\{)"
)
_ELSE = re.compile(r"\s*else\s*(?=\{)")
_SET = re.compile(
    r"\bNODE_ENV['\"]?\]?\s*(?:[|&?]{2})?=(?!=)|\bprocess\.env\s*=(?!=)|\bprocess\s*=(?!=)"
    r"|\bprocess\.env\[[^\]'\"]{1,200}\]\s*(?:[|&?]{2})?=(?!=)|\bassign\(\s*process\.env\b|\boverride['\"]?\s*:\s*true\b"
)
_LITERAL = r"`(?:[^`\\]|\\.)*+`|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'"
_TOKEN = re.compile(rf"(?P<pattern>{JS_PATTERN})|(?P<literal>{_LITERAL})|(?P<slash>/)|['\"`]", re.DOTALL)
_QUOTE = re.compile(r"['\"`]")
_VALUE = re.compile(r"\$\{[^{}`]*\}")
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def sets_mode(source: Source) -> bool:
    """Whether a file may give ``NODE_ENV`` another value when it runs."""
    return _SET.search(source.code) is not None


def untaken(source: Source, mode: str) -> tuple[tuple[int, int], ...]:
    """The offsets of the blocks that do not run with this ``NODE_ENV``; none where the brackets are not sure."""
    tests = list(_TEST.finditer(source.code))
    pairs = _pairs(source.code) if tests else None
    if pairs is None:
        return ()
    found: list[tuple[int, int]] = []
    for test in tests:
        taken = (test["value"] == mode) == (test["operator"][0] == "=")
        end = pairs.get(test.end())
        other = _ELSE.match(source.code, end + 1) if end is not None else None
        block = (test.end(), end) if not taken else None
        if taken and other is not None:
            block = (other.end(), pairs.get(other.end()))
        if block is not None and block[1] is not None and block[1] - block[0] < _MAX_BLOCK:
            found.append((block[0], block[1]))
    return tuple(found)


def without_untaken(source: Source, mode: str | None) -> str:
    """The code, with the blocks that do not run blanked: every offset stays true."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(untaken(source, mode)) if mode is not None else ():
        if start >= done:
            parts += [source.code[done:start], re.sub(r"[^\n]", " ", source.code[start:end])]
            done = end
    return "".join((*parts, source.code[done:]))


def _pairs(code: str) -> dict[int, int] | None:
    """Each opening bracket's offset with that of its closing one; None unless all of the file pairs up."""
    plain = _without_literals(code)
    if plain is None:
        return None
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for bracket in re.finditer(r"[()\[\]{}]", plain):
        if bracket[0] in "([{":
            opened.append(bracket.start())
            continue
        if not opened or plain[opened[-1]] != _BRACKETS[bracket[0]]:
            return None
        pairs[opened.pop()] = bracket.start()
    return None if opened else pairs


def _without_literals(code: str) -> str | None:
    """The code with strings and regular expressions blanked; None where a quote may not begin or end a string."""
    parts: list[str] = []
    done = 0
    slash = -1
    for token in _TOKEN.finditer(code):
        start = token.start()
        if token["slash"] is not None:
            slash = start
            continue
        if token["pattern"] is not None:
            start = code.index("/", start)
            if _QUOTE.search(token["pattern"]):
                return None
        elif token["literal"] is None or "${" in _VALUE.sub("", token["literal"]):
            # A quote that nothing closes, and a template in a template.
            return None
        elif slash >= 0 and "\n" not in code[slash:start]:
            # What is no division is a regular expression, which may hold the quote.
            return None
        parts += [code[done:start], re.sub(r"[^\n]", " ", code[start : token.end()])]
        done = token.end()
    return "".join((*parts, code[done:]))
