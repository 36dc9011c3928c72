"""A time limit on one piece of work."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


class TimeIsUpError(BaseException):
    """Not an Exception, so that nothing inside of the work takes it for a failure of its own and goes on."""


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Do the work or raise TimeIsUpError; where the system has no alarm clock, there is no limit."""
    if not hasattr(signal, "setitimer"):
        return work()

    def stop(*_: object) -> None:
        raise TimeIsUpError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
