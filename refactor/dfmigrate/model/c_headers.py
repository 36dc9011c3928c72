"""Headers that C sources include, and that are neither the project's own nor the C library's."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.knowledge.linking import is_plain_header, may_include

_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_INCLUDES = re.compile(
    r"""^\s*(?://\s*)?\#\s*include(?:_next)?\b\s*(?:[<"]([^>"\n]+)[>"])?|^\s*cdef\s+extern\s+from\s*(?:["'<]+([^"'>\n]+))?""",
    re.MULTILINE,
)
_CGO = re.compile(r'(?m)^\s*(?:import\s+)?"C"\s*$')


@remembered
def strange_header(context: Context) -> str | None:
    """Say which header may stand for a library of the system; None when there is none."""
    own = {path.rpartition("/")[2] for path in context.files}
    for path in sorted(filter(may_include, context.files)):
        text = context.read(path)
        if text is None:
            return f"{path} could not be read"
        if path.endswith(".go") and _CGO.search(text) is None:
            continue
        readable = text if path.endswith(".go") else _COMMENTS.sub(" ", text)
        for found in _INCLUDES.finditer(readable):
            name = found[1] or found[2]
            if name is None:
                return f"{path} includes a header that a macro names"
            if not is_plain_header(name) and not (posixpath.basename(name) in own and _is_own(name, context)):
                return f"{path} includes {name}, whose library is not known"
    return None


def _is_own(name: str, context: Context) -> bool:
    tail = "/" + re.sub(r"^(?:\.\.?/+)+", "", name)
    return any(f"/{path}".endswith(tail) for path in context.files)
