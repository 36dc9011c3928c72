"""How the runtime's base image is written: with the same variables as the builder's, so that both change together."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.model import Build
from dfmigrate.model.base_arguments import unfolded
from dfmigrate.rules.rule import declined

from . import RULE


def runtime_text(build: Build, base: ImageFacts, runtime: ImageFacts) -> str:
    """The runtime's reference as it stands in FROM. Raises ``Declined`` where a variable would be lost."""
    stage = build.final
    text = stage.node.image.text
    if runtime.reference == base.reference:
        return text
    if "$" not in text:
        return runtime.reference
    text = unfolded(text, build.dockerfile)
    start, end = base.version_span or (0, 0)
    head, tail = base.reference[:start], base.reference[end:]
    if base.version_span is not None and text.startswith(head) and text.endswith(tail):
        variable = text[len(head) : len(text) - len(tail)]
        if runtime.version == base.version and runtime.version_span is not None and variable.startswith("$"):
            at, to = runtime.version_span
            braced = variable if variable.startswith("${") else f"${{{variable[1:]}}}"
            return runtime.reference[:at] + braced + runtime.reference[to:]
    raise declined(
        "D11",
        RULE,
        f"`{text}` holds a variable that {runtime.reference} would not follow",
        "put only the version into the variable",
        stage.line,
    )
