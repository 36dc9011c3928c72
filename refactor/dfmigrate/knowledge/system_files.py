"""Lists of the system, such as /etc/services: which images bring them, and which package does."""

from __future__ import annotations

from typing import Any, Literal

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packs import read_pack

SystemFile = Literal["services", "media-types", "time-zones"]


def path_of(file: SystemFile) -> str:
    """Return where programs look for it."""
    path: str = _facts(file)["path"]
    return path


def has_file(facts: ImageFacts, file: SystemFile) -> bool:
    """True only where it is known."""
    known = _facts(file)
    if facts.distribution in known.get("always", ()):
        return True
    if facts.distribution not in known["distributions"]:
        return False
    return facts.family in known["families"] or set(known["tools"]) <= facts.tools


def package_of(facts: ImageFacts, file: SystemFile) -> str | None:
    """Return the package that brings it on an image's release; None where that is not known."""
    known = _facts(file)
    packages: dict[str, str] = known["packages"]
    if facts.distribution not in known["distributions"] or facts.package_manager is None:
        return None
    return packages.get(facts.release or "", packages.get(""))


def known_types(facts: ImageFacts) -> frozenset[str] | None:
    """Return the endings of files whose type Go knows itself just as the list of media types has it; None where that
    is not known of an image."""
    known = read_pack("system_files.toml")["known-types"]
    if facts.family != "golang" or facts.release not in known["releases"]:
        return None
    numbers = tuple(int(part) for part in (facts.version or "").split(".")[:2] if part.isdigit())
    # A tag without a version is the newest.
    return frozenset(known["endings"]) if facts.version is None or numbers >= tuple(known["since"]) else None


def _facts(file: SystemFile) -> dict[str, Any]:
    found: dict[str, Any] = read_pack("system_files.toml")[file]
    return found
