"""A checkout is data: nothing that its configuration names may run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dfmigrate.fleet.git import is_committed, listed_files

NAMED_PROGRAMS = {
    "core.fsmonitor": "{trap}",
    "core.pager": "{trap}",
    "core.sshCommand": "{trap}",
    "filter.evil.clean": "{trap}",
    "filter.evil.smudge": "{trap}",
    "filter.evil.process": "{trap}",
    "diff.external": "{trap}",
    "alias.ls-files": "!{trap}",
    "credential.helper": "!{trap}",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "Dockerfile").write_bytes(b"FROM a\n")
    commit = ["git", "-c", "user.name=n", "-c", "user.email=e@x", "commit", "-qm", "first"]
    for command in (["git", "init", "-q"], ["git", "add", "."], commit):
        subprocess.run(command, cwd=folder, check=True)
    return folder


def test_a_hostile_checkout_runs_nothing(checkout: Path, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n")
    trap.chmod(0o755)
    for name in ("post-index-change", "post-checkout", "fsmonitor-watchman"):
        hook = checkout / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_bytes(trap.read_bytes())
        hook.chmod(0o755)
    for key, value in NAMED_PROGRAMS.items():
        subprocess.run(["git", "config", key, value.format(trap=trap)], cwd=checkout, check=True)
    (checkout / ".gitattributes").write_text("* filter=evil diff=evil\n")
    # Older than the index, so that git must look at the content.
    (checkout / "Dockerfile").write_bytes(b"FROM b\n")

    assert listed_files(checkout) is not None
    assert is_committed(checkout / "Dockerfile", b"FROM b\n") is False
    assert is_committed(checkout / "Dockerfile", b"FROM a\n") is True
    assert not sprung.exists()
    # The trap does work: plain git steps into it.
    subprocess.run(["git", "status"], cwd=checkout, capture_output=True, check=False)
    assert sprung.exists()


def test_a_hooks_own_repository_is_not_asked(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert listed_files(checkout) == (checkout / "Dockerfile",)


def test_committed_means_as_it_is_in_the_last_commit(checkout: Path) -> None:
    assert is_committed(checkout / "Dockerfile", b"FROM a\n") is True
    assert is_committed(checkout / "Dockerfile", b"FROM b\n") is False
    assert is_committed(checkout / "new", b"") is False


def test_without_a_checkout_git_has_no_answer(tmp_path: Path) -> None:
    assert listed_files(tmp_path) is None
    assert is_committed(tmp_path / "Dockerfile", b"") is None


def test_without_git_there_is_no_answer(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert listed_files(checkout) is None
    assert is_committed(checkout / "Dockerfile", b"FROM a\n") is None
