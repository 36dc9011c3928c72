"""What the code of a decline or a proof stands for: read from ``hazards.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from dfmigrate.knowledge.packs import read_pack

_OWN = "OWN"
"""The group of the codes that no hazard has, as they are about the tool itself."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """One way in which a migration can break an application, or one reason of the tool itself; texts in Markdown."""

    code: str
    title: str
    breaks: str
    """What goes wrong."""
    tool: str
    """What the tool sees, and does."""
    you: str
    """What lifts a decline, or what to look at."""

    @property
    def anchor(self) -> str:
        """Its place in ``docs/hazards.md``."""
        return self.code.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    text: str
    """What holds for all of them; may be empty."""
    hazards: tuple[Hazard, ...]


def hazard(code: str) -> Hazard | None:
    """By its code, in any case."""
    entry = read_pack("hazards.toml")["codes"].get(code.upper())
    return Hazard(code.upper(), **entry) if entry is not None else None


def hazard_groups() -> tuple[Group, ...]:
    """Every group with its hazards, in the order of the pack."""
    pack = read_pack("hazards.toml")
    groups: dict[str, list[Hazard]] = {key: [] for key in pack["groups"]}
    for code, entry in pack["codes"].items():
        own = not code[1:].isdigit()
        groups[_OWN if own else code[0]].append(Hazard(code, **entry))
    return tuple(
        Group(pack["groups"][key]["name"], pack["groups"][key].get("text", ""), tuple(found))
        for key, found in groups.items()
    )
