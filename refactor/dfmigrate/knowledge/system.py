"""What is where in a Linux image, and who may do what there: read from ``system.toml``."""

from __future__ import annotations

import functools
import re
from typing import Any

from dfmigrate.knowledge.packs import read_pack


def _facts(table: str) -> dict[str, Any]:
    found: dict[str, Any] = read_pack("system.toml")[table]
    return found


@functools.cache
def folders(kind: str) -> tuple[str, ...]:
    """Return folders of one kind, absolute: ``system`` ones, ``read_only``, ``writable``, ``of_data``, ..."""
    return tuple(_facts("folders")[kind])


def is_web_server(program: str) -> bool:
    """Tell whether a program reads what its configuration names, never its working directory."""
    return program in _facts("web")["servers"]


def web_sites() -> tuple[str, ...]:
    """Folders that web servers serve without being told."""
    return tuple(_facts("web")["sites"])


def starts_as_root(daemon: str) -> bool:
    return daemon in _facts("root")["daemons"]


def needs_root(program: str) -> bool:
    """Tell whether a program does what only root may do."""
    return program in _facts("root")["programs"]


def library_needs_rights(name: str) -> bool:
    """Tell whether a library opens what only root may open by default."""
    return name in _facts("root")["libraries"]["names"]


@functools.cache
def privileged_paths() -> re.Pattern[str]:
    """Match text that names a device or a socket that only root may open by default."""
    return re.compile(_facts("root")["devices"])


def makes_files(program: str) -> bool:
    return program in _facts("files")["programs"]


def home_readers() -> tuple[str, ...]:
    """Functions that ask for the user's home directory."""
    return tuple(_facts("home")["readers"])


def steering_variables() -> tuple[str, ...]:
    """Variables that the C library or a language's runtime reads, whatever the application does."""
    return tuple(_facts("variables")["steering"])


def variables_of(file: str) -> frozenset[str]:
    """What a shell sets that sources a file of variables alone (``/etc/os-release``); empty for every other file."""
    facts = _facts("described")
    return frozenset(facts["variables"]) if file in facts["files"] else frozenset()
