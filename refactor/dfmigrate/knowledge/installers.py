"""What is known of the programs that install a language's packages: read from ``installers.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dfmigrate.knowledge.packs import read_pack


def lists_its_packages(program: str | None) -> bool:
    """Tell whether what a program installs can be read from the project's manifests."""
    return program in read_pack("installers.toml")["listed"]["programs"] or is_python_installer(program)


def may_name_files(variable: str) -> bool:
    """Tell whether a variable steers an installer in a way that may make it read further files."""
    facts = read_pack("installers.toml")["variables"]
    return variable.upper().startswith(tuple(facts["steering"])) and variable not in facts["harmless"]


def without_development(node_version: str | None) -> str:
    """Return the option with which the npm of a Node version leaves development dependencies out."""
    facts: dict[str, Any] = read_pack("installers.toml")["npm"]
    major = (node_version or "").partition(".")[0]
    option: str = facts["omit"] if major.isdigit() and int(major) >= facts["omit_since"] else facts["production"]
    return option


@dataclass(frozen=True, slots=True)
class Pruning:
    """How a package manager of Node takes development packages away."""

    command: tuple[str, ...]
    without_scripts: str | None
    """The option with which the project's own install scripts do not run."""
    keeps: tuple[str, ...]
    """Options of the install that must be said again."""
    since: int
    """The major version of Node from which on this holds."""


def pruning(manager: str) -> Pruning | None:
    """Return how ``npm``, ``pnpm`` or ``yarn`` (version 1) prunes; None for one that cannot, or is not examined."""
    facts = read_pack("installers.toml")["prune"].get(manager)
    if facts is None:
        return None
    return Pruning(tuple(facts["command"]), facts.get("scripts"), tuple(facts["keeps"]), facts["since"])


def native_helpers() -> frozenset[str]:
    """npm packages that a package with native code depends on to build or to find it."""
    return frozenset(read_pack("installers.toml")["npm"]["native"]["packages"])


def installs_without_tools(name: str) -> bool:
    """Whether npm installs this package by its name alone, and all that it brings, without compiler, Python and Git."""
    return name in read_pack("installers.toml")["npm"]["scriptless"]["packages"]


def reads_the_project() -> frozenset[str]:
    """npm packages whose own install scripts read files of the project."""
    return frozenset(read_pack("installers.toml")["npm"]["reads_project"]["packages"])


def needs_no_other_gem(name: str) -> bool:
    """Tell whether a gem depends on no other, whatever its version."""
    return name in read_pack("installers.toml")["gem"]["alone"]


def is_python_installer(program: str | None) -> bool:
    """Tell whether a program other than pip installs Python packages."""
    return program in read_pack("installers.toml")["python"]["installers"]


def commands_of_python_tool(distribution: str) -> tuple[str, ...] | None:
    """The commands that a distribution brings which only helps to install others; None for every other one."""
    found = read_pack("installers.toml")["python"]["tools"]["commands"].get(distribution)
    return tuple(found) if found is not None else None


def brought_by_image(reference: str) -> tuple[str, ...]:
    """The programs of an image that holds a package manager and nothing else; empty for every other image."""
    name = reference.partition("@")[0]
    if ":" in name.rpartition("/")[2]:
        name = name.rpartition(":")[0]
    return tuple(read_pack("installers.toml")["python"]["images"].get(name, ()))


@dataclass(frozen=True, slots=True)
class HomeFolder:
    """What the install scripts of some packages leave in the home directory."""

    packages: tuple[str, ...]
    folder: str
    """Relative to the home directory."""
    since: tuple[int, ...]
    before: tuple[int, ...] | None
    """The versions of the packages that do so."""
    skip: tuple[tuple[str, tuple[int, ...] | None], ...]
    """Variables that leave it out, each with the version of the packages before which it does."""
    place: str
    """The variable that moves it."""
    instead: str | None
    """The variable by which the process takes something else."""
    sure: bool
    """Whether an install that ends well has made the folder, unless it is told otherwise."""
    variables: str | None
    """How the names of variables begin that tell it."""
    settings: str | None
    """What the names of files match that tell it."""


def home_folders() -> tuple[HomeFolder, ...]:
    """Every one that is known."""
    packs = {name: facts for name, facts in read_pack("installers.toml")["homes"].items() if name != "source"}
    return tuple(_home_folder(facts) for facts in packs.values())


def _home_folder(facts: dict[str, Any]) -> HomeFolder:
    skip = (text.partition(" <") for text in facts["skip"])
    return HomeFolder(
        tuple(facts["packages"]),
        facts["folder"],
        _numbers(facts.get("since", "0")),
        _numbers(facts["before"]) if "before" in facts else None,
        tuple((name, _numbers(limit) if limit else None) for name, _, limit in skip),
        facts["place"],
        facts.get("instead"),
        facts.get("sure", False),
        facts.get("variables"),
        facts.get("settings"),
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
