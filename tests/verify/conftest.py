from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import dfmigrate
import dfmigrate_grammar

FAKE = Path(__file__).with_name("fake_engine.sh")
FAKE_EXPORT = Path(__file__).with_name("fake_export.py")
ROOTS = [str(Path(package.__file__).parents[1]) for package in (dfmigrate_grammar, dfmigrate) if package.__file__]

Mutate = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Bench:
    """A project with a fake engine on PATH."""

    home: Path
    """The engine's own folder."""
    project: Path
    environment: dict[str, str]

    def install(self, *names: str) -> None:
        programs = self.home / "bin"
        for folder in (programs, self.home / "images", self.home / "containers"):
            folder.mkdir(exist_ok=True)
        shutil.copy(FAKE_EXPORT, self.home)
        for name in names:
            program = programs / name
            shutil.copyfile(FAKE, program)
            program.chmod(0o755)

    def write(self, before: str, after: str) -> None:
        (self.project / "Dockerfile").write_text(f"FROM debian:12\n{before}\n", encoding="utf-8")
        (self.project / "After").write_text(f"FROM debian:12-slim\n{after}\n", encoding="utf-8")

    @property
    def settings(self) -> str | None:
        file = self.project / ".dfmigrate.toml"
        return file.read_text(encoding="utf-8") if file.exists() else None

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "dfmigrate", "verify", ".", *words],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def verify(self, *words: str, agreed: bool = True) -> Done:
        """Verify ``After``."""
        return self._ended("--against", "After", *(["--yes"] if agreed else []), *words)

    def learn(self, *words: str) -> Done:
        return self._ended("--learn", "--yes", *words)

    def _ended(self, *words: str) -> Done:
        """Each start is watched for a moment only."""
        process = self.start("--seconds", "0.2", *words)
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err
        return Done(process.returncode, out, err)

    @property
    def calls(self) -> list[list[str]]:
        text = (self.home / "calls").read_text(encoding="utf-8")
        return [record.removesuffix("\x1f").split("\x1f") for record in text.split("\x1e") if record]

    @property
    def left(self) -> list[str]:
        """Containers, images and folders of runs that are still there."""
        folders = [self.home / "containers", self.home / "images", *(self.home / "tmp").glob("dfmigrate-verify-*")]
        return sorted(path.name for folder in folders if folder.exists() for path in folder.iterdir())

    def wait_for(self, name: str) -> None:
        until = time.monotonic() + 60
        while not (self.home / name).exists():
            assert time.monotonic() < until, f"the engine has never written {name!r}"
            time.sleep(0.05)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An engine called ``docker`` that answers, and a project with ``Dockerfile`` and ``After``."""
    home, project = tmp_path / "engine", tmp_path / "project"
    for folder in (home, project, home / "tmp"):
        folder.mkdir()
    base = {
        name: value for name, value in os.environ.items() if not name.startswith(("DOCKER", "BUILDAH", "CONTAINER"))
    }
    environment = base | {
        # No other engine of this machine is found.
        "PATH": str(home / "bin"),
        "PYTHONPATH": os.pathsep.join(ROOTS),
        "FAKE_ENGINE": str(home),
        "PYTHON": sys.executable,
        "TMPDIR": str(home / "tmp"),
    }
    made = Bench(home, project, environment)
    made.install("docker")
    made.write("CMD app", "CMD app")
    return made
