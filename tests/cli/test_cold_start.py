"""Start-up is counted in modules, not in milliseconds: a piped run imports what it needs and no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import STAND_IN, environment
from stand_in import BEFORE

HEAVY = {"rich", "pydantic", "asyncio", "multiprocessing", "concurrent", "pygments", "yaml"}
SCRIPT = """
import atexit, runpy, sys
atexit.register(lambda: print("MODULES", *sys.modules, file=sys.stderr))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def imported(folder: Path, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(STAND_IN), *arguments],
        cwd=folder,
        input=BEFORE,
        capture_output=True,
        env=environment(),
        check=True,
    )
    line = next(line for line in done.stderr.decode().splitlines() if line.startswith("MODULES"))
    return set(line.split())


@pytest.mark.parametrize(
    "arguments", [["Dockerfile"], ["--diff", "."], ["--check", "missing.j2"], ["-"], ["--version"]]
)
def test_a_piped_run_imports_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "Dockerfile").write_bytes(BEFORE)
    (tmp_path / "missing.j2").write_bytes(BEFORE)
    roots = {name.partition(".")[0] for name in imported(tmp_path, *arguments)}
    assert not roots & HEAVY


def test_importing_the_package_does_nothing(tmp_path: Path) -> None:
    script = "import sys; before = set(sys.modules); import dfmigrate; print(*(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, env=environment(), check=True
    )
    assert set(done.stdout.decode().split()) == {"__future__", "dfmigrate"}
