"""The checks that ``--guards`` adds pass on a good migration, and fail the build of a broken one.

Needs an engine, as ``test_apps.py``. Each application is migrated with guards and built; then what a careless split
loses is taken out of the runtime stage, and the same check has to end the build.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import containers
from .application import APPLICATIONS
from .test_apps import ROOT, TOOL_SECONDS, WHY_NOT

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]


@dataclass(frozen=True, slots=True)
class Guarded:
    """An application, the check that is added to it, and what of its runtime stage is put out of place."""

    app: str
    check: str
    lost: str
    instead: str


CASES = (
    Guarded("c-libcurl", "! ldd /opt/probe/probe", "apt-get install -y libcurl4", "true"),
    Guarded(
        "express-views", "require.resolve('express')", "/usr/src/app/node_modules ./node_modules", "/etc/passwd ./x"
    ),
    Guarded("flask-gunicorn", "command -v gunicorn", "ENV PATH=/opt/venv/bin:$PATH", "ENV A=b"),
    Guarded("psycopg2-source", 'python -B -c "import psycopg2"', "install -y --no-install-recommends libpq5", "check"),
)


@pytest.fixture(params=CASES, ids=lambda case: case.app)
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Guarded, Path, str]]:
    case: Guarded = request.param
    folder = tmp_path / case.app
    shutil.copytree(APPLICATIONS / case.app, folder, ignore=shutil.ignore_patterns("app.toml"))
    roots = os.pathsep.join([str(ROOT / "grammar"), str(ROOT / "refactor")])
    done = subprocess.run(
        [sys.executable, "-m", "dfmigrate", str(folder / "Dockerfile"), "--write", "--guards"],
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        timeout=TOOL_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    tag = f"dfmigrate-proof/{case.app}:guarded-{uuid.uuid4().hex[:8]}"
    yield case, folder, tag
    containers.remove_image(tag)


def test_a_check_passes_until_what_it_guards_is_lost(guarded: tuple[Guarded, Path, str]) -> None:
    case, folder, tag = guarded
    dockerfile = folder / "Dockerfile"
    builder, separator, runtime = dockerfile.read_text("utf-8").rpartition("\nFROM ")
    assert separator
    assert case.check in runtime
    assert runtime.count(case.lost) == 1, runtime
    built = containers.build(folder, tag)
    assert any(case.check in step.text for step in built.steps)
    dockerfile.write_text(builder + separator + runtime.replace(case.lost, case.instead), "utf-8")
    with pytest.raises(containers.EngineError) as failed:
        containers.build(folder, tag)
    step = next(line for line in str(failed.value).split("\n") if line.startswith(" > ["))
    assert case.check in step, str(failed.value)
