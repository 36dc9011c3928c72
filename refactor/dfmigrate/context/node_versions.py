"""Which versions of a package the lock file of a Node project pins."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dfmigrate.context.documents import json_file
from dfmigrate.context.parsing import mapping, text_or_none
from dfmigrate.context.yarn_lock import yarn_lock

if TYPE_CHECKING:
    from dfmigrate.context.node import NodeProject


@dataclass(frozen=True, slots=True)
class LockedVersion:
    """One entry of a lock file."""

    numbers: tuple[int, ...]
    """``(22, 7, 1)``."""
    required: bool | None
    """False where an install may go on without it; None where the format does not say."""


def locked_versions(project: NodeProject, name: str) -> tuple[LockedVersion, ...] | None:
    """Every version of a package that is installed; None where the lock file does not tell."""
    lock = project.lock
    if lock is None or lock.manager not in ("npm", "yarn", "yarn-berry"):
        return None
    if lock.manager == "npm":
        found = _npm(json_file(project.context, lock.path), name)
    else:
        read = yarn_lock(project.context, lock.path)
        if read is None:
            return None
        found = [(entry.version, None) for entry in read.entries if entry.name == name and not entry.is_member]
    if found is None:
        return None
    parsed = [(_NUMBERS.match(version or ""), required) for version, required in found]
    if any(numbers is None for numbers, _ in parsed):
        return None
    return tuple(
        LockedVersion(tuple(int(part) for part in numbers[0].split(".")), required)
        for numbers, required in parsed
        if numbers is not None
    )


_NUMBERS = re.compile(r"\d+(\.\d+)*")
_LOOSE = ("optional", "devOptional", "peer")


def _npm(lock: Mapping[str, object] | None, name: str) -> list[tuple[str | None, bool | None]] | None:
    """Of lock files that list each folder of ``node_modules``, as npm 7 and newer write them."""
    if lock is None or not isinstance(lock.get("packages"), dict):
        return None
    entries = [
        mapping(entry)
        for path, entry in mapping(lock["packages"]).items()
        if path.endswith(posixpath.join("node_modules", name))
    ]
    return [(text_or_none(one.get("version")), all(one.get(word) is not True for word in _LOOSE)) for one in entries]
