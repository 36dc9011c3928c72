"""Readers answer the same question about the same thing many times in a run; each answer is worked out once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

Answer = TypeVar("Answer")


class Asked(Protocol):
    """What never changes, and has room for what was answered about it: a context, a file that was understood."""

    @property
    def answers(self) -> dict[Any, Any]: ...


def remembered(reader: Callable[..., Answer]) -> Callable[..., Answer]:
    """Keep what a reader says of a thing, and of further hashable arguments, as long as the thing lives."""

    @functools.wraps(reader)
    def ask(asked: Asked, *arguments: Any, **named: Any) -> Answer:
        answers = asked.answers
        key = (reader, arguments, tuple(sorted(named.items())))
        if key not in answers:
            answers[key] = reader(asked, *arguments, **named)
        found: Answer = answers[key]
        return found

    return ask
