"""JSON, TOML and XML from strangers: bounded, without entities, and never an exception but ``ManifestError``."""

from __future__ import annotations

import enum
import json
import posixpath
import re
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

_MAX_XML_DEPTH = 200
_XML_NAMES = ("pom.xml", "settings.xml", "nuget.config", "packages.config")
_XML_ENDINGS = (".csproj", ".fsproj", ".vbproj", ".props", ".targets", ".slnx")
_JSON_NAMES = (
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "composer.json",
    "composer.lock",
    "global.json",
)
_TOML_NAMES = ("pyproject.toml", "Pipfile", "uv.lock", "poetry.lock", "Cargo.toml", "Cargo.lock")


class ManifestError(ValueError):
    """A manifest that cannot be read, and why in a few words."""


class ManifestKind(enum.Enum):
    """How a manifest is written."""

    JSON = "JSON"
    TOML = "TOML"
    XML = "XML"


def manifest_kind(path: str) -> ManifestKind | None:
    """The syntax of a manifest that this package reads; None for other files."""
    name = posixpath.basename(path)
    if name in _JSON_NAMES:
        return ManifestKind.JSON
    if name in _TOML_NAMES:
        return ManifestKind.TOML
    if name.lower() in _XML_NAMES or name.endswith(_XML_ENDINGS):
        return ManifestKind.XML
    return None


def manifest_error(kind: ManifestKind, text: str | None) -> str | None:
    """Why a manifest cannot be read; None when it can."""
    if text is None:
        return "too big, binary or unreadable"
    try:
        if kind is ManifestKind.JSON:
            parse_json_object(text)
        elif kind is ManifestKind.TOML:
            parse_toml(text)
        else:
            parse_xml(text)
    except ManifestError as error:
        return str(error)
    return None


def parse_json_object(text: str) -> Mapping[str, object]:
    """A JSON object; anything else is a ``ManifestError``."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"not JSON: {_reason(error)}") from error
    if not isinstance(value, dict):
        raise ManifestError("not a JSON object")
    return value


def parse_jsonc_object(text: str) -> Mapping[str, object]:
    """As ``parse_json_object``, but comments and trailing commas are allowed (``tsconfig.json``)."""
    without_comments = _JSONC.sub(lambda found: found[0] if found[0].startswith('"') else " ", text)
    return parse_json_object(_TRAILING_COMMA.sub(lambda found: found[1] or "", without_comments))


def parse_toml(text: str) -> Mapping[str, object]:
    """A TOML document."""
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"not TOML: {_reason(error)}") from error


def parse_xml(text: str) -> ElementTree.Element:
    """An XML document without a document type, so that no entity can be declared, let alone expanded."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ManifestError("XML with a document type is not read")
    try:
        return ElementTree.fromstring(text, ElementTree.XMLParser(target=_ShallowBuilder()))
    except ElementTree.ParseError as error:
        raise ManifestError(f"not XML: {_reason(error)}") from error


class _ShallowBuilder(ElementTree.TreeBuilder):
    """Builds the tree, but gives up on a document made to exhaust whoever walks it."""

    _depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self._depth += 1
        if self._depth > _MAX_XML_DEPTH:
            raise ManifestError("XML nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def mapping(value: object) -> Mapping[str, object]:
    """The value when it is a mapping, else an empty one: for optional tables of a manifest."""
    return value if isinstance(value, dict) else {}


def text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def texts(value: object) -> Mapping[str, str]:
    """The entries of a mapping whose values are text."""
    return {key: item for key, item in mapping(value).items() if isinstance(item, str)}


def strings(value: object) -> tuple[str, ...]:
    """The texts in a list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def line_of(text: str, pattern: str) -> int | None:
    """The line (from 1) where a regular expression first matches."""
    found = re.search(pattern, text)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def _reason(error: BaseException) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:120]


_JSONC = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')
