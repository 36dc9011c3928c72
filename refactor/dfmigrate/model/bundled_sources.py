"""Whether a text of the project names sources that a bundler read, so that the server may open them itself."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source
from dfmigrate.knowledge.buildfiles import is_build_file

from .interpret import Build
from .mentions import naming_texts
from .runtime_files import is_configured

_IMPORTED = re.compile(
    r"\b(?:(?:from|import)\s*|(?:import|require|import\.meta\.glob)\s*\(\s*)(?:\"[^\"\n]*\"|'[^'\n]*')"
)
"""What the bundler itself resolves."""
_PATH = re.compile(r"[\w.@+/-]{2,300}")
_AHEAD = re.compile(r"^(?:\.{0,2}/)+")
_PLAIN = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_BUNDLED = (*_PLAIN, ".jsx", ".tsx", ".svelte", ".css", ".scss", ".html")


def is_named(folder: str, build: Build, context: Context) -> bool:
    """Whether a text, a variable or a command names a folder of the context, or what lies in it, and not to import it.

    A file that bundlers do not take counts by its name alone, too.
    """
    name = posixpath.basename(folder)
    inside = context.below(folder)
    if is_configured(folder, build) or any(is_configured(path, build) for path in inside):
        return True
    texts = _texts(context)
    alone = re.compile(rf"([\"'`])/?{re.escape(name)}/?\1")
    if texts is None or any(alone.search(text) for text in texts):
        return True
    words = {_AHEAD.sub("", word) for text in texts for word in _PATH.findall(text)}
    files = {posixpath.basename(path) for path in inside if not path.endswith(_BUNDLED)}
    if any(posixpath.basename(word) in files for word in words):
        return True
    return any(f"/{name}/" in f"/{word}" for word in words)


@remembered
def _texts(context: Context) -> tuple[str, ...] | None:
    """The texts without what they import, and sources without comments; None where there are too many to read."""
    texts = naming_texts(context)
    if texts is None:
        return None
    found = []
    for path, text in texts:
        if is_build_file(path, ("node",)) and not is_build_file(path, ()):
            # A linter's settings, or a test runner's.
            continue
        code = Source(path, "node", text).code if path.endswith(_PLAIN) else text
        found.append(_IMPORTED.sub("", code))
    return tuple(found)
