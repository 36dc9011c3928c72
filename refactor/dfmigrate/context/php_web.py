"""PHP web applications: Laravel and Symfony, what they write at run time, and how their assets are built."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.composer import ComposerProject, composer_project
from dfmigrate.context.node import node_project
from dfmigrate.context.remembered import remembered

_FRAMEWORKS = (("laravel/framework", "laravel", "artisan"), ("symfony/framework-bundle", "symfony", "bin/console"))
_WRITES = {"laravel": ("storage", "bootstrap/cache"), "symfony": ("var",)}
_SERVERS = {
    "laravel/octane": "octane",
    "spiral/roadrunner": "roadrunner",
    "runtime/frankenphp-symfony": "frankenphp",
    "runtime/swoole": "swoole",
}
_Assets = tuple[str | None, tuple[str, ...] | None]
_OWN_CODE = re.compile(r"\bartisan\b|\bbin/console\b|^(?:cache:clear|assets:install|importmap:install)")
_DOCUMENT_ROOTS = ("public", "web", "webroot", "htdocs", "www")


@dataclass(frozen=True, slots=True)
class PhpApplication:
    """One application. Paths are context paths."""

    framework: str | None
    """``laravel`` or ``symfony``; None for any other."""
    console: str | None
    """The file that runs its commands: ``artisan``, ``bin/console``."""
    document_root: str | None
    """The folder with the front controller ``index.php``; an empty text is the project's own folder."""
    writes: tuple[str, ...]
    """Folders that a running application writes."""
    assets: tuple[str, ...] | None
    """Folders that building scripts and styles writes; empty when nothing is built; None when that is not known."""
    asset_tool: str | None
    """``vite``, ``mix``, ``encore`` or ``asset-mapper``; only the last one needs no Node."""
    server: str | None
    """A server of its own that replaces PHP-FPM or Apache's module: ``octane``, ``roadrunner``, ..."""
    discovers_packages: bool
    """Whether an install runs the framework's own code (``artisan package:discover``), which needs the sources."""


@remembered
def php_application(context: Context, folder: str = "") -> PhpApplication | None:
    """The application in a folder; None without ``composer.json`` and without ``index.php``."""
    composer = composer_project(context, folder)
    root = _document_root(context, folder)
    if composer is None and root is None:
        return None
    framework, console = _framework(context, folder, composer)
    tool, assets = _assets(context, folder, composer)
    asked = {} if composer is None else composer.require
    return PhpApplication(
        framework=framework,
        console=console,
        document_root=root,
        writes=tuple(posixpath.join(folder, path) for path in _WRITES.get(framework or "", ())),
        assets=None if assets is None else tuple(posixpath.join(folder, path) for path in assets),
        asset_tool=tool,
        server=next((server for name, server in _SERVERS.items() if name in asked), None),
        discovers_packages=composer is not None and any(_own_code(text) for text in composer.install_commands),
    )


def _framework(context: Context, folder: str, composer: ComposerProject | None) -> tuple[str | None, str | None]:
    for package, name, console in _FRAMEWORKS:
        path = posixpath.join(folder, console)
        if composer is not None and package in composer.require and path in context.files:
            return name, path
    return None, None


def _document_root(context: Context, folder: str) -> str | None:
    for name in (*_DOCUMENT_ROOTS, ""):
        where = posixpath.join(folder, name).rstrip("/")
        if posixpath.join(where, "index.php") in context.files:
            return where
    return None


def _assets(
    context: Context, folder: str, composer: ComposerProject | None
) -> tuple[str | None, tuple[str, ...] | None]:
    node = node_project(context, folder)
    if node is not None and node.declares("laravel-vite-plugin"):
        moved = _says(context, folder, "vite.config", r"\b(?:buildDirectory|outDir|publicDirectory)\b")
        return "vite", None if moved else ("public/build",)
    if node is not None and node.declares("laravel-mix"):
        # Mix writes each file where its configuration says, below ``public`` by habit.
        return "mix", None
    if node is not None and node.declares("@symfony/webpack-encore"):
        plain = _says(context, folder, "webpack.config", r"\bsetOutputPath\(\s*['\"]public/build/?['\"]\s*\)")
        return "encore", ("public/build",) if plain else None
    if composer is not None and "symfony/asset-mapper" in composer.require:
        return "asset-mapper", ("public/assets",)
    return None, () if node is None or "build" not in node.scripts else None


def _says(context: Context, folder: str, stem: str, pattern: str) -> bool:
    paths = [path for path in context.children(folder) if posixpath.basename(path).startswith(f"{stem}.")]
    return any(re.search(pattern, context.read(path) or "") for path in paths)


def _own_code(command: str) -> bool:
    """Symfony's own table names commands of its console without ``bin/console`` in front of them."""
    return (
        re.search(r"\bartisan\b|\bbin/console\b|^(?:cache:clear|assets:install|importmap:install)", command) is not None
    )
