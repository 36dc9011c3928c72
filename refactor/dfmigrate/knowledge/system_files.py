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


def _facts(file: SystemFile) -> dict[str, Any]:
    found: dict[str, Any] = read_pack("system_files.toml")[file]
    return found
