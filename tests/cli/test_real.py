"""The same program with the real core: the inputs that people get wrong, and the review of every golden case."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Done, environment

from dfmigrate.fleet.load import Target, migrate_target
from dfmigrate.migration import Migration
from dfmigrate.review.blame import blame
from dfmigrate.review.pretty import console, show

CASES = sorted(path.parent for path in (Path(__file__).parents[2] / "golden").glob("*/Dockerfile"))


def dfmigrate(folder: Path, *arguments: str, stdin: bytes = b"", **env: str) -> Done:
    command = [sys.executable, "-m", "dfmigrate", *arguments]
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, env=environment(**env), check=False)
    return Done(done.returncode, done.stdout, done.stderr.decode())


@pytest.mark.parametrize(
    ("text", "code", "strict", "start"),
    [
        (b"FROM a\nRUN <<EOF\nx\n", 3, 3, "Dockerfile:2: unterminated heredoc"),
        (b"hello world\n", 3, 3, "Dockerfile:1: unknown instruction: hello"),
        (b"\x7fELF\x02\0\0", 3, 3, "Dockerfile:1: this is not a text file"),
        (b"", 3, 3, "Dockerfile:1: file with no instructions"),
        (b"FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCMD x\n", 0, 4, "Dockerfile:1: "),
        (b"FROM python:3-onbuild\nCMD x\n", 0, 4, "Dockerfile:1: "),
    ],
    ids=["heredoc", "no-dockerfile", "binary", "empty", "windows", "onbuild"],
)
def test_one_line_and_nothing_written(tmp_path: Path, text: bytes, code: int, strict: int, start: str) -> None:
    file = tmp_path / "Dockerfile"
    file.write_bytes(text)
    done = dfmigrate(tmp_path, "--write", "Dockerfile")
    assert (done.code, done.out, len(done.lines)) == (code, b"", 1)
    assert done.lines[0].startswith(start)
    assert dfmigrate(tmp_path, "--strict", "Dockerfile").code == strict
    piped = dfmigrate(tmp_path, "--strict", "-", stdin=text)
    assert (piped.code, piped.out) == (strict, b"")
    assert file.read_bytes() == text


def test_codemod_says_of_all_golden_cases_what_the_bare_form_says() -> None:
    golden = CASES[0].parent
    one, many = dfmigrate(golden, "--diff", "."), dfmigrate(golden, "codemod", "--diff", "-j", "2", ".")
    assert many.out == one.out != b""
    assert many.code == one.code == 0
    assert "failed" not in many.err


def test_the_answer_is_the_same_on_every_run() -> None:
    golden = CASES[0].parent
    first, second = (dfmigrate(golden, ".", PYTHONHASHSEED=seed, TZ=zone) for seed, zone in (("1", "UTC"), ("2", "NZ")))
    assert first == second


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_line_and_every_step_of_a_golden_case_is_explained(case: Path) -> None:
    migration = migrate_target(Target.of(case / "Dockerfile"))
    assert isinstance(migration, Migration)
    blamed = blame(migration)
    for part in blamed:
        assert all(steps or line.sign == b" " for line, steps in zip(part.hunk.lines, part.authors, strict=True))
    assert {step for part in blamed for step in part.steps} == set(range(len(migration.steps)))

    paper = console(color=False)
    paper.file = io.StringIO()
    paper.width = 80
    show(paper, migration)
    text = paper.file.getvalue()
    assert max(map(len, text.split("\n"))) <= 80
    words = " ".join(text.split())
    assert all(" ".join(step.title.split()) in words for step in migration.steps)
