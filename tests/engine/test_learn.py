"""``dfmigrate verify --learn``: what was declined for lack of knowledge is migrated, and proved in the same run.

Needs an engine: ``DFMIGRATE_ENGINE=1`` and a ``docker`` that answers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from .test_apps import ROOT, WHY_NOT

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

CASES = Path(__file__).with_name("learn")
_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    artifacts: tuple[str, ...]
    """What the step leaves, all of it."""
    question: tuple[str, ...] = ()


LEARNED = (
    Case("models-script", ("/opt/models",), ("--network=host", "--port=8000", "--http=/en/the=200")),
    Case(
        "vendor-installer",
        ("/opt/textkit", "/usr/local/bin/textkit"),
        ("--network=host", "--port=3000", "--http=/a=200"),
    ),
    Case("generated-settings", ("/app/routes.json", "/etc/greeter")),
)
REFUSED = (
    Case("installs-packages", (), ()),
    Case("fails-to-start", (), ()),
)


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    roots = os.pathsep.join([str(ROOT / "grammar"), str(ROOT / "refactor")])
    return subprocess.run(
        [sys.executable, "-m", "dfmigrate", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": roots},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def _learn(folder: Path, case: Case) -> subprocess.CompletedProcess[str]:
    return _run(folder, "verify", ".", "--learn", "--yes", "--build-network=host", "--seconds=5", *case.question)


def _project(case: Case, tmp_path: Path) -> Path:
    folder = tmp_path / case.name
    shutil.copytree(CASES / case.name, folder)
    before = _run(folder, "--diff", ".")
    assert "[A2]" in before.stderr
    assert " AS builder" not in before.stdout
    return folder


@pytest.mark.parametrize("case", LEARNED, ids=lambda case: case.name)
def test_what_was_declined_is_proved(case: Case, tmp_path: Path) -> None:
    folder = _project(case, tmp_path)
    done = _learn(folder, case)
    assert done.returncode == 0, done.stdout + done.stderr
    said = tomllib.loads((folder / ".dfmigrate.toml").read_text("utf-8"))
    assert said == {"files": {"Dockerfile": {"artifact": list(case.artifacts)}}}
    after = _run(folder, "--diff", ".")
    assert " AS builder" in after.stdout, after.stderr
    for path in case.artifacts:
        assert f"{path.removeprefix('/app/')}\n" in after.stdout


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_nothing_is_learned(case: Case, tmp_path: Path) -> None:
    folder = _project(case, tmp_path)
    done = _learn(folder, case)
    assert not (folder / ".dfmigrate.toml").exists(), done.stdout + done.stderr
    assert ("not learned" in done.stderr, done.returncode) in ((True, 0), (False, 3)), done.stdout + done.stderr
