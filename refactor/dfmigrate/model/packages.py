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


def verb(argv: Sequence[str | None]) -> str | None:
    """What a package manager is told to do: its first word that is no option; None where that is not literal."""
    skip = False
    for word in argv[1:]:
        if word is None or not (skip or word.startswith("-")):
            return word
        skip = not skip and word in _TAKES_VALUE
    return None


@dataclass(frozen=True, slots=True)
class Removal:
    """One ``apt-get purge`` or its like. Without packages it only takes away what nothing needs."""

    manager: str
    packages: tuple[str, ...]


_REMOVE = {
    "apt-get": ("remove", "purge", "autoremove"),
    "apt": ("remove", "purge", "autoremove"),
    "apk": ("del",),
    "yum": ("remove", "erase", "autoremove"),
    "dnf": ("remove", "erase", "autoremove"),
    "microdnf": ("remove",),
}


def removal(argv: Sequence[str | None]) -> Removal | None:
    """The packages that a command takes away; None when it takes none or one of its words is not literal."""
    if not argv or argv[0] not in _REMOVE or None in argv:
        return None
    words: list[str] = []
    skip = False
    for word in argv[1:]:
        assert word is not None
        if skip or word.startswith("-"):
            skip = not skip and word in _TAKES_VALUE
            continue
        words.append(word)
    if not words or words[0] not in _REMOVE[argv[0]]:
        return None
    return Removal(argv[0], tuple(package_name(word) for word in words[1:]))


@dataclass(slots=True)
class Installed:
    """The packages that are installed by name, oldest first, while the commands of a stage are read."""

    names: list[str]
    sets: dict[str, tuple[str, ...]]
    """Virtual packages of apk, each with what it was made for."""

    def apply(self, argv: Sequence[str | None], *, certain: bool) -> None:
        """Follow one command. Only apk takes away exactly what is named and what nothing needs any more."""
        done = installation(argv)
        if done is not None:
            names = tuple(package_name(package) for package in done.packages)
            self.names.extend(names)
            if done.virtual is not None:
                self.sets[done.virtual] = names
        gone = removal(argv)
        if gone is None or gone.manager != "apk" or not certain or not self.knows(gone):
            return
        for package in gone.packages:
            for name in self.sets.pop(package, (package,)):
                # A removal may name one twice.
                if name in self.names:
                    self.names.remove(name)

    def knows(self, gone: Removal) -> bool:
        """Whether all that is taken away was installed by name before, once, or as a virtual package."""
        kept = [name for names in self.sets.values() for name in names]
        return all(
            package in self.sets or (self.names.count(package) == 1 and package not in kept)
            for package in gone.packages
        )


def package_name(word: str) -> str:
    """The name without an exact version, release or architecture: ``curl=7.88*`` is ``curl``."""
    for separator in ("=", "/", "~", "<", ">", "@"):
        word = word.partition(separator)[0]
    return word.partition(":")[0]
