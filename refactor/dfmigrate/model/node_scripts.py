"""What a command of a package manager does: runs a script of ``package.json``, or installs the project's packages."""

from __future__ import annotations

import posixpath

from dfmigrate.context.node import NodeProject

Argv = tuple[str | None, ...]

MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})

_INSTALLS = {
    "npm": frozenset({"install", "i", "ci", "clean-install", "add", "update", "up", "upgrade"}),
    "yarn": frozenset({"install", "add", "upgrade", "up"}),
    "pnpm": frozenset({"install", "i", "add", "update", "up", "upgrade"}),
    "bun": frozenset({"install", "i", "ci", "add", "a", "update"}),
}
_OMITTING = frozenset({"--omit=dev", "--production", "--only=production", "--only=prod", "--prod", "-P"})
_ELSEWHERE = ("--prefix", "-C", "--cwd", "--dir", "--modules-folder", "-g", "--global", "--location")
_BUILT_IN = frozenset(
    {"install", "ci", "i", "add", "prune", "cache", "config", "exec", "dlx", "global", "set", "workspaces", "workspace"}
)
_OF_BUN = frozenset({"build", "test", "x", "create", "init", "upgrade", "update", "remove", "rm", "link", "pm", "ci"})


def node_script(argv: Argv) -> str | None:
    """The script's name for ``npm start``, ``npm run serve``, ``yarn build`` and the like."""
    words = [word for word in argv if word is not None]
    if len(words) < 2 or posixpath.basename(words[0]) not in MANAGERS:
        return None
    program = posixpath.basename(words[0])
    if words[1] in ("run", "run-script"):
        name = next((word for word in words[2:] if not word.startswith("-")), None)
        return None if program == "bun" and name is not None and ("/" in name or "." in name) else name
    if words[1] in ("start", "test") and program != "bun":
        return words[1]
    if program == "bun":
        return words[1] if words[1].isidentifier() and words[1] not in _BUILT_IN | _OF_BUN else None
    return words[1] if program != "npm" and not words[1].startswith("-") and words[1] not in _BUILT_IN else None


def runs_file(argv: Argv) -> bool:
    """True for ``bun run ./server.ts``: it starts a file, and no script of ``package.json``."""
    words = [word for word in argv if word is not None and not word.startswith("-")]
    file = words[2] if len(words) > 2 and words[1] == "run" else ""
    return bool(words) and posixpath.basename(words[0]) == "bun" and ("/" in file or "." in file)


def installs_dependencies(argv: Argv) -> bool:
    """True for a command that installs the packages of the project in the working directory."""
    words = [word for word in argv if word is not None]
    program = posixpath.basename(words[0]) if words else ""
    if program not in MANAGERS or any(word.partition("=")[0] in _ELSEWHERE for word in words[1:]):
        return False
    verb = next((word for word in words[1:] if not word.startswith("-")), None)
    return verb in _INSTALLS[program] or (program == "yarn" and verb is None and "--version" not in words)


def leaves_development_out(argv: Argv) -> bool:
    """Whether the words of an install leave packages for development out."""
    return not _OMITTING.isdisjoint(argv)


def written_lock(program: str, node: NodeProject) -> str:
    """The lock file that an install writes beside the manifest: the one there is, or the program's usual one."""
    usual = {"npm": "package-lock.json", "yarn": "yarn.lock", "pnpm": "pnpm-lock.yaml", "bun": "bun.lock"}
    there = [posixpath.basename(lock.path) for lock in node.locks if lock.manager.partition("-")[0] == program]
    return there[0] if there else usual[program]
