"""`dfmigrate explain` as it is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TEXT = b'FROM node:20-bookworm\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "a.js"]\n'


def explain(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "dfmigrate", "explain", *arguments], cwd=cwd, capture_output=True)


def test_it_explains_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(TEXT)
    (tmp_path / "a.js").write_bytes(b"")
    done = explain("Dockerfile", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == b""
    assert done.stdout.startswith(b"1  FROM node:20-bookworm\n    image: node 20 on debian bookworm (glibc)")
    assert b"What was decided" in done.stdout
    assert (tmp_path / "Dockerfile").read_bytes() == TEXT


def test_what_cannot_be_explained_is_one_line_and_an_exit_code(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"FORM node\n")
    (tmp_path / "windows").write_bytes(b"FROM mcr.microsoft.com/windows/servercore:ltsc2022\n")
    for name, code in (("missing", 2), (".", 2), ("broken", 3), ("windows", 4)):
        done = explain(name, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (code, b"", 1), name
