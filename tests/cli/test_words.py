"""The bare form, the subcommands, and files that are called like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Program
from stand_in import BEFORE

import dfmigrate


@pytest.fixture
def patch(run: Program, tmp_path: Path) -> bytes:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    return run("migrate", "Dockerfile").out


@pytest.mark.parametrize(
    "arguments",
    [
        "Dockerfile",
        "--diff Dockerfile",
        "Dockerfile --diff",
        "migrate Dockerfile -d",
        "-- Dockerfile",
        "--color=never .",
    ],
)
def test_the_first_word_may_be_missing(run: Program, patch: bytes, arguments: str) -> None:
    done = run(*arguments.split())
    assert patch.startswith(b"--- a/Dockerfile\n")
    assert (done.code, done.out) == (0, patch)


@pytest.mark.parametrize("arguments", [["./codemod"], ["--", "codemod"], ["migrate", "codemod"], ["--diff", "codemod"]])
def test_a_file_may_be_called_like_a_command(run: Program, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "codemod").write_bytes(BEFORE)
    assert run(*arguments).out.startswith(b"--- a/codemod\n")


@pytest.mark.parametrize(("typo", "command"), [("codmod", "codemod"), ("migrat", "migrate")])
def test_a_mistyped_command_is_not_taken_for_a_path(run: Program, tmp_path: Path, typo: str, command: str) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    done = run(typo, "Dockerfile", "--write")
    assert done.code == 2
    assert done.lines == [f"error: {typo}: no such file or directory (did you mean the command {command!r}?)"]
    assert (tmp_path / "Dockerfile").read_bytes() == BEFORE


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_version(run: Program, option: str) -> None:
    assert run(option).out == f"dfmigrate {dfmigrate.__version__}\n".encode()


def test_help_of_the_bare_form_has_the_options_of_the_default_command(run: Program) -> None:
    text = run("--help").out.decode()
    for word in ("PATH...", "--write", "--stdin-filename", "--version", "codemod", "Exit codes"):
        assert word in text
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in run("--help", env={"FORCE_COLOR": "1", "GITHUB_ACTIONS": "true"}).out.decode()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("dfmigrate --wri", "--write"), ("dfmigrate code", "codemod"), ("dfmigrate x --che", "--check")],
)
def test_completion(run: Program, typed: str, expected: str) -> None:
    env = {"_DFMIGRATE_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    assert expected in run(env=env).out.decode().split()
