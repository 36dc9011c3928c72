"""Which adapter makes the output of a SvelteKit project."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context.node import NodeProject

_ENDINGS = (".js", ".ts", ".mjs", ".mts")
_IMPORTED = re.compile(r"\bfrom\s*['\"](@[\w-]+/adapter-[\w-]+|svelte-adapter-[\w-]+)['\"]")


def svelte_adapter(project: NodeProject) -> str | None:
    """The one that the configuration imports, or the only one there is; None when that is not sure."""
    stems = ("svelte.config", "vite.config")
    paths = (posixpath.join(project.folder, stem + ending) for stem in stems for ending in _ENDINGS)
    named = {name for path in paths for name in _IMPORTED.findall(project.context.read(path) or "")}
    adapters = named or {name for name in project.versions if "/adapter-" in name}
    return adapters.pop() if len(adapters) == 1 else None
