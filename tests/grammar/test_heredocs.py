from __future__ import annotations

import pytest

from dfmigrate_grammar import Heredoc, parse

from .reading import only


def _heredoc(name: str, body: str, *, fd: int = 0, chomp: bool = False, expand: bool = True) -> Heredoc:
    return Heredoc(name, fd, chomp, expand, body)


@pytest.mark.parametrize(
    ("source", "heredocs"),
    [
        ("RUN <<E\na\nE\n", [_heredoc("E", "a\n")]),
        ("RUN <<E\nE", [_heredoc("E", "")]),
        ("RUN <<E\r\na\r\nE\r\n", [_heredoc("E", "a\r\n")]),
        ("RUN cat <<E >x\n# a \\\n\nE\n", [_heredoc("E", "# a \\\n\n")]),
        ("COPY <<a.txt <<b.txt /d/\n1\na.txt\n2\nb.txt\n", [_heredoc("a.txt", "1\n"), _heredoc("b.txt", "2\n")]),
        ("ADD <<E /x\nE\n", [_heredoc("E", "")]),
        ("ONBUILD RUN <<E\na\nE\n", [_heredoc("E", "a\n")]),
        ("RUN <<-E\n\ta\n\t\tE\n", [_heredoc("E", "\ta\n", chomp=True)]),
        ("RUN 3<<E\nE\n", [_heredoc("E", "", fd=3)]),
        ("RUN <<'E'\n$a\nE\n", [_heredoc("E", "$a\n", expand=False)]),
        ('RUN <<"E"\nE\n', [_heredoc("E", "", expand=False)]),
        ("RUN <<E'O'F\nEOF\n", [_heredoc("EOF", "", expand=False)]),
        ("RUN <<'a b'\na b\n", [_heredoc("a b", "", expand=False)]),
        ("RUN <<\\E\nE\n", [_heredoc("E", "")]),  # An escape is no quote here.
        ("RUN << E\nE\n", [_heredoc("E", "")]),
        ("RUN <<$E\n$E\n", [_heredoc("$E", "")]),
        ("RUN <<E>/x\nE>/x\n", [_heredoc("E>/x", "")]),
        ("RUN <<E;\nE;\n", [_heredoc("E;", "")]),
        ("RUN <<E \\\n && x\na\nE\n", [_heredoc("E", "a\n")]),
        ("RUN <<-'E'\n E\n\tE\n", [_heredoc("E", " E\n", chomp=True, expand=False)]),
        ("RUN <<E\n E\nE \nE\n", [_heredoc("E", " E\nE \n")]),  # The terminator is the whole line.
        ("RUN '<<A' <<B\nB\n", [_heredoc("B", "")]),
    ],
)
def test_heredocs(source: str, heredocs: list[Heredoc]) -> None:
    assert list(only(source).heredocs) == heredocs


@pytest.mark.parametrize(
    "line",
    [
        "RUN cat<<E",  # The marker must begin a word,
        "RUN <<<E",
        "RUN <<A<<B",
        "RUN <<- E",  # and no space may follow the dash.
        "RUN <<",
        "RUN <<-",
        "RUN <<''",
        'RUN "<<E"',
        "RUN echo don't <<E",  # An open quote: BuildKit cannot cut the line into words.
        "RUN echo ${A[@]} <<E",
        'RUN ["a", "<<E"]',
        'COPY ["<<E", "/x"]',
        "CMD <<E",
        "ENTRYPOINT <<E",
        "SHELL <<E",
        "ENV A=<<E",
        "LABEL a <<E",
        "ONBUILD CMD <<E",
        "ONBUILD ONBUILD RUN <<E",
        "FROM <<E",
    ],
)
def test_no_heredoc(line: str) -> None:
    tree = parse(f"{line}\nE\n")
    assert len(tree.instructions) == 2
    assert tree.instructions[0].heredocs == ()


def test_the_escape_directive_does_not_count_in_markers() -> None:
    tree = parse("# escape=`\nRUN <<\\E\nE\nRUN <<`E\n`E\n")
    assert [instruction.heredocs[0].name for instruction in tree.instructions] == ["E", "`E"]


def test_an_open_heredoc_takes_the_rest() -> None:
    instruction = only("RUN <<E\na\nRUN b")
    assert instruction.heredocs == (Heredoc("E", 0, False, True, "a\nRUN b", terminated=False),)


def test_content_is_what_arrives() -> None:
    assert only("RUN <<-E\n\t\ta\n\tb\tc\n d\n\tE\n").heredocs[0].content == "a\nb\tc\n d\n"
    assert only("RUN <<E\n\ta\nE\n").heredocs[0].content == "\ta\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("RUN a \\\n  b", "a   b"),
        ("RUN --network=none a", "a"),
        ('RUN ["a"]', None),
        ("RUN <<E\na\nb\nE\n", "a\nb\n"),
        ("RUN << -E\na\n-E\n", "a\n"),
        ("RUN <<-E\n\ta\nE\n", "a\n"),
        ("RUN cat <<E\na\nE\n", "cat <<E\na\nE"),
        ("RUN cat <<E <<-F\na\nE\n\tb\nF\n", "cat <<E <<-F\na\nE\n\tb\nF"),
        ("RUN <<E\n#!/bin/bash -e\na\nE\n", "#!/bin/bash -e\na\n"),
        ("RUN <<E\n#!/usr/bin/env bash\na\nE\n", "#!/usr/bin/env bash\na\n"),
        ("RUN <<E\n#!/usr/bin/env python3\na\nE\n", None),
        ("RUN <<E\n#!/bin/fish\na\nE\n", None),
        ("CMD a b", "a b"),
        ('CMD ["a"]', None),
        ("ENTRYPOINT exec a", "exec a"),
        ("HEALTHCHECK --retries=1 CMD a || b", "a || b"),
        ('HEALTHCHECK CMD ["a"]', None),
        ("HEALTHCHECK NONE", None),
        ("HEALTHCHECK", None),
        ("COPY a b", None),
        ("SHELL a", None),
    ],
)
def test_text_for_the_shell(source: str, text: str | None) -> None:
    assert only(source).script_text == text


def test_script() -> None:
    assert only("RUN a && b").script is not None
    assert only('RUN ["a"]').script is None
    assert only("COPY a b").script is None
