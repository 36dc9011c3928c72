"""Programs of the engine, run with a time limit; what they start ends with them."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

MOST_BYTES = 16 << 20
"""Of each stream; what comes after it is read and dropped, so that nothing can fill the memory."""

_GRACE_SECONDS = 5.0
_CHUNK = 1 << 16


class TimeIsUpError(Exception):
    """The program had not ended when its time was over; it was stopped."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a program ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        """What it said last, which is where programs give their reason."""
        lines = [line.strip() for line in (self.err or self.out).split("\n") if line.strip()]
        return lines[-1] if lines else f"exit code {self.code}"


def call(
    arguments: Sequence[str],
    *,
    seconds: float,
    together: bool = False,
    started: Callable[[int], None] | None = None,
    environment: dict[str, str] | None = None,
) -> Done:
    """Run to the end. ``together``: standard error goes to ``out``, in the order in which it was written.

    ``started`` is told the process id. OSError when there is no such program, TimeIsUpError after ``seconds``.
    """
    with _running(arguments, together=together, environment=environment) as process:
        if started is not None:
            started(process.pid)
        out, err = _read_all(process, time.monotonic() + seconds)
        return Done(process.wait(), out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


@contextlib.contextmanager
def stream(arguments: Sequence[str], *, seconds: float) -> Iterator[IO[bytes]]:
    """What the program writes to standard output, while it runs; TimeIsUpError or OSError when it does not get far."""
    with _running(arguments, together=False, environment=None, err=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        over = threading.Event()

        def stop() -> None:
            over.set()
            _end(process)

        clock = threading.Timer(seconds, stop)
        clock.daemon = True
        clock.start()
        try:
            yield process.stdout
            # A reader may stop at the end of an archive, ahead of the padding that follows it.
            while process.stdout.read(_CHUNK):
                pass
        except Exception:
            if over.is_set():
                raise TimeIsUpError from None
            raise
        finally:
            clock.cancel()
        if over.is_set():
            raise TimeIsUpError
        if process.wait() != 0:
            raise OSError(f"`{arguments[0]} {arguments[1]}` ended with {process.returncode}")


@contextlib.contextmanager
def _running(
    arguments: Sequence[str], *, together: bool, environment: dict[str, str] | None, err: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own: Ctrl-C reaches only us, and we end all of the group in order."""
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if together else err,
        start_new_session=True,
        env={**os.environ, "LC_ALL": "C", **(environment or {})},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            _end(process)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask first: a client that is killed leaves the engine working for it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read_all(process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bytes]:
    streams = [pipe for pipe in (process.stdout, process.stderr) if pipe is not None]
    kept: dict[int, bytearray] = {pipe.fileno(): bytearray() for pipe in streams}
    with selectors.DefaultSelector() as ready:
        for pipe in streams:
            ready.register(pipe, selectors.EVENT_READ)
        while ready.get_map():
            left = until - time.monotonic()
            if left <= 0:
                raise TimeIsUpError
            for key, _ in ready.select(left):
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    ready.unregister(key.fileobj)
                    continue
                store = kept[key.fd]
                store += chunk[: MOST_BYTES - len(store)]
    try:
        process.wait(max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimeIsUpError from None
    out, *rest = (bytes(store) for store in kept.values())
    return out, rest[0] if rest else b""
