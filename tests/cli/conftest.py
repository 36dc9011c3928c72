from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import dfmigrate
import dfmigrate_grammar

STAND_IN = Path(__file__).with_name("stand_in.py")
ROOTS = [str(Path(package.__file__).parents[1]) for package in (dfmigrate_grammar, dfmigrate) if package.__file__]
COLORS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "GITHUB_ACTIONS", "TTY_COMPATIBLE", "COLUMNS")


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


Program = Callable[..., Done]


def environment(**more: str) -> dict[str, str]:
    """The environment of the test run, with nothing in it that decides on colours."""
    base = {name: value for name, value in os.environ.items() if name not in COLORS}
    return base | {"PYTHONPATH": os.pathsep.join(ROOTS), "TERM": "xterm"} | more


@pytest.fixture
def run(tmp_path: Path) -> Program:
    """Run the program, with the small core, in the temporary folder."""

    def run(*arguments: str, stdin: bytes = b"", cwd: Path | None = None, env: dict[str, str] | None = None) -> Done:
        done = subprocess.run(
            [sys.executable, str(STAND_IN), *arguments],
            cwd=cwd or tmp_path,
            input=stdin,
            capture_output=True,
            env=environment(**(env or {})),
            timeout=120,
            check=False,
        )
        error = done.stderr.decode()
        assert "Traceback" not in error or "--debug" in arguments
        return Done(done.returncode, done.stdout, error)

    return run
