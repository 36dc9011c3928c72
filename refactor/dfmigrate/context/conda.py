"""Conda's ``environment.yml``: what it installs, and what it leaves to pip."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import yaml_file
from dfmigrate.context.remembered import remembered

_NAMES = ("environment.yml", "environment.yaml")


@dataclass(frozen=True, slots=True)
class CondaEnvironment:
    """One environment file."""

    path: str
    name: str | None
    """The environment's name, and so its folder below ``envs``."""
    channels: tuple[str, ...]
    packages: tuple[str, ...]
    """Specifications as written: ``python=3.11``; a channel may stand in front of them (``conda-forge::x``)."""
    pip: tuple[str, ...]
    """What pip installs, in the words of a requirement file: ``-r requirements.txt`` among them."""

    @property
    def python(self) -> str | None:
        """The version that is asked of Python, such as ``3.11``; None when nothing is."""
        for spec in self.packages:
            name, _, version = spec.rpartition("::")[2].replace("==", "=").partition("=")
            if name.strip() == "python" and version:
                return version.strip().partition("=")[0].removesuffix(".*")
        return None


@remembered
def conda_environment(context: Context, folder: str = "") -> CondaEnvironment | None:
    """Read a folder's environment file, or a named one; None when there is none or it cannot be read."""
    named = folder.endswith((".yml", ".yaml"))
    paths = [folder] if named else [posixpath.join(folder, name) for name in _NAMES]
    path = next((path for path in paths if path in context.files), None)
    document = None if path is None else yaml_file(context, path)
    listed = None if document is None else document.get("dependencies")
    if path is None or document is None or not isinstance(listed, list):
        return None
    pip: list[str] = []
    for item in listed:
        given = item.get("pip") if isinstance(item, dict) else []
        if isinstance(given, list) and all(isinstance(text, str) for text in given):
            pip += [text for text in given if isinstance(text, str)]
        elif not isinstance(item, str):
            return None
    name, channels = document.get("name"), document.get("channels")
    return CondaEnvironment(
        path=path,
        name=name if isinstance(name, str) else None,
        channels=tuple(text for text in channels if isinstance(text, str)) if isinstance(channels, list) else (),
        packages=tuple(item for item in listed if isinstance(item, str)),
        pip=tuple(pip),
    )
