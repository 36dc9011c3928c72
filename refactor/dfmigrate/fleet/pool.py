"""Work in several processes, any of which may die without costing more than its own task."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# Tasks in flight for each worker: enough that none waits, few enough to try again one by one.
_WINDOW = 2


def results(
    work: Callable[[Task], Result], tasks: Sequence[Task], jobs: int
) -> Generator[tuple[int, Result | None], None, None]:
    """The position and the result of each task, as they finish; None where the work failed or its process died."""
    waiting = deque(enumerate(tasks))
    while waiting:
        # A dead worker breaks all that is in flight and does not say whose fault it was: each such task gets a
        # process of its own now, and one that kills it again is to blame.
        for position, task in (yield from _until_a_worker_dies(work, waiting, jobs)):
            yield position, _alone(work, task)


def _until_a_worker_dies(
    work: Callable[[Task], Result], waiting: deque[tuple[int, Task]], jobs: int
) -> Generator[tuple[int, Result | None], None, list[tuple[int, Task]]]:
    """Yield results while all goes well; return the tasks that were in flight when it did not."""
    running: dict[Future[Result], tuple[int, Task]] = {}
    with _pool(min(jobs, len(waiting))) as pool:
        while waiting or running:
            try:
                while waiting and len(running) < _WINDOW * jobs:
                    running[pool.submit(work, waiting[0][1])] = waiting[0]
                    waiting.popleft()
            except BrokenProcessPool:
                pass  # The futures in flight say so, too.
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    return list(running.values())
                yield running.pop(future)[0], future.result() if error is None else None
    return []


def _alone(work: Callable[[Task], Result], task: Task) -> Result | None:
    with _pool(1) as pool:
        try:
            return pool.submit(work, task).result()
        except Exception:
            return None


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start)
    try:
        yield pool
    finally:
        # Not left to the interpreter: it can hang at exit when a worker was killed.
        pool.shutdown(wait=True, cancel_futures=True)


def _start() -> None:
    """End at once and in silence on Ctrl-C, for a worker has nothing to lose, and do not outlive the parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
