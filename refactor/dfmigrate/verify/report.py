"""What people and programs see of a verification: at a terminal, in a pull request, and as JSON."""

from __future__ import annotations

import enum
import io

from dfmigrate.verify.report_json import as_json
from dfmigrate.verify.report_markdown import as_markdown
from dfmigrate.verify.verification import Verification


class Form(enum.StrEnum):
    """How a verification is shown."""

    PRETTY = "pretty"
    JSON = "json"
    MARKDOWN = "markdown"


def render(answer: Verification, form: Form, *, color: bool, width: int = 100) -> str:
    """The whole answer as text that ends with a line feed; ``color`` and ``width`` (columns) are for ``PRETTY``."""
    if form is Form.JSON:
        return as_json(answer)
    if form is Form.MARKDOWN:
        return as_markdown(answer)
    from rich.console import Console

    from dfmigrate.verify.report_pretty import show

    text = io.StringIO()
    console = Console(
        file=text,
        width=width,
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    show(console, answer)
    return "\n".join(line.rstrip() for line in text.getvalue().split("\n"))
