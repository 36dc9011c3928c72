from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dfmigrate.fleet.load import Target, label_of, read_source
from dfmigrate.fleet.outcome import Exit, Problem
from dfmigrate.fleet.units import targets_in


def lay(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"FROM a\n")


def checkout(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)


def found(folder: Path, *paths: Path) -> list[str]:
    targets = [item for item in targets_in(paths or (folder,)) if isinstance(item, Target)]
    return [target.file.relative_to(folder).as_posix() for target in targets]


def test_each_checkout_decides_for_itself(tmp_path: Path) -> None:
    for name in ("b", "deep/a"):
        checkout(tmp_path / name)
        lay(tmp_path / name, "Dockerfile", "out/Dockerfile")
        (tmp_path / name / ".gitignore").write_text("out/\n")
    lay(tmp_path, "loose/Dockerfile", "node_modules/Dockerfile")
    assert found(tmp_path) == ["b/Dockerfile", "deep/a/Dockerfile", "loose/Dockerfile"]


def test_a_checkout_in_a_checkout_belongs_to_the_outer_one(tmp_path: Path) -> None:
    checkout(tmp_path)
    checkout(tmp_path / "inner")
    lay(tmp_path, "Dockerfile", "inner/Dockerfile")
    assert found(tmp_path) == ["Dockerfile"]


def test_a_file_is_found_once(tmp_path: Path) -> None:
    checkout(tmp_path / "a")
    lay(tmp_path, "a/Dockerfile")
    assert found(tmp_path, tmp_path, tmp_path / "a") == ["a/Dockerfile"]


def test_a_manifest_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "repos.txt").write_bytes(b"\xff\xfe")
    (problem,) = targets_in([tmp_path / "repos.txt"])
    assert isinstance(problem, Problem)
    assert problem.code is Exit.FAILED


def test_labels_are_relative_to_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "a/Dockerfile", "b/x")
    monkeypatch.chdir(tmp_path / "a")
    assert label_of(Path("./Dockerfile")) == "Dockerfile"
    assert label_of(Path("../b/x")) == (tmp_path / "b" / "x").as_posix()


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    lay(tmp_path, "Dockerfile")
    monkeypatch.setattr(Path, "read_bytes", deny)
    problem = read_source(Target.of(tmp_path / "Dockerfile"))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.message) == (Exit.FAILED, "permission denied")
