"""Settings of Node package managers that decide what an install makes, and where: ``.npmrc``, ``.yarnrc.yml``, ..."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.documents import toml_file, yaml_file
from dfmigrate.context.node import NodeProject
from dfmigrate.context.parsing import mapping, text_or_none

_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)[^}]*\}")
_LINKERS = ("node-modules", "pnp", "pnpm", "isolated", "hoisted")


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What the files beside the manifest say. Paths are context paths."""

    linker: str | None
    """``node-modules`` (npm, Yarn 1), ``pnp`` or ``pnpm`` (later Yarn), ``isolated`` or ``hoisted`` (pnpm, Bun)."""
    files: tuple[str, ...]
    """The setting files that exist."""
    yarn_release: str | None
    """The file that Yarn runs instead of itself (``yarnPath``)."""
    cache_in_project: bool | None
    """Whether later versions of Yarn keep what they download in ``.yarn/cache``; None when the version decides."""
    offline: bool
    """Whether the downloads are part of the context, so that an install needs no network."""
    runs_scripts: bool | None
    """Whether an install runs the packages' scripts; None where only those that are allowed run."""
    variables: frozenset[str]
    """Environment variables that the settings ask for, such as the token of a private registry."""

    @property
    def makes_node_modules(self) -> bool | None:
        return None if self.linker is None else self.linker != "pnp"


def node_settings(project: NodeProject) -> NodeSettings:
    """Read the settings of the manager in use; a member of a workspace has those of the root."""
    project = project.workspace_root or project
    context, folder = project.context, project.folder
    names = (".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml", "pnpm-workspace.yaml")
    files = tuple(path for name in names if (path := posixpath.join(folder, name)) in context.files)
    plain = _npmrc(context, posixpath.join(folder, ".npmrc"))
    yarn = yaml_file(context, posixpath.join(folder, ".yarnrc.yml"))
    unreadable = yarn is None and posixpath.join(folder, ".yarnrc.yml") in files
    cache = posixpath.join(folder, ".yarn/cache")
    return NodeSettings(
        linker=None if unreadable and project.manager == "yarn-berry" else _linker(project, plain, yarn or {}),
        files=files,
        yarn_release=_yarn_release(context, folder, yarn or {}),
        cache_in_project=_cache_in_project(project, yarn or {}),
        offline=any(path.endswith(".zip") for path in context.children(cache)),
        runs_scripts=_runs_scripts(project, plain, yarn or {}),
        variables=frozenset(name for path in files for name in _VARIABLE.findall(context.read(path) or "")),
    )


def _npmrc(context: Context, path: str) -> Mapping[str, str]:
    lines = (line.strip() for line in (context.read(path) or "").replace("\r\n", "\n").split("\n"))
    pairs = (line.partition("=") for line in lines if not line.startswith(("#", ";")))
    return {name.strip(): value.strip().strip("\"'") for name, equals, value in pairs if equals}


def _linker(project: NodeProject, plain: Mapping[str, str], yarn: Mapping[str, object]) -> str | None:
    manager = project.manager
    if manager in ("npm", "yarn"):
        return "node-modules" if plain.get("install-strategy", "hoisted") != "linked" else None
    if manager == "yarn-berry":
        given = yarn.get("nodeLinker", "pnp")
    elif manager == "pnpm":
        workspace = yaml_file(project.context, posixpath.join(project.folder, "pnpm-workspace.yaml")) or {}
        given = workspace.get("nodeLinker", plain.get("node-linker", "isolated"))
    elif manager == "bun":
        install = mapping(
            (toml_file(project.context, posixpath.join(project.folder, "bunfig.toml")) or {}).get("install")
        )
        # In a workspace the default depends on the version that wrote the lock file.
        given = install.get("linker", None if project.is_workspace else "hoisted")
    else:
        return None
    return given if isinstance(given, str) and given in _LINKERS else None


def _yarn_release(context: Context, folder: str, yarn: Mapping[str, object]) -> str | None:
    written = text_or_none(yarn.get("yarnPath"))
    if written is None:
        found = re.search(r'(?m)^\s*yarn-path\s+"?([^"\n]+)"?', context.read(posixpath.join(folder, ".yarnrc")) or "")
        written = None if found is None else found[1].strip()
    path = None if written is None else posixpath.normpath(posixpath.join(folder, written))
    return path if path in context.files else None


def _cache_in_project(project: NodeProject, yarn: Mapping[str, object]) -> bool | None:
    if project.manager != "yarn-berry":
        return False
    given = {"true": False, "false": True}.get(str(yarn.get("enableGlobalCache")))
    if given is not None or "cacheFolder" in yarn:
        return given
    written = " ".join(_versions(project, yarn))
    found = re.search(r"yarn[@-](\d+)\.", written)
    # yarnpkg/berry:CHANGELOG.md, 4.0.0: enableGlobalCache is true by default.
    return None if found is None else int(found[1]) < 4


def _versions(project: NodeProject, yarn: Mapping[str, object]) -> Iterator[str]:
    yield project.package_manager or ""
    yield text_or_none(yarn.get("yarnPath")) or ""


def _runs_scripts(project: NodeProject, plain: Mapping[str, str], yarn: Mapping[str, object]) -> bool | None:
    if plain.get("ignore-scripts") == "true" and project.manager in ("npm", "yarn", "pnpm"):
        return False
    if project.manager == "yarn-berry":
        return {"true": True, "false": False}.get(str(yarn.get("enableScripts", "true")))
    return True if project.manager in ("npm", "yarn") else None
