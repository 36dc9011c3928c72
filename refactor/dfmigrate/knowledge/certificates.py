"""Whether an image brings the bundle of certificate authorities that TLS clients read, and who reads it."""

from __future__ import annotations

from typing import Any

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packs import read_pack


def _facts(table: str) -> dict[str, Any]:
    found: dict[str, Any] = read_pack("certificates.toml")[table]
    return found


def bundle() -> str:
    """Return its absolute path, the same in Debian, Ubuntu and Alpine."""
    path: str = _facts("bundle")["path"]
    return path


def has_certificates(facts: ImageFacts) -> bool:
    """True only where it is known."""
    present = _facts("present")
    if facts.distribution in present["distributions"] or facts.family in present["families"]:
        return True
    return facts.distribution in _facts("with_curl")["distributions"] and "curl" in facts.tools


def compiles_without_certificates(family: str) -> bool:
    """Tell whether what the images of a family build reads the image's bundle, as it has none of its own."""
    return family in _facts("needed")["families"]


def go_packages() -> frozenset[str]:
    """Packages of Go's standard library that may ask for certificates."""
    return frozenset(_facts("go")["packages"])
