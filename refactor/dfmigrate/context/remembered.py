"""Readers answer the same question about the same context many times in a run; each answer is worked out once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from dfmigrate.context.build_context import Context

Answer = TypeVar("Answer")


def remembered(reader: Callable[..., Answer]) -> Callable[..., Answer]:
    """Keep what a reader says of a context, and of further hashable arguments, as long as the context lives."""

    @functools.wraps(reader)
    def ask(context: Context, *arguments: Any, **named: Any) -> Answer:
        answers = context.answers
        key = (reader, arguments, tuple(sorted(named.items())))
        if key not in answers:
            answers[key] = reader(context, *arguments, **named)
        found: Answer = answers[key]
        return found

    return ask
