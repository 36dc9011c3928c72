from __future__ import annotations

import pytest

from dfmigrate_grammar import Style, parse


@pytest.mark.parametrize(
    ("source", "style"),
    [
        ("", Style()),
        ("FROM a\n", Style()),
        ("from a\nrun b\nCMD c\n", Style(keyword_case="lower")),
        ("from a\nCMD c\n", Style()),
        ("FROM a\r\nRUN b\r\n", Style(newline="\r\n")),
        ("# escape=`\nFROM a\n", Style(continuation="`")),
        ("RUN a \\\n\tb \\\n\tc\n", Style(indent="\t")),
        ("RUN a \\\n  b \\\n  c \\\n        d\n", Style(indent="  ")),
        ("RUN a \\\n  # comment\n      b\n", Style(indent="      ")),
        ("RUN a \\\nb\n", Style()),
        ("RUN a && \\\n    b && \\\n    c\n", Style(leading_and=False)),
        ("RUN a \\\n && b\n", Style(indent=" ")),
    ],
)
def test_style_is_learnt_from_the_file(source: str, style: Style) -> None:
    assert parse(source).style == style


def test_instruction() -> None:
    style = Style(newline="\r\n", keyword_case="lower")
    written = style.instruction("COPY", "a b", comments=["one", ""])
    assert written.source == "# one\r\n#\r\ncopy a b\r\n"
    assert Style().instruction("CMD", "").source == "CMD\n"
    assert style.instruction("RUN", "a \\\n b").source == "run a \\\r\n b\r\n"


def test_comment_and_blank() -> None:
    assert Style().comment("why").source == "# why\n"
    assert Style(newline="\r\n").blank().source == "\r\n"


@pytest.mark.parametrize(
    ("style", "commands", "source"),
    [
        (Style(), ["a"], "RUN a\n"),
        (Style(), ["a", "b", "c"], "RUN a \\\n    && b \\\n    && c\n"),
        (Style(leading_and=False, indent="\t"), ["a", "b"], "RUN a && \\\n\tb\n"),
        (Style(continuation="`", newline="\r\n"), ["a", "b"], "RUN a `\r\n    && b\r\n"),
    ],
)
def test_run(style: Style, commands: list[str], source: str) -> None:
    assert style.run(commands).source == source


def test_what_is_written_is_read_the_same() -> None:
    tree = parse("# escape=`\r\nfrom a\r\nrun b `\r\n\t&& c\r\n")
    written = tree.style.run(["x", "y"])
    changed = tree.insert_after(tree.items[-1], written)
    last = parse(changed.source).instructions[-1]
    assert (last.head, last.logical) == (written.head, written.logical)
