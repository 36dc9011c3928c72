"""Commands that ``npm install -g`` or ``yarn global add`` brings, and whether they only serve a build."""

from __future__ import annotations

from collections.abc import Callable

from dfmigrate.context.node_tools import Role, node_tools

from .actions import Action

_BUILDING = frozenset({Role.BUILD, Role.TRANSPILE, Role.CHECK, Role.GENERATE, Role.FILES})

_MANAGERS = {"npm": ("npm", "npx"), "yarn": ("yarn", "yarnpkg"), "pnpm": ("pnpm", "pnpx"), "corepack": ("corepack",)}
"""Package managers and their commands."""


_VERBS = frozenset({"install", "i", "add"})


def is_global_install(action: Action) -> bool:
    """Whether it puts packages where the image has its own, for every user."""
    words = action.argv
    if action.program == "yarn":
        return words[1:3] == ("global", "add") and not any((word or "").startswith("--") for word in words)
    return (
        action.program == "npm"
        and bool({"-g", "--global", "--location=global"} & set(words))
        and not _VERBS.isdisjoint(words)
    )


def serves_only_the_build(action: Action, called: Callable[[str], bool]) -> bool:
    """True when the running container calls no command of these packages."""
    commands: list[str] = []
    for word in action.argv[1:]:
        if word is None:
            return False
        if word.startswith("-") or word in _VERBS or word == "global":
            continue
        package = word[:1] + word[1:].partition("@")[0]
        if package in _MANAGERS:
            commands.extend(_MANAGERS[package])
            continue
        brought = [name for name, tool in node_tools().items() if package in tool.packages]
        builds = any(node_tools()[name].role in _BUILDING for name in brought)
        # Of a tool that is not known, only the name is; without Node at run time its commands cannot start anyway.
        if not builds and called("node"):
            return False
        commands.extend((*brought, package.rpartition("/")[2]))
    return bool(commands) and not any(called(name) for name in commands)
