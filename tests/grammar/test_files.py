from __future__ import annotations

import pytest

from dfmigrate_grammar import parse

from .reading import kinds


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", ""),
        (b"\n", "B"),
        (b" \t\n \n", "BB"),
        (b"   ", "B"),
        (b"FROM a", "I"),
        (b"FROM a\n", "I"),
        (b"FROM a\r\nRUN b\r\n", "II"),
        (b"FROM a\n\n\nRUN b", "IBBI"),
        (b"\xef\xbb\xbfFROM a\n", "I"),
        (b"\xef\xbb\xbf# escape=`\nFROM a\n", "DI"),
        (b"\n\xef\xbb\xbfFROM a\n", "BI"),  # A byte order mark counts on the first line only.
        (b"FROM a\rRUN b\n", "I"),  # A lone carriage return ends no line.
        (b"FROM a\x0cRUN b\x0b\n", "I"),
        (b"FROM a\xe2\x80\xa8RUN b\n", "I"),  # Nor does a Unicode line separator.
        (b"\xc2\xa0\n\xe3\x80\x80\nFROM a\n", "BBI"),  # Wide spaces are white space,
        (b"\x1c\n\x1f\n", "II"),  # the separators that Python's strip() knows are not.
        (b"\x00\n", "I"),
        (b"\xff\xfe\n# \x80\nRUN \xc3\n", "IcI"),
        (b"FROM a\n# last", "IC"),
        (b"garbage in\n&& garbage out\n", "II"),
    ],
)
def test_every_byte_is_in_one_item(source: bytes, expected: str) -> None:
    tree = parse(source)
    assert bytes(tree) == source
    assert kinds(tree) == expected


def test_text_is_read_like_bytes() -> None:
    assert parse("\ufeffFROM ä\n").bom == "\ufeff"
    assert bytes(parse("FROM ä\n")) == "FROM ä\n".encode()


@pytest.mark.parametrize(
    ("source", "newline"),
    [("", "\n"), ("FROM a", "\n"), ("FROM a\nRUN b\r\n", "\n"), ("FROM a\r\nRUN b\r\nRUN c\n", "\r\n")],
)
def test_newline_is_the_one_that_most_lines_have(source: str, newline: str) -> None:
    assert parse(source).newline == newline


def test_lines_of_nodes() -> None:
    tree = parse("# syntax=x\n\n# doc\nRUN a \\\n  # inside\n\n  b\nRUN <<E\nbody\nE\nCMD c")
    directive, blank, run, heredoc, command = tree.items
    assert [tree.line_of(node) for node in (directive, blank, run, heredoc, command)] == [1, 2, 4, 8, 11]
    assert [tree.end_line_of(node) for node in (directive, blank, run, heredoc, command)] == [1, 2, 7, 10, 11]
    assert tree.line_of(run.leading[0]) == 3  # type: ignore[union-attr]


def test_lines_at_the_end_of_an_open_continuation() -> None:
    tree = parse("RUN a \\\n# comment\n\n")
    assert tree.end_line_of(tree.items[0]) == 3


def test_line_of_a_stranger() -> None:
    with pytest.raises(KeyError):
        parse("RUN a\n").line_of(parse("RUN a\n").items[0])


def test_nodes_are_compared_by_identity() -> None:
    first, second = parse("RUN a\nRUN a\n").instructions
    assert first != second
    assert len({first, second}) == 2


@pytest.mark.parametrize(
    "source",
    [
        "RUN " + "\\ " * 50_000,
        "RUN x \\\n" + "\n" * 50_000,
        "# syntax=a" + " " * 50_000 + "b",
        " " * 50_000 + "x",
        "ENV A=" + "'" * 50_001,
        "RUN [" + "[" * 50_000,
        "ONBUILD " * 3_000 + "RUN a",
        "FROM " + "${" * 50_000,
    ],
)
def test_long_and_deep_files_are_read_in_time(source: str) -> None:
    tree = parse(source)
    assert tree.source == source
    assert tree.problems is not None
