"""The table of exit codes: each alone, and which wins when several apply."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Program
from stand_in import AFTER, BEFORE

FILES = {
    "change": BEFORE,
    "same": AFTER,
    "refused": b"FROM windows\n",
    "template.j2": b"FROM {{ image }}\n",
    "invalid": b"FROM a\nRUN <<EOF\nx\n",
    "binary": b"\x7fELF\0\0",
    "crash": b"FROM crash\n",
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("same", 0),
        ("change", 0),
        ("--diff change", 0),
        ("--check same", 0),
        ("--check change", 1),
        ("--check --diff change", 1),
        ("--check same change", 1),
        ("missing", 2),
        ("crash", 2),
        ("--nonsense", 2),
        ("--color sometimes same", 2),
        ("--write --check same", 2),
        ("--context missing same", 2),
        ("--stdin-filename x same", 2),
        ("- same", 2),
        ("--write -", 2),
        ("", 2),
        ("invalid", 3),
        ("binary", 3),
        ("refused", 0),
        ("template.j2", 0),
        ("--strict refused", 4),
        ("--strict template.j2", 4),
        ("--strict same change", 0),
        # 2 > 4 > 3 > 1 > 0
        ("--check --strict change invalid refused missing", 2),
        ("--check --strict change invalid refused", 4),
        ("--check change invalid refused", 3),
        ("--check change refused", 1),
        ("change invalid", 3),
        ("--write invalid missing same", 2),
        ("-V", 0),
        ("--version", 0),
        ("-h", 0),
        ("--help", 0),
        ("migrate --help", 0),
        ("codemod --help", 0),
    ],
)
@pytest.mark.usefixtures("files")
def test_exit_code(run: Program, arguments: str, code: int) -> None:
    assert run(*arguments.split()).code == code


def test_the_other_files_are_done_when_one_fails(run: Program, files: Path) -> None:
    assert run("--write", "missing", "invalid", "crash", "refused", "change").code == 2
    assert {name: (files / name).read_bytes() for name in FILES} == FILES | {"change": AFTER}
