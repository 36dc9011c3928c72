"""A ``Procfile``: the process types of an application and their commands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from dfmigrate.context.build_context import Context
from dfmigrate.context.remembered import remembered

_LINE = re.compile(r"([A-Za-z0-9_-]+)\s*:\s*(\S.*)")


@remembered
def procfile(context: Context, folder: str = "") -> Mapping[str, str] | None:
    """Process type -> command as written, in the file's order (``web``, ``worker``, ``release``); None without one."""
    text = context.companion(posixpath.join(folder, "Procfile"))
    if text is None:
        return None
    found: dict[str, str] = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        match = _LINE.match(line.strip())
        if match is not None:
            found.setdefault(match[1], match[2].strip())
    return found
