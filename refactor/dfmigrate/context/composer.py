"""A PHP project: ``composer.json`` and its lock file."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import json_file
from dfmigrate.context.parsing import mapping, strings, text_or_none, texts
from dfmigrate.context.remembered import remembered

_MAX_COMMANDS = 200
_INSTALL_EVENTS = (
    "pre-install-cmd",
    "post-install-cmd",
    "pre-autoload-dump",
    "post-autoload-dump",
    "post-root-package-install",
    "pre-package-install",
    "post-package-install",
)


@dataclass(frozen=True)
class ComposerProject:
    """What ``composer.json`` and ``composer.lock`` say."""

    context: Context = field(repr=False)
    folder: str
    path: str
    require: Mapping[str, str]
    require_dev: Mapping[str, str]
    scripts: Mapping[str, tuple[str, ...]]
    autoload: frozenset[str]
    """Kinds used: ``psr-4``, ``psr-0``, ``classmap``, ``files``."""
    autoload_files: tuple[str, ...]
    """Files that the autoloader includes on every request."""
    path_repositories: tuple[str, ...]
    """Folders that packages are linked from."""
    vendor_folder: str
    lock: str | None
    """The lock file's path."""
    packages: frozenset[str] | None
    """Everything that an install without development packages brings; None without a readable lock file."""
    plugins: frozenset[str] | None
    """Packages that change what Composer does; None without a readable lock file."""
    locked_extensions: frozenset[str] | None
    """PHP extensions that the locked packages ask for, without ``ext-``; None without a readable lock file."""
    php: str | None
    """The version that is asked of PHP, or that Composer is told to assume (``config.platform``)."""

    @property
    def install_scripts(self) -> tuple[str, ...]:
        """Events of an install that run something of the project."""
        return tuple(event for event in _INSTALL_EVENTS if self.scripts.get(event))

    @cached_property
    def install_commands(self) -> tuple[str, ...]:
        """What an install runs, in order, with references to other scripts (``@auto-scripts``) followed."""
        found: list[str] = []
        pending = [command for event in self.install_scripts for command in self.scripts[event]]
        seen: set[str] = set()
        while pending and len(found) < _MAX_COMMANDS:
            command = pending.pop(0)
            name = command[1:] if command.startswith("@") else ""
            if name in self.scripts and name not in seen:
                seen.add(name)
                pending = [*self.scripts[name], *pending]
            elif not name.startswith(("putenv", "additional")) and name not in seen:
                found.append(command)
        return tuple(found)

    @property
    def extensions(self) -> frozenset[str]:
        """PHP extensions that the project itself asks for, without ``ext-``."""
        return frozenset(name.removeprefix("ext-") for name in self.require if name.startswith("ext-"))

    @property
    def autoload_scans_sources(self) -> bool:
        """Whether dumping the autoloader reads the project's own files."""
        return bool(self.autoload & {"classmap", "files"})

    @property
    def manifests(self) -> tuple[str, ...]:
        """The files to copy ahead of an install."""
        names = ("composer.json", "composer.lock", "symfony.lock", "auth.json")
        found = (posixpath.join(self.folder, name) for name in names)
        return tuple(path for path in found if path in self.context.files)


@remembered
def composer_project(context: Context, folder: str = "") -> ComposerProject | None:
    """Read a folder; None when there is no manifest or it cannot be read."""
    path = posixpath.join(folder, "composer.json")
    manifest = json_file(context, path)
    if manifest is None:
        return None
    lock_path = posixpath.join(folder, "composer.lock")
    lock = json_file(context, lock_path)
    autoload = mapping(manifest.get("autoload"))
    locked = None if lock is None else _entries(lock.get("packages"))
    return ComposerProject(
        context=context,
        folder=folder,
        path=path,
        require=texts(manifest.get("require")),
        require_dev=texts(manifest.get("require-dev")),
        scripts={name: _commands(value) for name, value in mapping(manifest.get("scripts")).items()},
        autoload=frozenset(kind for kind in autoload if kind != "exclude-from-classmap"),
        autoload_files=strings(autoload.get("files")),
        path_repositories=_path_repositories(manifest.get("repositories")),
        vendor_folder=text_or_none(mapping(manifest.get("config")).get("vendor-dir")) or "vendor",
        lock=lock_path if lock_path in context.files else None,
        packages=None if locked is None else frozenset(_names(locked)),
        locked_extensions=None if locked is None else frozenset(_extensions(locked)),
        php=text_or_none(mapping(mapping(manifest.get("config")).get("platform")).get("php"))
        or text_or_none(mapping(manifest.get("require")).get("php")),
        plugins=None
        if locked is None
        else frozenset(_names([entry for entry in locked if entry.get("type") == "composer-plugin"])),
    )


def _commands(value: object) -> tuple[str, ...]:
    """One command, a list, or Symfony's table of commands and what they are."""
    if isinstance(value, dict):
        return tuple(value)
    return (value,) if isinstance(value, str) else strings(value)


def _extensions(entries: list[Mapping[str, object]]) -> list[str]:
    asked = [name for entry in entries for name in mapping(entry.get("require"))]
    return [name.removeprefix("ext-") for name in asked if name.startswith("ext-")]


def _entries(value: object) -> list[Mapping[str, object]]:
    return [mapping(item) for item in value] if isinstance(value, list) else []


def _names(entries: list[Mapping[str, object]]) -> list[str]:
    return [name for entry in entries if (name := text_or_none(entry.get("name"))) is not None]


def _path_repositories(value: object) -> tuple[str, ...]:
    listed = list(value.values()) if isinstance(value, dict) else value
    entries = _entries(listed)
    urls = (text_or_none(entry.get("url")) for entry in entries if entry.get("type") == "path")
    return tuple(url for url in urls if url is not None)
