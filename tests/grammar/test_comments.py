from __future__ import annotations

import pytest

from dfmigrate_grammar import Comment, parse
from dfmigrate_grammar.rows import rows

from .reading import kinds


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# one\n# two\nRUN a\n", "ccI"),
        ("# one\n\n# two\nRUN a\n", "CBcI"),
        ("# one\n\nRUN a\n", "CBI"),
        ("RUN a\n# one\nRUN b\n", "IcI"),
        ("RUN a\n# one\n", "IC"),
        ("RUN a\n# one\n\n", "ICB"),
        ("# one", "C"),
        ("  # indented\nRUN a\n", "cI"),
        ("\u3000# wide\nRUN a\n", "cI"),
        ("#\nRUN a\n", "cI"),
        ("# ends with a backslash \\\nRUN a\n", "cI"),  # A comment never goes on.
        ("RUN a # no comment\n", "I"),
        ("RUN a \\\n# inside\nb\n", "I"),
        ("RUN <<E\n# body\nE\n# two\nRUN b\n", "IcI"),
    ],
)
def test_a_comment_belongs_to_the_instruction_right_below(source: str, expected: str) -> None:
    assert kinds(parse(source)) == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [("# a b \n", "a b"), ("#a", "a"), ("\t## a\r\n", "# a"), ("#\n", ""), ("#\u00a0a\n", "a")],
)
def test_text_of_a_comment(source: str, text: str) -> None:
    comment = parse(source).items[0]
    assert isinstance(comment, Comment)
    assert comment.text == text


@pytest.mark.parametrize(
    ("source", "attached"),
    [
        ("# one\n# two\nFROM a\n", ["one", "two"]),
        ("# one\n\n\n# two\nFROM a\n", ["one", "two"]),  # A blank line does not part them for BuildKit,
        ("# one\n#\n# two\nFROM a\n", ["two"]),  # an empty comment does.
        ("# one\n  # two\nFROM a\n", ["one", "# two"]),  # An indented comment keeps its sign.
        ("# one\n  #\nFROM a\n", ["one", "#"]),
        ("# escape=`\n# one\nFROM a\n", ["one"]),
        ("FROM a\n# above\nRUN b \\\n# inside\n c\n", ["above"]),
        ("\u00a0# wide\nFROM a\n", ["\ufffd# wide"]),
    ],
)
def test_comments_that_buildkit_attaches(source: str, attached: list[str]) -> None:
    assert rows(parse(source))["instructions"][-1]["comments"] == attached
