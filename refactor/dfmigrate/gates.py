"""Dockerfiles that are refused as a whole: nothing in them is touched, and one line says why."""

from __future__ import annotations

import re

from dfmigrate.migration import Decline
from dfmigrate_grammar import Dockerfile

_WINDOWS = re.compile(r"(^|/)windows(/|:|$)|nanoserver|servercore|ltsc20\d\d", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_ONBUILD_BASE = re.compile(r":(?:[\w.-]*-)?onbuild\b")


def refusal(dockerfile: Dockerfile) -> Decline | None:
    """Why the file is not migrated at all; None when it may be."""
    if dockerfile.is_foreign:
        return _whole(
            "FRONTEND",
            f"`# syntax={dockerfile.frontend}` selects a frontend whose language is not known here",
            "use docker/dockerfile",
            1,
        )
    for instruction in dockerfile.instructions:
        line = dockerfile.line_of(instruction)
        if instruction.name in ("FROM", "COPY", "ADD", "WORKDIR", "ARG", "ENV") and _TEMPLATE.search(
            instruction.logical
        ):
            return _whole(
                "TEMPLATE", "this is a template, not a Dockerfile", "migrate the file that it generates", line
            )
        if instruction.name == "FROM" and instruction.image is not None:
            if _WINDOWS.search(instruction.image.text) or (instruction.platform or "").startswith("windows"):
                return _whole(
                    "WINDOWS", f"`{instruction.image.text}` is a Windows image", "only Linux images are migrated", line
                )
            if _ONBUILD_BASE.search(instruction.image.text):
                return _whole(
                    "D9",
                    f"the base image `{instruction.image.text}` runs ONBUILD triggers at every FROM",
                    "copy the triggers into this file and use a plain base",
                    line,
                )
        if instruction.name == "ONBUILD":
            return _whole(
                "D9",
                "ONBUILD makes this an image for other builds, whose triggers a split would move",
                "nothing to do",
                line,
            )
    if dockerfile.directives.get("escape") == "`":
        return _whole(
            "WINDOWS", "the escape character ` is that of Windows Dockerfiles", "only Linux images are migrated", 1
        )
    return None


def _whole(code: str, message: str, hint: str, line: int) -> Decline:
    return Decline(code, "file", message, hint, line)


_CORRECTIONS = {
    "unterminated heredoc": "end it with a line that holds only its delimiter",
    "file with no instructions": "a Dockerfile starts with FROM",
    "no build stage in current context": "only ARG may stand ahead of the first FROM",
}


def correction(message: str) -> str:
    """What to do about an error of BuildKit's, in a few words."""
    return next((hint for start, hint in _CORRECTIONS.items() if message.startswith(start)), "correct this line")
