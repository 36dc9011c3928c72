"""The module of a Python distribution whose import shows that its native code finds its libraries."""

from __future__ import annotations

from dfmigrate.knowledge.dependencies import normal_name
from dfmigrate.knowledge.packs import read_pack


def import_check(distribution: str) -> str | None:
    """The module's name; None where none is known."""
    name = normal_name(distribution)
    found: str | None = read_pack("imports.toml")["modules"].get(name) if name != "source" else None
    return found
