"""A careful reader of the plain part of YAML: block mappings, block lists, plain and quoted scalars, one-line lists,
and anchored blocks with their aliases and merges.

Whatever else YAML has (other anchors, tags, block scalars, flow over lines, odd indentation) becomes ``UNKNOWN`` where
it stands, so that the rest of the document keeps its meaning. What may change the meaning of the rest raises instead.
"""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from typing import TypeAlias

_MAX_LINES = 200_000
_MAX_DEPTH = 60
_MAX_FLOW_LINES = 200


class YamlError(ValueError):
    """The document is not one that can be read safely."""


class Unknown(enum.Enum):
    """The value of what is there but was not understood."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN

Value: TypeAlias = "str | Unknown | list[Value] | dict[str, Value] | None"
"""Scalars stay text: ``yes`` and ``8080`` are what they look like. An empty value is None."""


@dataclass(frozen=True, slots=True)
class _Line:
    indent: int
    text: str
    number: int


_KEY = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s\-?:,\[\]{}#&*!|>'"%@`][^:#]*?|-[^\s:][^:#]*?)\s*:(?:\s+|$)(.*)"""
)
_ANCHOR = re.compile(r"&([\w.-]+)\s*(?:#.*)?\Z")
_ALIAS = re.compile(r"\*([\w.-]+)\s*(?:#.*)?\Z")
_NAMED = re.compile(r"(?:^|[\s,\[{])&([\w.-]+)")


class _Lines(list[_Line]):
    """The lines of one document, and the blocks in it that have a name of their own."""

    def __init__(self, lines: list[_Line]) -> None:
        super().__init__(lines)
        self.named: dict[str, Value] = {}
        names = [name for line in lines for name in _NAMED.findall(line.text)]
        self.once = frozenset(name for name in names if names.count(name) == 1) if len(names) < 1000 else frozenset()


_BLOCK_SCALAR = re.compile(r"[|>][+-]?\d?[+-]?\s*(?:#.*)?\Z")


def parse_yaml(text: str) -> Value:
    """Read one document; raises ``YamlError``."""
    lines = _lines(text)
    value, at = _block(lines, 0, 0)
    if at < len(lines):
        raise YamlError(f"line {lines[at].number}: unexpected indentation")
    return value


def _lines(text: str) -> _Lines:
    raw = text.replace("\r\n", "\n").split("\n")
    if len(raw) > _MAX_LINES:
        raise YamlError("too long")
    found: list[_Line] = []
    skip_deeper: int | None = None
    for number, line in enumerate(raw, start=1):
        stripped = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if skip_deeper is not None:
            if not stripped or indent > skip_deeper:
                continue
            skip_deeper = None
        if not stripped or stripped.startswith("#") or (number == 1 and stripped.startswith("%YAML")):
            continue
        if stripped in ("---", "...") and not found:
            continue
        if line[: len(line) - len(line.lstrip())].count("\t") or stripped.startswith(("---", "...")):
            raise YamlError(f"line {number}: tabs or several documents")
        found.append(_Line(indent, stripped, number))
        dashes = re.match(r"(?:-\s+)*", stripped)
        item = stripped if dashes is None else stripped[dashes.end() :]
        if _BLOCK_SCALAR.match(item) or _BLOCK_SCALAR.match(re.sub(r"^[^\s].*?:\s+", "", item, count=1)):
            # Keys that follow in the same list item are deeper than the dash, yet not part of the text.
            skip_deeper = indent if _BLOCK_SCALAR.match(item) else indent + len(stripped) - len(item)
    return _Lines(found)


def _block(lines: _Lines, at: int, depth: int) -> tuple[Value, int]:
    if depth > _MAX_DEPTH:
        raise YamlError("nested too deeply")
    if at >= len(lines):
        return None, at
    if lines[at].text.startswith("- ") or lines[at].text == "-":
        return _list(lines, at, depth)
    if _KEY.match(lines[at].text):
        return _mapping(lines, at, depth)
    return _skip(lines, at)


def _skip(lines: _Lines, at: int) -> tuple[Value, int]:
    """Something else, such as a scalar or a flow collection over several lines."""
    indent = lines[at].indent
    single = at + 1 == len(lines) or lines[at + 1].indent < indent
    value = _scalar(lines[at].text) if single else UNKNOWN
    while at < len(lines) and lines[at].indent >= indent:
        at += 1
    return value, at


def _mapping(lines: _Lines, at: int, depth: int) -> tuple[Value, int]:
    indent = lines[at].indent
    result: dict[str, Value] = {}
    while at < len(lines) and lines[at].indent == indent:
        found = _KEY.match(lines[at].text)
        if found is None:
            raise YamlError(f"line {lines[at].number}: neither a key nor a list")
        key = _unquoted(found[1])
        if key in result:
            raise YamlError(f"line {lines[at].number}: key given twice")
        result[key], at = _value(lines, at, found[2].strip(), indent, depth)
    if at < len(lines) and lines[at].indent > indent:
        raise YamlError(f"line {lines[at].number}: unexpected indentation")
    merged = result.get("<<")
    if isinstance(merged, dict):
        del result["<<"]
        # What a mapping says itself comes before what it takes over.
        result = {**merged, **result}
    return result, at


def _list(lines: _Lines, at: int, depth: int) -> tuple[Value, int]:
    indent = lines[at].indent
    result: list[Value] = []
    while at < len(lines) and lines[at].indent == indent and re.match(r"-(?:\s|$)", lines[at].text):
        line = lines[at]
        rest = line.text[1:].lstrip()
        if _KEY.match(rest) and not rest.startswith(("{", "[")):
            # A mapping that starts on the line of the dash is indented by the dash.
            lines[at] = _Line(indent + len(line.text) - len(rest), rest, line.number)
            item, at = _block(lines, at, depth + 1)
        elif rest.startswith("- "):
            item = UNKNOWN
            at = _after_deeper(lines, at + 1, indent)
        else:
            item, at = _value(lines, at, rest, indent, depth)
        result.append(item)
    if at < len(lines) and lines[at].indent > indent:
        raise YamlError(f"line {lines[at].number}: unexpected indentation")
    return result, at


def _value(lines: _Lines, at: int, text: str, indent: int, depth: int) -> tuple[Value, int]:
    """What follows a key or a dash: a scalar on the line, or a block below it."""
    following = lines[at + 1] if at + 1 < len(lines) else None
    if not text or text.startswith("#"):
        # A list may stand at the same indentation as its key.
        same_level = following is not None and following.indent == indent and re.match(r"-(?:\s|$)", following.text)
        owner_is_key = not re.match(r"-(?:\s|$)", lines[at].text)
        if following is not None and (following.indent > indent or (same_level and owner_is_key)):
            return _block(lines, at + 1, depth + 1)
        return None, at + 1
    anchor = _ANCHOR.match(text)
    if anchor is not None and following is not None and following.indent > indent:
        block, at = _block(lines, at + 1, depth + 1)
        if anchor[1] in lines.once:
            lines.named[anchor[1]] = block
        return block, at
    alias = _ALIAS.match(text)
    if alias is not None and (following is None or following.indent <= indent):
        return lines.named.get(alias[1], UNKNOWN), at + 1
    if text.startswith(("[", "{")) and not _is_balanced(text):
        return _joined_flow(lines, at, text)
    if following is not None and following.indent > indent:
        return UNKNOWN, _after_deeper(lines, at + 1, indent)
    return _scalar(text), at + 1


def _joined_flow(lines: _Lines, at: int, text: str) -> tuple[Value, int]:
    """A list in brackets over several lines."""
    for following in range(at + 1, min(len(lines), at + _MAX_FLOW_LINES)):
        text += " " + re.sub(r"\s+#.*", "", lines[following].text)
        if _is_balanced(text):
            return _scalar(re.sub(r",\s*\]\Z", "]", text)), following + 1
    raise YamlError(f"line {lines[at].number}: a bracket that is not closed")


def _is_balanced(text: str) -> bool:
    bare = re.sub(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""", "", text)
    return bare.count("[") == bare.count("]") and bare.count("{") == bare.count("}")


def _after_deeper(lines: _Lines, at: int, indent: int) -> int:
    while at < len(lines) and lines[at].indent > indent:
        at += 1
    return at


def _scalar(text: str) -> Value:
    if text.startswith(('"', "'")):
        quoted = re.match(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?:#.*)?\Z""", text)
        return UNKNOWN if quoted is None else _unquoted(quoted[1])
    if text.startswith("["):
        return _flow_list(re.sub(r"\]\s+#.*\Z", "]", text))
    if text == "{}":
        return {}
    if text.startswith(("&", "*", "!", "|", ">", "{", "%", "@", "`", "? ")):
        return UNKNOWN
    plain = re.sub(r"\s+#.*", "", text)
    return None if plain in ("~", "null", "Null", "NULL") else plain


def _flow_list(text: str) -> Value:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        items = None
    if isinstance(items, list) and all(isinstance(item, str) for item in items):
        return list(items)
    if not text.endswith("]") or re.search(r"[{}\"'\\&*!]|\[.*\[", text):
        return UNKNOWN
    inner = text[1:-1].strip()
    return [item.strip() for item in inner.split(",")] if inner else []


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    return text
