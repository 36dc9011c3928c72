"""The gems that a command installs, as far as the Gemfile, its lock file and what Bundler was told show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dfmigrate.context import Context
from dfmigrate.context.gemfile import GemSource
from dfmigrate.context.ruby import RubyProject, ruby_project
from dfmigrate.knowledge.installers import needs_no_other_gem

from .actions import Action
from .artefacts import context_folder
from .files import FileSystem
from .interpret import Layer

BUNDLERS = frozenset({"bundle", "bundler"})
_VALUES = frozenset({"-v", "--version", "-i", "--install-dir", "-n", "--bindir", "-s", "--source", "-P"})
_SEPARATORS = re.compile(r"[\s:]+")


def named_gems(action: Action) -> tuple[str, ...] | None:
    """What ``gem install NAME`` brings; None where a gem may bring others, or is a file."""
    words = [word for word in action.argv[1:] if word is not None]
    names: list[str] = []
    while words:
        word = words.pop(0)
        if word in _VALUES and words:
            words.pop(0)
        elif not word.startswith("-") and word not in ("install", "update"):
            names.append(word.partition(":")[0])
    return tuple(names) if names and all(needs_no_other_gem(name) for name in names) else None


def bundled_gems(
    action: Action, earlier: tuple[Action, ...], variables: dict[str, str | None], files: FileSystem, context: Context
) -> tuple[tuple[str, ...], str] | None:
    """What ``bundle install`` brings, and its manifest; None where the lock file does not tell."""
    project = project_of_bundle(action, files, context)
    if project is None or project.gemfile is None or project.lock is None or "BUNDLE_GEMFILE" in variables:
        return None
    if "--gemfile" in " ".join(word or "" for word in action.argv):
        return None
    told = (*earlier, action)
    left_out = _groups(told, variables, "without") | (project.gemfile.optional - _groups(told, variables, "with"))
    known = project.without(left_out) if project.gemfile.complete else None
    gems = project.lock.gems
    # Bundler uses the project's own as they are, and compiles nothing of them.
    fetched = (name for name in (known if known is not None else gems) if gems[name].source is not GemSource.PATH)
    return tuple(sorted(fetched)), project.lock.path


def project_of_bundle(action: Action, files: FileSystem, context: Context) -> RubyProject | None:
    folder = context_folder(action.cwd, files) if action.cwd is not None else None
    return ruby_project(context, folder) if folder is not None else None


def manifests_that_call_git(layers: Sequence[Layer], context: Context | None) -> tuple[str, ...]:
    """The Gemfiles whose gems may make Bundler call git when the application starts: gems from git, and of the project,
    whose specifications list their files with it."""
    if context is None:
        return ()
    actions = [(action, layer) for layer in layers for action in layer.actions if action.program in BUNDLERS]
    found = [project_of_bundle(action, layer.files, context) for action, layer in actions]
    specs = [context.read(path) for path in context.files if path.endswith(".gemspec")]
    listed = any(text is None or re.search(r"\bgit\b", text) for text in specs)
    calling = [one for one in found if one is not None and (one.needs_git or (listed and one.needs_source))]
    return tuple(dict.fromkeys(one.gemfile.path for one in calling if one.gemfile is not None))


def _groups(actions: tuple[Action, ...], variables: dict[str, str | None], word: str) -> frozenset[str]:
    """The groups that options, settings and variables name after ``without`` or ``with``."""
    found = set(_SEPARATORS.split(variables.get(f"BUNDLE_{word.upper()}") or ""))
    for action in actions:
        argv = [each or "" for each in action.argv]
        if action.program not in BUNDLERS:
            continue
        for index, each in enumerate(argv):
            if each.startswith(f"--{word}="):
                found |= set(_SEPARATORS.split(each.partition("=")[2]))
            elif each == f"--{word}" or (each == word and "config" in argv[1:3]):
                rest = argv[index + 1 :]
                end = next((at for at, one in enumerate(rest) if one.startswith("-")), len(rest))
                found |= {group for one in rest[:end] for group in _SEPARATORS.split(one)}
    return frozenset(found - {""})
