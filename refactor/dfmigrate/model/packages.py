"""The packages that a system package manager's command line names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_INSTALL = {
    "apt-get": "install",
    "apt": "install",
    "apk": "add",
    "yum": "install",
    "dnf": "install",
    "microdnf": "install",
}
_TAKES_VALUE = {
    "-t",
    "--target-release",
    "-o",
    "--option",
    "-c",
    "--config-file",
    "--virtual",
    "-X",
    "--repository",
    "-p",
}


@dataclass(frozen=True, slots=True)
class Installation:
    """One ``apt-get install`` or its like."""

    manager: str
    packages: tuple[str, ...]
    options: tuple[str, ...]
    """The options of the install subcommand as written, with their values."""
    virtual: str | None = None
    """The name that ``apk add --virtual`` gives to the set."""


def installation(argv: Sequence[str | None]) -> Installation | None:
    """The packages that a command installs; None when it installs none or one of its words is not literal."""
    if not argv or argv[0] not in _INSTALL or None in argv:
        return None
    words = [word for word in argv[1:] if word is not None]
    packages: list[str] = []
    options: list[str] = []
    virtual, seen, index = None, False, 0
    while index < len(words):
        word = words[index]
        index += 1
        if word.startswith("-"):
            options.append(word)
            takes_value = word in _TAKES_VALUE or (word == "-t" and argv[0] == "apk")
            if takes_value and index < len(words):
                if word in ("--virtual", "-t") and argv[0] == "apk":
                    virtual = words[index]
                options.append(words[index])
                index += 1
        elif not seen:
            if word != _INSTALL[argv[0]]:
                return None
            seen = True
        else:
            packages.append(word)
    return Installation(argv[0], tuple(packages), tuple(options), virtual) if seen else None


def package_name(word: str) -> str:
    """The name without an exact version, release or architecture: ``curl=7.88*`` is ``curl``."""
    for separator in ("=", "/", "~", "<", ">", "@"):
        word = word.partition(separator)[0]
    return word.partition(":")[0]
