"""Servers that read one folder of a project and nothing else of it: read from ``static_servers.toml``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dfmigrate.knowledge.packs import read_pack


@dataclass(frozen=True, slots=True)
class Served:
    """What a command line serves."""

    folder: str
    """As written."""
    packages: tuple[str, ...]
    """The npm packages that bring the program."""
    settings: tuple[str, ...]
    """Files in the folder that the program obeys."""
    leading_out: tuple[str, ...]
    """Words in them that make it read elsewhere."""


def served(argv: Sequence[str]) -> Served | None:
    """Return the folder that ``serve -s build`` and its like serve; None where that is another program, or not sure."""
    facts = read_pack("static_servers.toml").get(argv[0]) if argv else None
    if facts is None:
        return None
    folders: list[str] = []
    at = 1
    while at < len(argv):
        word = argv[at]
        name, equals, _ = word.partition("=")
        if not word.startswith("-"):
            if facts.get("first") and at > 1:
                return None
            folders.append(word)
        elif name in facts["values"]:
            at += 0 if equals else 1
        elif name not in facts["flags"]:
            return None
        at += 1
    if len(folders) != 1:
        return None
    return Served(folders[0], tuple(facts["packages"]), tuple(facts["settings"]), tuple(facts["leading_out"]))
