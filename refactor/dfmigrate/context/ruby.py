"""A Ruby project: its Gemfile and lock file, its gems with native code, Rails, Rack and how it is started."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import cached_property

from dfmigrate.context.build_context import Context
from dfmigrate.context.gemfile import Gemfile, GemSource, gemfile
from dfmigrate.context.gemfile_lock import GemfileLock, gemfile_lock
from dfmigrate.context.remembered import remembered

_DEVELOPMENT = frozenset({"development", "test"})
_ASSETS = ("sprockets-rails", "sprockets", "propshaft")
_BUNDLERS = (
    *("importmap-rails", "jsbundling-rails", "cssbundling-rails", "webpacker", "shakapacker", "vite_rails"),
    *("vite_ruby", "tailwindcss-rails", "dartsass-rails", "sassc-rails", "react_on_rails"),
)
_VERSION_FILES = (
    (".ruby-version", r"\A\s*(?:ruby-)?v?(\d+(?:\.\d+)+)"),
    (".tool-versions", r"(?m)^ruby\s+(\d\S*)"),
)
_NEEDS_NODE = frozenset(
    {"jsbundling-rails", "cssbundling-rails", "webpacker", "shakapacker", "vite_rails", "vite_ruby", "react_on_rails"}
)


@dataclass(frozen=True)
class RubyProject:
    """What the files of a folder say."""

    context: Context = field(repr=False)
    folder: str
    gemfile: Gemfile | None
    lock: GemfileLock | None
    gemspecs: tuple[str, ...]
    ruby: str | None
    """From ``.ruby-version``, ``.tool-versions``, the Gemfile or its lock file, such as ``3.2.2``."""
    rack: str | None
    """``config.ru``, where it exists."""

    @cached_property
    def production(self) -> frozenset[str] | None:
        """Every gem without the groups ``development`` and ``test``; None when Gemfile or lock file do not tell."""
        return self.without(_DEVELOPMENT)

    def without(self, groups: frozenset[str]) -> frozenset[str] | None:
        """Every gem that an install without these groups brings, on any platform."""
        if self.lock is None or self.gemfile is None:
            return None
        left_out = {gem.name for gem in self.gemfile.gems if gem.groups <= groups}
        # What the lock file names as asked for, and no line of the Gemfile leaves out, counts.
        asked = (self.lock.direct - left_out) | self.gemfile.without(groups)
        # A gem for other platforms only is asked for, and yet not pinned.
        elsewhere = {gem.name for gem in self.gemfile.gems if gem.platforms}
        return self.lock.closure(asked - (elsewhere - set(self.lock.gems)))

    @property
    def manifests(self) -> tuple[str, ...]:
        """The files that ``bundle install`` reads, as far as they exist; local gems besides."""
        names = ("Gemfile", "Gemfile.lock", ".ruby-version", ".bundle/config", "vendor/cache")
        found = [posixpath.join(self.folder, name) for name in names]
        found += [*self.gemspecs] if self.gemfile is not None and self.gemfile.gemspec else []
        found += list(self.gemfile.reads) if self.gemfile is not None else []
        return tuple(dict.fromkeys(path for path in found if self.context.exists(path)))

    @property
    def needs_source(self) -> bool:
        """Whether installing reads more than manifests: gems of the project, or a gemspec, which is a program."""
        if self.gemfile is None:
            return True
        return self.gemfile.gemspec or any(gem.source is GemSource.PATH for gem in self.gemfile.gems)

    @property
    def needs_git(self) -> bool:
        """Whether an install fetches gems with git."""
        listed = [] if self.gemfile is None else [gem.source for gem in self.gemfile.gems]
        locked = [] if self.lock is None else [gem.source for gem in self.lock.gems.values()]
        return GemSource.GIT in (*listed, *locked)

    def has(self, gem: str) -> bool:
        """Whether an install brings the gem; by the Gemfile alone where there is no lock file."""
        if self.lock is not None:
            return gem in self.lock.gems
        return self.gemfile is not None and any(declared.name == gem for declared in self.gemfile.gems)

    @cached_property
    def rails(self) -> RailsApplication | None:
        """The Rails application in the folder; None when it is none."""
        application = posixpath.join(self.folder, "config/application.rb")
        if application not in self.context.files or not (self.has("rails") or self.has("railties")):
            return None
        return _rails(self)


@dataclass(frozen=True, slots=True)
class RailsApplication:
    """A Rails application."""

    version: str | None
    assets: str | None
    """``sprockets`` or ``propshaft``; None for an application without an asset pipeline."""
    bundlers: tuple[str, ...]
    """Gems that build scripts and styles, such as ``importmap-rails`` or ``jsbundling-rails``."""
    needs_node: bool
    """Whether compiling the assets runs Node."""
    bootsnap: bool
    credentials: tuple[str, ...]
    """Encrypted files that are sent."""
    master_keys: tuple[str, ...]
    """Keys that decrypt them and are sent: whoever has the image has the secrets."""
    databases: frozenset[str] | None
    """Adapters of ``config/database.yml`` (``postgresql``, ``sqlite3``); None when they are computed or not given."""
    serves_assets_if: str | None
    """The variable without which the server does not serve ``public``; None when the settings name none."""
    writes: tuple[str, ...]
    """Folders that a running application writes, below the project's folder."""


@remembered
def ruby_project(context: Context, folder: str = "") -> RubyProject | None:
    """Read a folder; None when neither a Gemfile nor a gemspec nor ``config.ru`` is there."""
    declared = gemfile(context, posixpath.join(folder, "Gemfile"))
    specs = tuple(path for path in context.children(folder) if path.endswith(".gemspec"))
    rack = posixpath.join(folder, "config.ru")
    if declared is None and not specs and rack not in context.files:
        return None
    lock = gemfile_lock(context, posixpath.join(folder, "Gemfile.lock"))
    return RubyProject(
        context=context,
        folder=folder,
        gemfile=declared,
        lock=lock,
        gemspecs=specs,
        ruby=_ruby_version(context, folder, declared, lock),
        rack=rack if rack in context.files else None,
    )


def _ruby_version(context: Context, folder: str, declared: Gemfile | None, lock: GemfileLock | None) -> str | None:
    for name, pattern in (
        (".ruby-version", r"\s*(?:ruby-)?v?(\d+(?:\.\d+)+)"),
        (".tool-versions", r"(?m)^ruby\s+(\d\S*)"),
    ):
        found = re.search(pattern, context.read(posixpath.join(folder, name)) or "")
        if found is not None:
            return found[1]
    if declared is not None and declared.ruby is not None:
        plain = re.fullmatch(r"=?\s*(\d+(?:\.\d+)*)", declared.ruby)
        if plain is not None:
            return plain[1]
    return None if lock is None else lock.ruby


def _rails(project: RubyProject) -> RailsApplication:
    context, folder = project.context, project.folder
    locked = None if project.lock is None else project.lock.gems.get("rails") or project.lock.gems.get("railties")
    pipeline = next((name.partition("-")[0] for name in _ASSETS if project.has(name)), None)
    config = posixpath.join(folder, "config")
    production = context.read(posixpath.join(config, "environments/production.rb")) or ""
    boot = context.read(posixpath.join(config, "boot.rb")) or ""
    secrets = [*context.below(posixpath.join(config, "credentials")), *context.children(config)]
    bundlers = tuple(name for name in _BUNDLERS if project.has(name))
    return RailsApplication(
        version=None if locked is None else locked.version,
        assets=pipeline,
        bundlers=bundlers,
        needs_node=bool(_NEEDS_NODE & set(bundlers)) or _uses_execjs(project),
        bootsnap=project.has("bootsnap") and "bootsnap" in boot,
        credentials=tuple(path for path in secrets if path.endswith((".yml.enc", "credentials.yml.enc"))),
        master_keys=tuple(path for path in secrets if path.endswith(".key")),
        databases=_databases(context, posixpath.join(config, "database.yml")),
        serves_assets_if="RAILS_SERVE_STATIC_FILES" if "RAILS_SERVE_STATIC_FILES" in production else None,
        writes=("log", "tmp", "storage") if "active_storage" in production else ("log", "tmp"),
    )


def _uses_execjs(project: RubyProject) -> bool:
    """A compressor or compiler in Ruby runs Node, unless an engine is among the gems."""
    engine = project.has("mini_racer") or project.has("therubyracer")
    return project.has("execjs") and not engine


def _databases(context: Context, path: str) -> frozenset[str] | None:
    """``database.yml`` is a template; an adapter is believed where it is plain text."""
    text = context.read(path)
    if text is None:
        return None
    found = re.findall(r"(?m)^\s*adapter:\s*(\S.*?)\s*$", text)
    if not found or any("<%" in name for name in found):
        return None
    return frozenset(name.strip("\"'") for name in found)
