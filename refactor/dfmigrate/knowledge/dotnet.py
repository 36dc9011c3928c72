"""What .NET needs of the system beside itself: read from ``dotnet.toml``."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packs import read_pack


def culture_variable() -> str:
    """The variable that says whether .NET does without the culture data of ICU."""
    name: str = read_pack("dotnet.toml")["cultures"]["variable"]
    return name


def culture_packages(base: ImageFacts, runtime: ImageFacts) -> tuple[str, ...] | None:
    """Return what the SDK's image has of ICU and the runtime's lacks; None when that is not known."""
    facts = read_pack("dotnet.toml")["cultures"]
    if not loses_cultures(base, runtime):
        return ()
    version = (base.version or "").split(".")[0]
    if not version.isdigit() or int(version) < facts["since"]:
        return None
    packages = facts["packages"].get(runtime.distribution)
    return tuple(packages) if packages is not None else None


def loses_cultures(base: ImageFacts, runtime: ImageFacts) -> bool:
    """Tell whether the runtime's image runs without cultures where the SDK's had them."""
    if base.family != "dotnet" or runtime.family != "dotnet":
        return False
    name = culture_variable()
    return base.environment.get(name) != runtime.environment.get(name) == "true"
