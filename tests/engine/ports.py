"""One port of the machine at a time: tests run side by side, and their containers share the machine's network."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def held(port: int | None) -> Iterator[int]:
    """The port that an application always uses, or a free one, for nobody else until the end."""
    if port is None:
        yield free_port()
        return
    with Path(tempfile.gettempdir(), f"dfmigrate-test-port-{port}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
