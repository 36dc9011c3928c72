"""Standard error: one clear line for each thing, ``path:line: what; how to fix``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Program
from stand_in import BEFORE


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("Dockerfile", b"\x7fELF\n\0", "Dockerfile:2: this is not a text file; give a Dockerfile"),
        ("Dockerfile", "FROM a\n".encode("utf-16"), "Dockerfile:1: this is not a text file; save it as UTF-8"),
        ("Dockerfile", b"FROM a\nRUN <<E\n", "Dockerfile:2: unterminated heredoc; correct the line"),
        ("Dockerfile", b"FROM windows\n", "Dockerfile:1: a Windows image; only Linux images are migrated"),
        ("Dockerfile.j2", b"FROM a\n", "Dockerfile.j2: this is a template, not yet a Dockerfile; render it first, and"),
        ("Dockerfile", b"\n\n{% if x %}\n", "Dockerfile:3: this is a template"),
        ("Dockerfile", b"FROM a\nRUN x {% raw %}\n", "Dockerfile:2: this is a template"),
        ("Dockerfile", b"from {{ base }}\n", "Dockerfile:1: this is a template"),
        ("Dockerfile", b"#" * (1 << 20) + b"\n", "Dockerfile: larger than 1 MiB; this is not a Dockerfile"),
        ("Dockerfile", b"FROM crash\n", "Dockerfile: internal error: LookupError: nobody knows; report it with"),
        ("a\x1b[2Jb", b"FROM windows\n", "a\\x1b[2Jb:1: a Windows image"),
    ],
)
def test_one_line_says_what_is_wrong(run: Program, tmp_path: Path, name: str, content: bytes, line: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("--write", name)
    assert len(done.lines) == 1
    assert done.lines[0].startswith(line)
    assert done.out == b""
    assert (tmp_path / name).read_bytes() == content
    assert list(tmp_path.iterdir()) == [tmp_path / name]


@pytest.mark.parametrize(
    "text",
    [
        b"FROM a\nRUN docker inspect -f '{{.Id}}' x && echo ${V%%.*}\n",
        b"FROM a\nENV FILTER=(cn={{username}})\n# {{ a note }}\nRUN curl -w '%{http_code}' x\n",
    ],
)
def test_braces_in_a_command_make_no_template(run: Program, tmp_path: Path, text: bytes) -> None:
    (tmp_path / "Dockerfile").write_bytes(text)
    assert run("--strict", "Dockerfile").code == 0


def test_a_missing_file(run: Program) -> None:
    assert run("Dockerfile").lines == ["Dockerfile: no such file or directory; check the path"]


def test_a_link_to_itself(run: Program, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").symlink_to("Dockerfile")
    assert run("Dockerfile").lines == ["Dockerfile: no such file or directory; check the path"]


def test_a_folder_without_dockerfiles(run: Program, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run("empty")
    assert done.code == 2
    assert done.lines == ["empty: no Dockerfile in this folder; name the file itself if it has another name"]


def test_something_that_is_no_file(run: Program, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = run("pipe")
    assert (done.code, len(done.lines)) == (2, 1)
    assert done.lines[0].startswith("pipe: not a regular file; ")


def test_what_was_declined_is_told_beside_the_patch(run: Program, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    assert run("Dockerfile").lines == [
        "Dockerfile: copy-less: Look at it",
        "Dockerfile:2: slim [C8] The health check calls curl; install curl",
    ]


def test_check_and_write_tell_which_files(run: Program, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    assert run("--check", "Dockerfile").lines[0] == "Dockerfile: would change: upper-case, copy-less"
    assert run("--write", "Dockerfile").lines[0] == "Dockerfile: changed: upper-case, copy-less"


def test_quiet_says_only_what_fails(run: Program, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    (tmp_path / "Dockerfile.win").write_bytes(b"FROM windows\n")
    (tmp_path / "Dockerfile.j2").write_bytes(b"FROM a\n")
    assert run("-q", ".").err == ""
    assert len(run("-q", "--strict", ".").lines) == 2
    assert len(run("-q", "missing").lines) == 1


def test_debug_shows_the_traceback(run: Program, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"FROM crash\n")
    done = run("--debug", "Dockerfile")
    assert done.code == 2
    assert 'LookupError("nobody knows")' in done.err
