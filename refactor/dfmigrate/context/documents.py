"""Manifests as documents: JSON, TOML, YAML and XML files of the context, each parsed once; None when unreadable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dfmigrate.context.build_context import MAX_LOCK, Context
from dfmigrate.context.parsing import ManifestError, parse_json_object, parse_jsonc_object, parse_toml
from dfmigrate.context.remembered import remembered

if TYPE_CHECKING:
    from dfmigrate.context.yaml_subset import Value


@remembered
def json_file(context: Context, path: str) -> Mapping[str, object] | None:
    """A JSON object; None when it is not there or cannot be read."""
    text = context.read(path, MAX_LOCK)
    try:
        return None if text is None else parse_json_object(text)
    except ManifestError:
        return None


@remembered
def jsonc_file(context: Context, path: str) -> Mapping[str, object] | None:
    """A JSON object with comments and trailing commas; None when it is not there or cannot be read."""
    text = context.read(path, MAX_LOCK)
    try:
        return None if text is None else parse_jsonc_object(text)
    except ManifestError:
        return None


@remembered
def toml_file(context: Context, path: str) -> Mapping[str, object] | None:
    """A TOML document; None when it is not there or cannot be read."""
    text = context.read(path, MAX_LOCK)
    try:
        return None if text is None else parse_toml(text)
    except ManifestError:
        return None


@remembered
def yaml_file(context: Context, path: str) -> Mapping[str, Value] | None:
    """A YAML mapping of the plain kind (``yaml_subset``); None when it is not there or cannot be read."""
    from dfmigrate.context.yaml_subset import YamlError, parse_yaml

    text = context.read(path, MAX_LOCK)
    try:
        value = None if text is None else parse_yaml(text)
    except YamlError:
        return None
    return value if isinstance(value, dict) else None
