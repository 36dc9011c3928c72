"""All ways to get the result give the same bytes, and only ``--write`` writes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import Program
from stand_in import AFTER, BEFORE

TEXTS = {
    "plain": BEFORE,
    "crlf": BEFORE.replace(b"\n", b"\r\n"),
    "bom": b"\xef\xbb\xbf" + BEFORE,
    "no-final-newline": BEFORE.rstrip(b"\n"),
    "latin-1": b"# caf\xe9\n" + BEFORE,
    "form-feed": BEFORE + b"RUN a\x0cb\n",
}


def changed(text: bytes) -> bytes:
    return text.replace(b"from ", b"FROM ").replace(b"COPY . .", b"COPY package.json .")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("name", ["Dockerfile", "sub dir/Dockerfile.web"])
def test_written_is_patched_is_piped(run: Program, tmp_path: Path, text: bytes, name: str) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    written, applied, patched = (tmp_path / kind / name for kind in ("written", "applied", "patched"))
    for file in (written, applied, patched):
        file.parent.mkdir(parents=True)
        file.write_bytes(text)

    assert run("-w", name, cwd=tmp_path / "written").code == 0
    bare = run(name, cwd=tmp_path / "applied")
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "applied", input=bare.out, check=True)
    diff = run("--diff", name, cwd=tmp_path / "patched")
    subprocess.run(["patch", "-p1", "--binary", "-s"], cwd=tmp_path / "patched", input=diff.out, check=True)
    piped = run("-", "--stdin-filename", name, stdin=text)

    assert bare.out == diff.out
    assert written.read_bytes() == applied.read_bytes() == patched.read_bytes() == piped.out == changed(text)


def test_the_second_run_has_nothing_to_do(run: Program, tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_bytes(BEFORE)
    run("-w", "Dockerfile")
    first = file.stat()
    assert run("--check", "Dockerfile").code == 0
    assert run("Dockerfile").out == b""
    assert run("-w", "Dockerfile").code == 0
    # Not even rewritten with the same content.
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)


@pytest.mark.parametrize("mode", ["", "--diff", "--check", "--strict", "--quiet", "--check --diff", "codemod"])
def test_nothing_is_written_by_default(run: Program, tmp_path: Path, mode: str) -> None:
    file = tmp_path / "Dockerfile"
    file.write_bytes(BEFORE)
    before = file.stat()
    run(*mode.split(), "." if mode == "codemod" else "Dockerfile")
    assert file.read_bytes() == BEFORE
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_followed_and_named_by_its_target(run: Program, tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(BEFORE)
    (tmp_path / "Dockerfile").symlink_to("real")
    assert run("Dockerfile").out.startswith(b"--- a/real\n")
    run("-w", "Dockerfile")
    assert (tmp_path / "Dockerfile").is_symlink()
    assert (tmp_path / "real").read_bytes() == AFTER


def test_a_file_outside_of_the_working_folder_can_be_patched_from_the_root(run: Program, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    (tmp_path / "here").mkdir()
    done = run("../Dockerfile", cwd=tmp_path / "here")
    subprocess.run(["patch", "-p1", "-s", "-d", "/"], input=done.out, check=True)
    assert (tmp_path / "Dockerfile").read_bytes() == AFTER


def test_a_folder_means_every_dockerfile_below_it(run: Program, tmp_path: Path) -> None:
    for name in ("b/Dockerfile", "a/api.dockerfile", "a/Dockerfile.md", "README"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(BEFORE)
    out = run(".", "b/Dockerfile", "--diff").out
    assert [line for line in out.split(b"\n") if line.startswith(b"---")] == [
        b"--- a/a/api.dockerfile",
        b"--- a/b/Dockerfile",
    ]


def test_the_context_is_the_folder_of_the_file_or_the_one_named(run: Program, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").touch()
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / "Dockerfile").write_bytes(b"FROM context?\n")
    assert "['Dockerfile']" in run("docker/Dockerfile").err
    assert "['main.py']" in run("docker/Dockerfile", "--context", "app").err
    assert "['Dockerfile']" in run("-", "--stdin-filename", "docker/Dockerfile", stdin=b"FROM context?\n").err
    assert "context" not in run("-", stdin=b"FROM context?\n").err
