"""A Crystal project: ``shard.yml`` with its targets, and the C libraries that its sources name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import yaml_file
from dfmigrate.context.remembered import remembered

_LINK = re.compile(r"@\[Link\(\s*(?:lib:\s*)?\"([^\"\n]+)\"")
_MAX_SOURCES = 2_000


@dataclass(frozen=True, slots=True)
class CrystalProject:
    """One manifest."""

    path: str
    name: str | None
    targets: Mapping[str, str]
    """Program -> its main file."""
    dependencies: frozenset[str]
    libraries: frozenset[str]
    """C libraries that the project's own sources link; shards may link more."""
    lock: str | None
    post_install: bool
    """Whether installing the shards runs a command of the project."""

    @staticmethod
    def output(target: str) -> str:
        """Where ``shards build`` puts a program."""
        return posixpath.join("bin", target)


@remembered
def crystal_project(context: Context, folder: str = "") -> CrystalProject | None:
    """Read a folder; None when there is no manifest that can be read."""
    path = posixpath.join(folder, "shard.yml")
    document = yaml_file(context, path)
    if document is None:
        return None
    name, lock = document.get("name"), posixpath.join(folder, "shard.lock")
    mains = {target: _table(spec).get("main") for target, spec in _table(document.get("targets")).items()}
    sources = [file for file in context.below(posixpath.join(folder, "src")) if file.endswith(".cr")][:_MAX_SOURCES]
    linked = (found for file in sources for found in _LINK.findall(context.read(file) or ""))
    return CrystalProject(
        path=path,
        name=name if isinstance(name, str) else None,
        targets={target: main for target, main in mains.items() if isinstance(main, str)},
        dependencies=frozenset(_table(document.get("dependencies"))),
        libraries=frozenset(linked),
        lock=lock if lock in context.files else None,
        post_install="postinstall" in _table(document.get("scripts")),
    )


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
