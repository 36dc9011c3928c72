"""A Dart package: ``pubspec.yaml`` and its programs."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import yaml_file
from dfmigrate.context.remembered import remembered


@dataclass(frozen=True, slots=True)
class DartPackage:
    """One manifest."""

    path: str
    name: str | None
    flutter: bool
    """Whether it needs Flutter, and so another tool and another image."""
    programs: Mapping[str, str]
    """Name -> its file in ``bin``."""
    dependencies: frozenset[str]
    dev_dependencies: frozenset[str]
    path_dependencies: tuple[str, ...]
    """Folders of the project, as written."""
    lock: str | None

    @property
    def generates(self) -> bool:
        """Whether sources are generated before a build (``build_runner``)."""
        return "build_runner" in self.dev_dependencies | self.dependencies

    @staticmethod
    def output(file: str) -> str:
        """Where ``dart compile exe`` puts a program when it is not told: beside its source."""
        return file.removesuffix(".dart") + ".exe"


@remembered
def dart_package(context: Context, folder: str = "") -> DartPackage | None:
    """Read a folder; None when there is no manifest that can be read."""
    path = posixpath.join(folder, "pubspec.yaml")
    document = yaml_file(context, path)
    if document is None:
        return None
    name = document.get("name")
    tables = {key: _table(document.get(key)) for key in ("dependencies", "dev_dependencies")}
    needed = [spec for table in tables.values() for spec in table.values()]
    files = [file for file in context.children(posixpath.join(folder, "bin")) if file.endswith(".dart")]
    lock = posixpath.join(folder, "pubspec.lock")
    return DartPackage(
        path=path,
        name=name if isinstance(name, str) else None,
        flutter="flutter" in tables["dependencies"] or "flutter" in document,
        programs={posixpath.basename(file).removesuffix(".dart"): file for file in files},
        dependencies=frozenset(tables["dependencies"]),
        dev_dependencies=frozenset(tables["dev_dependencies"]),
        path_dependencies=tuple(where for spec in needed if isinstance(where := _table(spec).get("path"), str)),
        lock=lock if lock in context.files else None,
    )


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
