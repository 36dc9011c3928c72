"""Nothing of ``dfmigrate verify`` outlives it on a real engine: interrupted, killed, or with the engine gone.

Needs an engine: ``DFMIGRATE_ENGINE=1`` and a ``docker`` that answers, with ``debian:bookworm-slim``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from .test_apps import ROOT, WHY_NOT

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

_SECONDS = 120
SERVES = "CMD trap exit TERM; while true; do sleep 1; done"


@dataclass(frozen=True, slots=True)
class Project:
    folder: Path
    environment: dict[str, str]

    def write(self, before: str, after: str) -> None:
        # Not from the cache: a step that was built once would not keep the build busy.
        nonce = f"LABEL nonce={uuid.uuid4().hex}"
        for name, text in (("Dockerfile", before), ("After", after)):
            content = f"FROM debian:bookworm-slim\n{text}\n{SERVES}\n".replace("NONCE", nonce)
            (self.folder / name).write_text(content, encoding="utf-8")

    def start(self, seconds: str = "2") -> subprocess.Popen[str]:
        words = ["verify", ".", "--against", "After", "--build-network", "host", "--yes", "--seconds", seconds]
        return subprocess.Popen(
            [sys.executable, "-m", "dfmigrate", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background may have had it ignored, which is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    @property
    def run_ids(self) -> list[str]:
        return [path.name for path in self.folder.parent.glob("tmp/dfmigrate-verify-*/*")]

    @property
    def left(self) -> list[str]:
        """What bears the name of one of this test's runs; others may be at work on the same engine."""
        return [name for name in _names() if any(run in name for run in self.seen)]

    seen: list[str]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + _SECONDS
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.1)
        self.seen.extend(self.run_ids)


def _names() -> list[str]:
    """The containers and images of the engine."""
    found = []
    for words in (
        ["ps", "--all", "--format", "{{.Names}}"],
        ["images", "--format", "{{.Repository}}:{{.Tag}}"],
    ):
        found += subprocess.run(
            ["docker", *words], capture_output=True, text=True, check=True, timeout=60
        ).stdout.split()
    return found


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("project", "tmp"):
        (tmp_path / name).mkdir()
    roots = os.pathsep.join([str(ROOT / "grammar"), str(ROOT / "refactor")])
    environment = {**os.environ, "PYTHONPATH": roots, "TMPDIR": str(tmp_path / "tmp")}
    return Project(tmp_path / "project", environment, [])


SLEEPS = "NONCE\nRUN sleep 300"


def _is_building(project: Project) -> bool:
    """The second file is written when the first is built."""
    return any(project.folder.parent.glob("tmp/dfmigrate-verify-*/*/after/Dockerfile"))


def _is_started(project: Project) -> bool:
    return any(name.startswith(f"dfmigrate-verify-{run}-before") for run in project.run_ids for name in _names())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_a_build_leaves_nothing(project: Project, number: signal.Signals) -> None:
    project.write("", SLEEPS)
    process = project.start()
    project.wait_for(lambda: _is_building(project))
    process.send_signal(number)
    _, err = process.communicate(timeout=_SECONDS)
    assert process.returncode == 128 + number
    assert "interrupted: removed 1 image" in err
    assert (project.left, project.run_ids) == ([], [])


def test_ctrl_c_while_a_container_runs_leaves_nothing(project: Project) -> None:
    project.write("", "RUN true")
    process = project.start(seconds="100")
    project.wait_for(lambda: _is_started(project))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=_SECONDS)
    assert process.returncode == 130
    assert (project.left, project.run_ids) == ([], [])


@pytest.mark.parametrize("stage", ["building", "started"])
def test_the_next_run_removes_what_a_killed_one_left(project: Project, stage: str) -> None:
    project.write("", SLEEPS if stage == "building" else "RUN true")
    process = project.start(seconds="100")
    project.wait_for(lambda: (_is_building if stage == "building" else _is_started)(project))
    process.kill()
    process.communicate(timeout=_SECONDS)
    assert project.left
    project.write("", "RUN true")
    after = project.start()
    _, err = after.communicate(timeout=_SECONDS)
    assert after.returncode == 0, err
    assert "was cut off: removed" in err
    assert (project.left, project.run_ids) == ([], [])


def test_an_engine_that_stops_is_said_and_the_next_run_clears_up(project: Project, tmp_path: Path) -> None:
    """The engine is not ours to stop: what stops is the way to it."""
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not host.startswith("unix://"):
        pytest.skip("the engine is not reached through a socket of this machine")
    way = tmp_path / "docker.sock"
    way.symlink_to(host.removeprefix("unix://"))
    project.environment["DOCKER_HOST"] = f"unix://{way}"
    project.write("", "RUN true")
    process = project.start(seconds="20")
    project.wait_for(lambda: _is_started(project))
    way.unlink()
    _, err = process.communicate(timeout=_SECONDS)
    assert process.returncode == 2
    assert "stopped answering" in err or "failed: " in err
    assert "the next dfmigrate verify removes what is left" in err
    assert project.left
    way.symlink_to(host.removeprefix("unix://"))
    after = project.start()
    _, err = after.communicate(timeout=_SECONDS)
    assert after.returncode == 0, err
    assert "was cut off: removed" in err
    assert (project.left, project.run_ids) == ([], [])
