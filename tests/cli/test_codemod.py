"""Many repositories: each result once, nothing lost by a file that kills its process, nothing written unasked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import Program
from stand_in import AFTER, BEFORE


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e@x", *arguments], cwd=folder, check=True)


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        folder = tmp_path / "all" / name
        folder.mkdir(parents=True)
        (folder / "Dockerfile").write_bytes(BEFORE)
        git(folder, "init", "-q")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "first")
    return tmp_path / "all"


def rows(out: bytes) -> list[str]:
    """The table, its cells set apart by one blank."""
    return [" ".join(line.split()) for line in out.decode().splitlines() if line.strip()]


@pytest.mark.usefixtures("repositories")
def test_the_table_tells_what_would_change_and_what_was_declined(run: Program) -> None:
    done = run("codemod", "all")
    assert done.code == 0
    assert rows(done.out) == [
        "File Would change Not done, and why",
        "all/one/Dockerfile upper-case, copy-less C8 line 2: The health check calls curl",
        "all/two/Dockerfile upper-case, copy-less C8 line 2: The health check calls curl",
        "2 files: 2 would change.",
    ]


def test_write_and_diff_agree(run: Program, repositories: Path) -> None:
    patch = run("codemod", "all", "--diff", "-j", "2")
    assert b"File" not in patch.out
    assert "would change" in patch.err
    assert run("codemod", "all", "--write").code == 0
    assert [(repositories / name / "Dockerfile").read_bytes() for name in ("one", "two")] == [AFTER, AFTER]
    for name in ("one", "two"):
        git(repositories / name, "checkout", "-q", ".")
    subprocess.run(["patch", "-p1", "-s"], cwd=repositories.parent, input=patch.out, check=True)
    assert [(repositories / name / "Dockerfile").read_bytes() for name in ("one", "two")] == [AFTER, AFTER]


def test_what_is_not_committed_is_left_alone(run: Program, repositories: Path) -> None:
    (repositories / "one" / "Dockerfile").write_bytes(b"# mine\n" + BEFORE)
    (repositories / "two" / "new.dockerfile").write_bytes(BEFORE)
    done = run("codemod", "all", "--write")
    assert done.code == 0
    assert done.out.count(b"not committed") == 2
    assert (repositories / "one" / "Dockerfile").read_bytes() == b"# mine\n" + BEFORE
    assert (repositories / "two" / "new.dockerfile").read_bytes() == BEFORE
    assert (repositories / "two" / "Dockerfile").read_bytes() == AFTER
    run("codemod", "all", "--write", "--allow-dirty")
    assert (repositories / "one" / "Dockerfile").read_bytes() == b"# mine\n" + AFTER


def test_a_folder_without_git_is_written(run: Program, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    assert run("codemod", ".", "-w").code == 0
    assert (tmp_path / "Dockerfile").read_bytes() == AFTER


def test_no_file_takes_another_with_it(run: Program, repositories: Path) -> None:
    odd = {
        "Dockerfile.kill": b"FROM a\nRUN kill\n",
        "Dockerfile.sleep": b"FROM a\nRUN sleep\n",
        "Dockerfile.crash": b"FROM crash\n",
        "Dockerfile.j2": b"FROM a\n",
        "Dockerfile.bad": b"FROM a\nRUN <<E\n",
    }
    for name, content in odd.items():
        (repositories / name).write_bytes(content)
    for number in range(12):
        (repositories / f"Dockerfile.{number}").write_bytes(BEFORE)
    done = run("codemod", "all", "-w", "-j", "2", "--time-limit", "6")
    assert done.code == 2
    assert rows(done.out)[-1] == "19 files: 14 changed, 1 refused, 1 not a valid Dockerfile, 3 failed."
    assert all((repositories / f"Dockerfile.{number}").read_bytes() == AFTER for number in range(12))
    assert all((repositories / name).read_bytes() == content for name, content in odd.items())
    text = done.out.decode()
    assert "its process died or failed" in text
    assert "not done within 6 seconds" in text
    assert "LookupError: nobody knows" in text


def test_the_answer_does_not_depend_on_the_number_of_processes(run: Program, repositories: Path) -> None:
    for number in range(7):
        (repositories / f"Dockerfile.{number}").write_bytes(BEFORE)
    assert run("codemod", "all", "-j", "1") == run("codemod", "all", "-j", "3")


def test_a_manifest_lists_repositories(run: Program, repositories: Path) -> None:
    manifest = repositories / "repos.txt"
    manifest.write_text("# ours\none\n\ngone\nhttps://example.com/a.git\n")
    done = run("codemod", "all/repos.txt")
    assert done.code == 2
    words = rows(done.out)
    assert "all/repos.txt:4 - no such folder: gone; correct the line" in words
    assert any("all/repos.txt:5 - no such folder: https://example.com/a.git; clone it" in line for line in words)
    assert any(line.startswith("all/one/Dockerfile") for line in words)
    assert not any(line.startswith("all/two/Dockerfile") for line in words)


@pytest.mark.parametrize("path", ["missing", "Dockerfile"])
def test_a_path_that_is_no_folder(run: Program, tmp_path: Path, path: str) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    done = run("codemod", "--quiet", path)
    assert (done.code, done.out, len(done.lines)) == (2, b"", 1)


def test_nothing_found(run: Program) -> None:
    done = run("codemod", ".")
    assert (done.code, done.out) == (0, b"No Dockerfile was found.\n")
