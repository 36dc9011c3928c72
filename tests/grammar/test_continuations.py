from __future__ import annotations

import pytest

from dfmigrate_grammar import parse
from dfmigrate_grammar.rows import rows

from .reading import only


@pytest.mark.parametrize(
    ("source", "logical"),
    [
        ("RUN a \\\n b\n", "a  b"),
        ("RUN a\\\nb\n", "ab"),
        ("RUN a \\  \t\n b\n", "a  b"),
        ("RUN a \\\r\n b\r\n", "a  b"),
        ("RUN a \\ \r\r\n b\n", "a  b"),
        ("RUN \\\n\\\n a\n", "a"),
        ("RUN a \\", "a"),
        ("RUN a \\\n", "a"),
        ("RUN a \\\n\n\n", "a"),
        ("RUN a \\\n# comment", "a"),
        ("RUN a \\\n# comment\n b\n", "a  b"),
        ("RUN a \\\n   # comment \\\n b\n", "a  b"),
        ("RUN a \\\n\n \t\n b\n", "a  b"),
        ("RUN a \\\n b \\\n c\n", "a  b  c"),
        ("RUN a \\\n'b # no comment'\n", "a 'b # no comment'"),
        ("RUN a \\\\\n", "a \\\\"),  # Two escape characters at the end continue nothing,
        ("RUN a \\\\\\\n", "a \\\\\\"),  # nor do three.
        ("RUN a \\ b\n", "a \\ b"),
        ("RUN a \\\v\n", "a \\"),  # Only spaces and tabs may follow.
        ("RUN a `\n", "a `"),
        ("# escape=`\nRUN a `\n b\n", "a  b"),
        ("# escape=`\nRUN c:\\\n", "c:\\"),
        ("# escape=`\nRUN a ``\n", "a ``"),
        ("\\\nRUN a\n", "a"),
        ("RUN\\\n a\n", "a"),
        ("RU\\\nN a\n", "a"),
        ("  RUN   a  \n", "a"),
        ("RUN\ta\n", "a"),
        ("RUN\u00a0\n", ""),
        ("RUN\n", ""),
    ],
)
def test_lines_are_joined(source: str, logical: str) -> None:
    instruction = only(source)
    assert instruction.name == "RUN"
    assert instruction.logical == logical


def test_a_line_without_continuation_ends_the_instruction() -> None:
    tree = parse("RUN a \\\\\nRUN b\nRUN c \\\n\nRUN d\n")
    assert [instruction.logical for instruction in tree.instructions] == ["a \\\\", "b", "c RUN d"]


@pytest.mark.parametrize(
    ("source", "offset", "line"),
    [("RUN a \\\n  b\n", 4, 1), ("RUN a \\\n# c\n  b\n", 4, 2), ("RUN a\n", 0, 0), ("\\\nRUN a\n", 0, 1)],
)
def test_offsets_lead_back_to_the_physical_text(source: str, offset: int, line: int) -> None:
    instruction = only(source)
    place = instruction.physical_offset(offset)
    assert instruction.head[place] == instruction.logical[offset]
    assert instruction.head.count("\n", 0, place) == line


@pytest.mark.parametrize(
    ("source", "warned"),
    [
        ("RUN a \\\n\n b\n", True),
        ("RUN a \\\n  \n", True),
        ("RUN a \\\n b\n", False),
        ("RUN a \\\n# c\n b\n", False),
        ("RUN a \\\n \\\n b\n", False),
    ],
)
def test_buildkit_warns_of_blank_lines_inside(source: str, warned: bool) -> None:
    assert bool(rows(parse(source))["warnings"]) == warned
