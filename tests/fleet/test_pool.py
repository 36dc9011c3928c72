from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dfmigrate.fleet.deadline import TimeIsUpError, within
from dfmigrate.fleet.pool import results


def square_or_die(number: int) -> int:
    if number < 0:
        os._exit(9)
    return number * number


def test_every_task_has_its_result() -> None:
    assert dict(results(square_or_die, range(20), 2)) == {n: n * n for n in range(20)}


def test_no_task_no_result() -> None:
    assert list(results(square_or_die, (), 2)) == []


def test_only_the_task_that_kills_its_process_is_lost() -> None:
    tasks = [1, 2, -1, 3, 4, 5, 6, -1, 7]
    expected = {place: None if task < 0 else task * task for place, task in enumerate(tasks)}
    assert dict(results(square_or_die, tasks, 2)) == expected


def fail_or_hold(number: int) -> object:
    if number == 1:
        raise ValueError(number)
    # A function made on the spot cannot go to another process.
    return (lambda: number) if number == 2 else number


def test_work_that_fails_or_cannot_be_sent_is_lost_alone() -> None:
    assert dict(results(fail_or_hold, range(4), 2)) == {0: 0, 1: None, 2: None, 3: 3}


def test_a_time_limit_ends_the_work() -> None:
    def loop() -> None:
        while True:
            with contextlib.suppress(Exception):
                time.sleep(60)

    started = time.monotonic()
    with pytest.raises(TimeIsUpError):
        within(0.2, loop)
    assert time.monotonic() - started < 10
    assert within(5, lambda: "done") == "done"


SCRIPT = """
import sys, time
sys.path[:0] = {path!r}
from dfmigrate.fleet.pool import results
import waiting
if __name__ == "__main__":
    for _ in results(waiting.wait, [sys.argv[1]] * 2, 2):
        pass
"""


def test_no_worker_outlives_its_parent(tmp_path: Path) -> None:
    path = [str(tmp_path), *sys.path]
    (tmp_path / "waiting.py").write_text(
        "import os, pathlib, time\n\n"
        "def wait(folder):\n    (pathlib.Path(folder) / str(os.getpid())).touch()\n    time.sleep(120)\n"
    )
    (tmp_path / "main.py").write_text(SCRIPT.format(path=path))
    pids = tmp_path / "pids"
    pids.mkdir()
    parent = subprocess.Popen([sys.executable, str(tmp_path / "main.py"), str(pids)])
    deadline = time.monotonic() + 60
    while len(list(pids.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    workers = [int(file.name) for file in pids.iterdir()]
    assert len(workers) == 2
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
