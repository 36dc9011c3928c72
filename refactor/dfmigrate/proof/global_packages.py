"""What ``npm install -g`` and ``yarn global add`` bring is installed anew in the runtime, which may lack a compiler."""

from __future__ import annotations

import re

from dfmigrate.knowledge.installers import installs_without_tools
from dfmigrate.model import Action
from dfmigrate.model.global_tools import is_global_install

from .case import Case, Open

_MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_VERBS = frozenset({"install", "i", "add", "global"})
_VALUES = frozenset({"--registry", "--loglevel", "--location", "--omit", "--cache"})
_REGISTERED = re.compile(r"((?:@[\w.-]+/)?[\w-][\w.-]*)(?:@(?:[\w.^~<>=*| +-]*))?", re.ASCII)
"""A package of the registry, with or without its version; no address, alias or path."""


def check(case: Case) -> list[Open]:
    """No lock file lists what such an install brings: only packages that are known need neither compiler nor Git."""
    old, new = case.old.base, case.new.base
    same = old is not None and new is not None and old.reference == new.reference
    if same and ((new is not None and new.toolchain) or set(case.old.packages) <= set(case.new.packages)):
        return []
    actions = [action for layer in case.new.layers for action in layer.actions if _is_for_all(action)]
    unknown = next((name for action in actions for name in _unknown(action)), None)
    if unknown is None:
        return []
    message = f"whether {unknown} installs without a compiler, Python and Git, which the runtime lacks, is not known"
    hint = "make it a dependency of the project, or keep the base image"
    return [Open("libraries", "B1", message, hint, case.old.line)]


def _is_for_all(action: Action) -> bool:
    if action.role != "dependency-install" or action.program not in _MANAGERS:
        return False
    return is_global_install(action) or not {"-g", "--global"}.isdisjoint(action.argv) or "global" in action.argv[1:2]


def _unknown(action: Action) -> list[str]:
    found = []
    for before, word in zip(action.argv, action.argv[1:], strict=False):
        if word is None:
            found.append(f"what `{action.text}` names")
        elif not word.startswith("-") and word not in _VERBS and before not in _VALUES:
            name = _REGISTERED.fullmatch(word)
            if name is None or not installs_without_tools(name[1]):
                found.append(word)
    return found
