"""No comment of the original is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dfmigrate.migration import Proved
from dfmigrate_grammar import Dockerfile

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Compare the comment lines, those inside continued instructions included."""
    lost = Counter(_comments(case.before.dockerfile)) - Counter(_comments(case.after.dockerfile))
    for text in lost:
        yield Open("comments", "COMMENT", f"the comment `{text}` would be lost", "report this file")
    if not lost:
        yield Proved("comments", (), "every comment of the original is still there")


def _comments(dockerfile: Dockerfile) -> Iterator[str]:
    for line in dockerfile.source.split("\n"):
        if line.lstrip().startswith("#"):
            yield line.strip()
