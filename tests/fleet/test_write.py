from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from dfmigrate.fleet import write
from dfmigrate.fleet.write import StaleError, replace_content


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"old")
    return path


def test_the_new_bytes_are_there_and_nothing_else(file: Path) -> None:
    replace_content(file, b"old", b"new\r\n\xff")
    assert file.read_bytes() == b"new\r\n\xff"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_the_mode_stays(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace_content(file, b"old", b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, 1234, 5678)
    replace_content(file, b"old", b"new")
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 5678)


def test_the_time_is_new(file: Path) -> None:
    os.utime(file, (1, 1))
    replace_content(file, b"old", b"new")
    assert file.stat().st_mtime > 1


def test_a_link_stays_and_its_target_is_replaced(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file.name)
    replace_content(link, b"old", b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_file_that_changed_meanwhile_is_left_alone(file: Path) -> None:
    file.write_bytes(b"newer")
    with pytest.raises(StaleError):
        replace_content(file, b"old", b"new")
    assert file.read_bytes() == b"newer"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("step", ["fsync", "utime"])
def test_a_failure_leaves_the_old_file_and_no_litter(file: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space"):
        replace_content(file, b"old", b"new")
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_a_read_only_file_is_respected(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write everything, so that the answer of the system has to be made up.
    monkeypatch.setattr(write.os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match="read-only"):
        replace_content(file, b"old", b"new")
    assert file.read_bytes() == b"old"
