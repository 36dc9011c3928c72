"""A ``Procfile``: the process types of an application and their commands."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LINE = re.compile(r"([A-Za-z0-9_-]+)\s*:\s*(\S.*)")


def procfile(text: str) -> Mapping[str, str]:
    """Process type -> command as written, in the file's order (``web``, ``worker``, ``release``)."""
    found: dict[str, str] = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        match = _LINE.match(line.strip())
        if match is not None:
            found.setdefault(match[1], match[2].strip())
    return found
