"""What the script calls with which the base image starts its server."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dfmigrate.context import Context
from dfmigrate.knowledge.image_scripts import image_scripts

from .interpret import Build

_JSP = (".jsp", ".jspx", ".jspf", ".tag", ".tagx")
_STARTS = re.compile(r"\bexec\s*\(|\bProcessBuilder\b")


def image_script_calls(paths: Sequence[str], argv: Sequence[str | None], build: Build) -> tuple[str, ...] | None:
    """The programs that a script of the base image calls; None where it is none that is known, or may be changed."""
    stage = build.final
    if stage.base is None or stage.files.opaque:
        return None
    own = {pair.name for layer in stage.layers if layer.name == "ENV" for pair in layer.instruction.pairs}
    for script in image_scripts():
        if stage.base.family not in script.families or script.path not in paths or tuple(argv[1:2]) != script.words[:1]:
            continue
        if not own.isdisjoint(script.variables) or any(
            stage.files.candidates(at) for at in (script.path, *script.reads)
        ):
            return None
        return script.calls
    return None


def pages_start_programs(context: Context) -> bool:
    """Whether a page that the server compiles (JSP) may start a program: which one is not looked for."""
    return any(_STARTS.search(context.read(path) or "exec(") for path in context.files if path.endswith(_JSP))
