"""Which script of ``package.json`` a command runs."""

from __future__ import annotations

import posixpath

Argv = tuple[str | None, ...]


def node_script(argv: Argv) -> str | None:
    """The script's name for ``npm start``, ``npm run serve``, ``yarn build`` and the like."""
    words = [word for word in argv if word is not None]
    if len(words) < 2 or posixpath.basename(words[0]) not in ("npm", "yarn", "pnpm"):
        return None
    if words[1] in ("run", "run-script"):
        return next((word for word in words[2:] if not word.startswith("-")), None)
    if words[1] in ("start", "test"):
        return words[1]
    builtin = (
        "install",
        "ci",
        "i",
        "add",
        "prune",
        "cache",
        "config",
        "exec",
        "dlx",
        "global",
        "set",
        "workspaces",
        "workspace",
    )
    return words[1] if words[0] != "npm" and not words[1].startswith("-") and words[1] not in builtin else None
