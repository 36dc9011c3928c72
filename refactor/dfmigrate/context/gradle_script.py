"""Pieces of a Gradle build file: blocks, and values that are plain literals."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MAX_BLOCK = 50_000
_BRACES = re.compile(r"[{}]|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'")


def task_blocks(code: str, name: str, kind: str) -> Iterator[str]:
    """What configures a task, by its name or its type: ``bootJar { }``, ``tasks.named("bootJar") { }``, ...

    A setting on one line, such as ``bootJar.archiveFileName = "x"``, is yielded too.
    """
    opening = (
        rf"(?:(?<![\w.])(?:tasks\.)?{name}|\btasks\.(?:named|getByName)(?:<\w+>)?\(\s*['\"]{name}['\"](?:\s*,\s*\w+(?:::class)?)?\s*\)"
        rf"|\btasks\.withType(?:<{kind}>(?:\(\))?|\(\s*{kind}(?:::class(?:\.java)?)?\s*\)))"
        r"(?:\.configureEach|\.configure)?\s*\{"
    )
    for found in re.finditer(opening, code):
        yield block_at(code, found.end())
    for found in re.finditer(rf"(?m)^[ \t]*(?:tasks\.)?{name}\.([^\n]*)$", code):
        yield found[1]


def block_at(code: str, at: int) -> str:
    """The text up to the brace that closes the one before ``at``."""
    depth = 1
    for found in _BRACES.finditer(code, at, at + _MAX_BLOCK):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return code[at : found.start()]
    return code[at : at + _MAX_BLOCK]


def setting(text: str, name: str) -> tuple[bool, str | None]:
    """Whether a setting is given, and its value when it is given once and as a literal without references."""
    written = re.findall(rf"\b{name}\s*(?:=|\.set\(|\s(?=['\"]))\s*([^\n;]*)", text)
    if not written:
        return False, None
    found = re.match(r"['\"]([^'\"$]*)['\"]\s*\)?\s*(?:$|\})", written[0])
    return True, found[1] if found is not None and len(written) == 1 else None
