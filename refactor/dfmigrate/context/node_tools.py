"""Commands that npm packages bring, and what each of them does."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources

from dfmigrate.context.parsing import mapping, strings, texts


class Role(Enum):
    """What running a command amounts to."""

    RUN = "run"
    DEV = "dev"
    TRANSPILE = "transpile"
    BUILD = "build"
    MIGRATE = "migrate"
    CHECK = "check"
    FILES = "files"
    GENERATE = "generate"
    WRAP = "wrap"


@dataclass(frozen=True, slots=True)
class NodeTool:
    """A command of a well-known package."""

    name: str
    packages: tuple[str, ...]
    role: Role
    subcommands: Mapping[str, Role]

    def role_of(self, arguments: tuple[str | None, ...]) -> Role:
        """The role of a call, by its first argument that is not an option."""
        if any(argument in ("-w", "--watch") for argument in arguments) and self.role is not Role.CHECK:
            return Role.DEV
        for argument in arguments:
            if argument is not None and not argument.startswith("-"):
                return self.subcommands.get(argument, self.role)
        return self.role


def image_commands() -> frozenset[str]:
    """Commands that no package of the project brings."""
    return frozenset(strings(_pack()["image_commands"]))


def manager_verbs() -> frozenset[str]:
    """First arguments with which a package manager runs no script."""
    return frozenset(strings(_pack()["manager_verbs"]))


def concurrently_options() -> frozenset[str]:
    """Options of ``concurrently`` that take a value."""
    return frozenset(strings(_pack()["concurrently_options"]))


@cache
def node_tools() -> Mapping[str, NodeTool]:
    """The table, by command."""
    return {
        name: NodeTool(
            name=name,
            packages=strings(mapping(tool).get("package")),
            role=Role(mapping(tool).get("role")),
            subcommands={key: Role(value) for key, value in texts(mapping(tool).get("subcommand")).items()},
        )
        for name, tool in mapping(_pack()["tool"]).items()
    }


@cache
def _pack() -> Mapping[str, object]:
    return tomllib.loads(resources.files(__package__).joinpath("node_tools.toml").read_text("utf-8"))
