"""The result is a Dockerfile that BuildKit accepts, and reads back as the same tree."""

from __future__ import annotations

from dfmigrate.migration import Proved
from dfmigrate_grammar import parse

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Parse the printed result again."""
    text = bytes(case.after.dockerfile)
    again = parse(text)
    if again.problems:
        problem = again.problems[0]
        yield Open(
            "well-formed",
            "INTERNAL",
            f"the result would not parse: {problem.message}",
            "report this file",
            problem.line,
        )
    elif [i.text for i in again.instructions] != [i.text for i in case.after.dockerfile.instructions]:
        yield Open("well-formed", "INTERNAL", "the result reads back as other instructions", "report this file")
    else:
        yield Proved("well-formed", ("D16",), "the result parses, and directives and preamble still come first")
