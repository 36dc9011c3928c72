"""``dfmigrate ast``: how a file is read, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Program

SOURCE = b"""\
# syntax=docker/dockerfile:1

# why
FROM --platform=$P node:22 AS build
ENV A=1 \\
  # between
  B="x y"
ENV C d e
RUN --network=none \\
  x=$(curl y | sh) && \\
  make
COPY <<A <<-'B' /d/
a
A
	b
	c
B
RUN <<E
cd /srv
make all
E
RUN sh <<E
E
ONBUILD RUN a; \\
 b
HEALTHCHECK --retries=1 CMD curl x
CMD ["node", "\\u00e9"]
USER a b
RUN if a; then
FROM Build
CMD ['a']
"""
TREE = """\
1      directive # syntax=docker/dockerfile:1
2      blank
4      FROM
         comment   3             # why
         flag      4:6-18        --platform=$P
         word      4:20-26       node:22
         word      4:28-29       AS
         word      4:31-35       build
5-7    ENV
         pair      5:5-7         A=1
         pair      7:3-9         B="x y"
8      ENV
         legacy    8:5-9         C=d e
9-11   RUN
         flag      9:5-18        --network=none
         shell     10:3-11:6     x=$(curl y | sh) &&   make
         command   10:3-18       x=$(curl y | sh)
         command   10:7-12       curl y  [piped, subshell, substituted]
         command   10:16-17      sh  [piped, subshell, substituted]
         command   11:3-6        make
12-17  COPY
         word      12:6-8        <<A
         word      12:10-15      <<-'B'
         word      12:17-19      /d/
         heredoc   13-13         A (expanded)
         heredoc   15-16         B (without leading tabs, literal)
18-21  RUN
         shell     18:5-7        <<E
         command   19:1-7        cd /srv
         command   20:1-8        make all
         heredoc   19-20         E (expanded)
22-23  RUN
         shell     22:5-10       sh <<E
         command   22:5-10       sh <<E
         heredoc                 E (expanded, empty)
24-25  ONBUILD
         keeps     24:9          RUN
         shell     24:13-25:2    a;  b
         command   24:13-13      a
         command   25:2-2        b
26     HEALTHCHECK
         flag      26:13-23      --retries=1
         type      26:25-27      CMD
         shell     26:29-34      curl x
         command   26:29-34      curl x
27     CMD
         json      27:5-22       ["node", "é"]
28     USER
         text      28:6-8        a b
29     RUN
         shell     29:5-14       if a; then
         opaque                  an empty list of commands
30     FROM
         word      30:6-10       Build
         trap      30:6          TRAP [stage-case]
31     CMD
         shell     31:5-9        ['a']
         command   31:5-9        ['a']
         trap      31:5          TRAP [single-quotes]
"""


def _without_messages(line: str) -> str:
    """The wording of a trap is tested where it is written."""
    before, mark, code = line.rpartition(" [")
    return f"{before[:33]}TRAP{mark}{code}" if before.lstrip().startswith("trap ") else line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "Dockerfile"
    file.write_bytes(SOURCE)
    return file


def test_the_tree_for_people(run: Program, file: Path) -> None:
    done = run("ast", "Dockerfile")
    assert (done.code, done.err) == (0, "")
    assert [_without_messages(line) for line in done.out.decode().split("\n")] == TREE.split("\n")
    assert run("ast", "-", stdin=SOURCE) == done
    assert file.read_bytes() == SOURCE


def test_the_row_for_programs(run: Program, file: Path) -> None:
    done = run("ast", "--format", "json", "Dockerfile")
    row = json.loads(done.out)
    assert (done.code, done.out.count(b"\n")) == (0, 1)
    assert list(row) == ["sha256", "parse_error", "instruction_error", "escape", "warnings", "instructions"]
    assert row["instructions"][-1] == {
        "keyword": "CMD",
        "start": 31,
        "end": 31,
        "flags": [],
        "args": ["['a']"],
        "json": False,
        "original": "CMD ['a']",
        "comments": [],
        "heredocs": [],
    }


def test_a_refused_file_is_shown_with_the_place_and_the_trap(run: Program) -> None:
    done = run("ast", "-", stdin=b"FROM a\n\tENV A=\xff\x1b # b\nFOO\n")
    assert done.code == 3
    assert done.lines[1:3] == ["\tENV A=\\udcff\\x1b # b", "\t                 ^"]
    assert done.lines[0].startswith('-:2: Syntax error - can\'t find = in "#"')
    assert done.lines[3].startswith("-:2: ")
    assert done.lines[3].endswith("[no-comment]")
    assert [line.split()[0] for line in done.out.decode().splitlines()][-2:] == ["3", "error"]


def test_the_words_of_another_shell_are_not_read(run: Program) -> None:
    source = b"""\
FROM a AS one
SHELL ["/bin/bash", "-c"]
RUN a
SHELL ["powershell", "-Command"]
RUN b
FROM one
CMD c
RUN <<E
#!/bin/sh
d
E
FROM a
RUN e
"""
    lines = run("ast", "-", stdin=source).out.decode().splitlines()
    assert [line.split()[-1] for line in lines if line.split()[0] == "command"] == ["a", "d", "e"]
    assert [line.split(maxsplit=1)[1] for line in lines if line.split()[0] == "opaque"] == [
        "not read, because SHELL is powershell"
    ] * 2


def test_the_row_of_a_refused_file(run: Program) -> None:
    done = run("ast", "--format=json", "-", stdin=b"FROM a\nRUN <<E\n")
    assert (done.code, json.loads(done.out)["parse_error"]) == (3, "unterminated heredoc")


def test_a_file_for_another_frontend_is_not_judged(run: Program) -> None:
    done = run("ast", "-", stdin=b"# syntax=example.org/packs\nkind: build\n")
    assert done.code == 0
    assert done.lines == ["-:1: example.org/packs reads this file, so it may be no Dockerfile"]


@pytest.mark.parametrize("source", [SOURCE, b"", b"\xef\xbb\xbf\0\xff\r", b"FROM a\r\nRUN <<E\n"])
def test_round_trip(run: Program, source: bytes) -> None:
    done = run("ast", "--roundtrip", "-", stdin=source)
    assert (done.code, done.out, done.err) == (0, b"", "")


def test_nothing_that_a_file_says_steers_the_terminal(run: Program) -> None:
    source = b"\xef\xbb\xbf# \x1b[1m\nFROM \x1b[2m\xff\n\x1b[3m x\nCOPY <<\x1b /\n\x1b\n"
    done = run("ast", "-", stdin=source)
    assert b"\x1b" not in done.out
    assert "\x1b" not in done.err
    assert done.out.startswith(b"1    byte order mark\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("missing", 2, "missing: no such file or directory; check the path"),
        (".", 2, "this is a folder; name the Dockerfile"),
        ("--format xml Dockerfile", 2, "xml"),
        ("", 2, "PATH"),
    ],
)
def test_wrong_usage(run: Program, file: Path, arguments: str, code: int, said: str) -> None:
    done = run("ast", *arguments.split())
    assert (done.code, done.out) == (code, b"")
    assert said in done.err
