from __future__ import annotations

from collections.abc import Mapping

from .errors import ExpansionError
from .expansion import Lexing, process
from .quoting import go_quote


def expand(text: str, variables: Mapping[str, str], escape: str = "\\") -> str:
    """Expand variables and remove quotes as the builder does for COPY, ENV and the like; raises ExpansionError."""
    try:
        return process(text, variables, Lexing(escape)).text
    except ExpansionError as error:
        raise ExpansionError(f"failed to process {go_quote(text)}: {error}") from None


def expand_words(text: str, variables: Mapping[str, str], escape: str = "\\") -> tuple[str, ...]:
    """Expand a text as the builder does for EXPOSE, where a value may become several words; raises ExpansionError."""
    try:
        return process(text, variables, Lexing(escape)).words
    except ExpansionError as error:
        raise ExpansionError(f"failed to process {go_quote(text)}: {error}") from None


def variables(text: str, escape: str = "\\") -> frozenset[str]:
    """Return the names that a text refers to, those inside `${name:-...}` too; raises ExpansionError."""
    return process(text, {}, Lexing(escape, keep_unset=True)).names
