"""Every case under ``golden/``: the stored answer, and what must hold for any answer.

A case is a folder with a Dockerfile and its build context. ``DFMIGRATE_ACCEPT=1`` stores what the tool says now as
``Dockerfile.golden`` and ``said.golden``; read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from dfmigrate.context import read_context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration
from dfmigrate_grammar import parse

ROOT = Path(__file__).parents[1]
CASES = sorted(path.parent for path in (ROOT / "golden").glob("*/Dockerfile"))
ACCEPT = os.environ.get("DFMIGRATE_ACCEPT") == "1"
SECONDS = 60

_COMMENT = re.compile(rb"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def folder(case: Path, tmp_path: Path) -> Path:
    """A copy of the case without the stored answers, which are no part of its build context."""
    return _copy(case, tmp_path / case.name)


def test_the_answer_is_the_stored_one(case: Path, folder: Path) -> None:
    migration = _migrate(folder)
    _compare(case / "Dockerfile.golden", bytes(migration.after))
    _compare(case / "said.golden", _said(migration).encode())


def test_the_tree_gives_back_every_byte(folder: Path) -> None:
    source = (folder / "Dockerfile").read_bytes()
    migration = _migrate(folder)
    after = bytes(migration.after)
    assert bytes(parse(source)) == source
    assert bytes(migration.before) == source
    assert bytes(parse(after)) == after


def test_written_patched_and_piped_are_the_same(case: Path, folder: Path, tmp_path: Path) -> None:
    patched, piped = _copy(case, tmp_path / "patched"), _copy(case, tmp_path / "piped")

    _run(folder, "Dockerfile", "--write")
    patch = _run(patched, "Dockerfile")
    if patch:
        subprocess.run(["git", "apply", "-"], cwd=patched, input=patch, timeout=SECONDS, check=True)
    text = _run(piped, "-", "--stdin-filename", "Dockerfile", stdin=(piped / "Dockerfile").read_bytes())

    assert _tree(patched) == _tree(folder)
    assert text == (folder / "Dockerfile").read_bytes()
    assert text == bytes(_migrate(piped).after)


def test_a_second_run_changes_nothing(folder: Path) -> None:
    _run(folder, "Dockerfile", "--write")
    again = _migrate(folder)
    assert bytes(again.after) == (folder / "Dockerfile").read_bytes()
    assert not again.changed


def test_no_comment_is_lost(folder: Path) -> None:
    before = Counter(_comments((folder / "Dockerfile").read_bytes()))
    after = Counter(_comments(bytes(_migrate(folder).after)))
    assert before - after == Counter()


def _migrate(folder: Path) -> Migration:
    dockerfile = folder / "Dockerfile"
    return migrate(dockerfile.read_bytes(), path="Dockerfile", context=read_context(folder, dockerfile))


def _said(migration: Migration) -> str:
    """All that a reader is told, a line each: what became of the file, what was done and proved, what was not and
    why."""
    lines = [f"{migration.status.value} {migration.stack or '-'}"]
    if migration.error is not None:
        lines.append(f"error {migration.error_line or '-'} {migration.error}")
    for step in migration.steps:
        lines.append(f"{step.rule} done - {step.title}")
        lines += [f"{step.rule} warns - {warning}" for warning in step.warnings]
        lines += [f"{step.rule} proved {proof.obligation} {' '.join(proof.codes)}".rstrip() for proof in step.proofs]
    for decline in migration.declines:
        line = "-" if decline.line is None else str(decline.line)
        place = f"{decline.path}:{line}" if decline.path else line
        lines.append(f"{decline.rule} {decline.code} {place} {decline.message}")
    lines += [f"note {note}" for note in migration.notes]
    return "".join(f"{line}\n" for line in lines)


def _compare(stored: Path, now: bytes) -> None:
    if ACCEPT:
        stored.write_bytes(now)
        return
    assert stored.exists(), f"{stored.name} is not stored: run with DFMIGRATE_ACCEPT=1, and read it"
    assert now == stored.read_bytes()


def _comments(dockerfile: bytes) -> list[bytes]:
    """Every comment, those inside a continued instruction and after a command too."""
    return [found.rstrip() for found in _COMMENT.findall(dockerfile)]


def _copy(case: Path, target: Path) -> Path:
    return Path(shutil.copytree(case, target, ignore=shutil.ignore_patterns("*.golden")))


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _run(folder: Path, *args: str, stdin: bytes | None = None) -> bytes:
    roots = os.pathsep.join([str(ROOT / "grammar"), str(ROOT / "refactor")])
    done = subprocess.run(
        [sys.executable, "-m", "dfmigrate", *args],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": roots},
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout
