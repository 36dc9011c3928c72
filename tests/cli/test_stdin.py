"""Editors replace their buffer by standard output: it is the whole text, or the exit code is not 0 and it is empty."""

from __future__ import annotations

import pytest
from conftest import Program
from stand_in import AFTER, BEFORE


def test_the_migrated_text_is_printed(run: Program) -> None:
    done = run("-", stdin=BEFORE)
    assert (done.code, done.out) == (0, AFTER)


@pytest.mark.parametrize("text", [AFTER, b"FROM windows\n", b"FROM {{ image }}\n"], ids=["same", "refused", "template"])
def test_a_text_that_is_left_alone_is_printed_as_it_came(run: Program, text: bytes) -> None:
    done = run("-", stdin=text)
    assert (done.code, done.out) == (0, text)


def test_a_file_name_names_the_messages_and_the_patch(run: Program) -> None:
    done = run("--diff", "-", "--stdin-filename", "web/Dockerfile", stdin=BEFORE)
    assert done.out.startswith(b"--- a/web/Dockerfile\n+++ b/web/Dockerfile\n")
    assert "web/Dockerfile:2: slim [C8] The health check calls curl; install curl" in done.lines


def test_a_template_is_known_by_its_name(run: Program) -> None:
    assert run("--strict", "-", "--stdin-filename", "Dockerfile.j2", stdin=BEFORE).code == 4


@pytest.mark.parametrize(
    ("arguments", "text", "code"),
    [
        ("", b"FROM a\nRUN <<EOF\n", 3),
        ("", b"", 3),
        ("", b"\0", 3),
        ("", b"#" * (1 << 20) + b"\nFROM a\n", 3),
        ("", b"FROM crash\n", 2),
        ("--strict", b"FROM windows\n", 4),
        ("--check", BEFORE, 1),
        ("--check --diff", BEFORE, 1),
        ("--nonsense", BEFORE, 2),
    ],
)
def test_a_failure_prints_nothing(run: Program, arguments: str, text: bytes, code: int) -> None:
    done = run(*arguments.split(), "-", stdin=text)
    assert (done.code, done.out) == (code, b"")
    assert done.err
