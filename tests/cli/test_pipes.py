"""Readers that leave, Ctrl-C, and colours that belong to people only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import STAND_IN, Program, environment
from stand_in import BEFORE

COMMAND = [sys.executable, str(STAND_IN)]


@pytest.mark.parametrize("arguments", [["Dockerfile"], ["."], ["-"], ["--help"], ["codemod", "."]])
def test_a_reader_that_leaves_causes_no_noise(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    # A pipe whose reading end is closed already: no race decides when the writer notices.
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as stdout:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            input=BEFORE,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=60,
            check=False,
        )
    error = done.stderr.decode()
    assert "Error" not in error
    assert "Traceback" not in error
    if arguments != ["--help"]:
        assert done.returncode == 141


@pytest.mark.parametrize("arguments", [["Dockerfile"], ["codemod", "."]])
def test_ctrl_c(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"FROM sleep\n")
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
        # Whoever runs the tests in the background may have had it ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "asleep").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    # To the whole group, as a terminal does it.
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in error


ENVIRONMENTS = [
    {},
    {"FORCE_COLOR": "1"},
    {"CLICOLOR_FORCE": "1"},
    {"NO_COLOR": "1", "FORCE_COLOR": "1"},
    {"GITHUB_ACTIONS": "true", "TTY_COMPATIBLE": "1"},
    {"TERM": "dumb"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    {"PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu", "COLUMNS": "20"},
]


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=str)
def test_a_piped_patch_is_the_same_in_any_environment(run: Program, tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE + "# é 日本\n".encode())
    plain = run("Dockerfile")
    assert b"\x1b" not in plain.out
    assert run("Dockerfile", env=env) == plain


def test_always_colours_a_piped_patch_by_whole_lines(run: Program, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    out = run("--color", "always", "Dockerfile", env={"NO_COLOR": "1"}).out
    assert b"\x1b[31m-COPY . .\x1b[m\n" in out
    assert b"\n HEALTHCHECK CMD curl x\n" in out


def at_terminal(folder: Path, *arguments: str, columns: int = 80, **env: str) -> str:
    """What the program prints on a terminal of this width."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**env)
    )
    os.close(theirs)
    chunks: list[bytes] = []
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # How Linux says that the other end is closed.
            break
        if not chunk:
            break
        chunks.append(chunk)
    os.close(ours)
    assert process.wait(timeout=30) == 0
    return b"".join(chunks).decode().replace("\r\n", "\n")


def test_a_terminal_gets_the_review(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    shown = at_terminal(tmp_path, "Dockerfile")
    assert "\x1b[" in shown
    assert "Nothing was written" in shown
    assert "Copy only the manifest" in shown


@pytest.mark.parametrize(
    ("arguments", "env"),
    [((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"}), (("--color", "never"), {"FORCE_COLOR": "1"})],
)
def test_a_review_without_colours_has_no_escapes(
    tmp_path: Path, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    shown = at_terminal(tmp_path, "Dockerfile", *arguments, **env)
    assert "\x1b" not in shown
    assert "Nothing was written" in shown


def test_diff_at_a_terminal_is_the_patch_in_colours(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    assert "\x1b[32m+FROM node:18\x1b[m\n" in at_terminal(tmp_path, "-d", "Dockerfile")
    assert "\n+FROM node:18\n" in at_terminal(tmp_path, "-d", "Dockerfile", NO_COLOR="1")


def test_write_at_a_terminal_shows_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    shown = at_terminal(tmp_path, "-w", "Dockerfile", NO_COLOR="1")
    assert "1 file changed (2 steps)" in shown
    assert "Nothing was written" not in shown
