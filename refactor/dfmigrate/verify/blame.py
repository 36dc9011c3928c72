"""Which line of the migrated Dockerfile an observed difference comes from."""

from __future__ import annotations

import re
from dataclasses import replace

from dfmigrate.verify.cause import Causes
from dfmigrate.verify.finding import Finding

_PATH = re.compile(r"(?<![\w:/.])/(?!(?:proc|dev|sys|tmp)/)[\w@%+.-]+(?:/[\w@%+.-]+)+")
_INSTRUCTIONS = (("health", "HEALTHCHECK"), ("port", "EXPOSE"), ("stop", "STOPSIGNAL"))
_SYSTEM = frozenset(("B1", "C8", "C9", "C10", "C18"))
"""Codes of what the base image has not."""


def placed(findings: tuple[Finding, ...], causes: Causes) -> tuple[Finding, ...]:
    """The same, each that has no line with one: of the path that it names, or else of the instruction behind it."""
    return tuple(
        finding if finding.line is not None else replace(finding, line=_line(finding, causes)) for finding in findings
    )


def _line(finding: Finding, causes: Causes) -> int:
    path = _PATH.search(f"{finding.message} {finding.after or ''}")
    if finding.code in _SYSTEM:
        return causes.base
    if path is not None:
        return causes.path(path[0])
    for subject, name in _INSTRUCTIONS:
        if finding.subject.startswith(subject):
            return causes.instruction(name)
    command = causes.instruction("CMD")
    return command if command != causes.base else causes.instruction("ENTRYPOINT")
