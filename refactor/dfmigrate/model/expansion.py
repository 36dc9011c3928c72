"""The builder's variable expansion where some values are unknown, and text that it would reject may come by."""

from __future__ import annotations

from collections.abc import Mapping

from dfmigrate_grammar import ExpansionError, expand, expand_words, variables


def referenced(text: str, escape: str = "\\") -> frozenset[str]:
    """The variables that a text refers to; empty where the builder would reject it."""
    try:
        return variables(text, escape)
    except ExpansionError:
        return frozenset()


def expanded(text: str, known: Mapping[str, str | None], escape: str, *, open_ended: bool = False) -> str | None:
    """``text`` with its variables filled in; None when a value is unknown, or the builder would reject the text.

    A name that is not in ``known`` is not set; when that is ``open_ended``, it is unknown.
    """
    values = _values(text, known, escape, open_ended)
    try:
        return expand(text, values, escape) if values is not None else None
    except ExpansionError:
        return None


def expanded_words(
    text: str, known: Mapping[str, str | None], escape: str, *, open_ended: bool = False
) -> tuple[str, ...] | None:
    """The words that ``text`` becomes, as EXPOSE reads them; None like ``expanded``."""
    values = _values(text, known, escape, open_ended)
    try:
        return expand_words(text, values, escape) if values is not None else None
    except ExpansionError:
        return None


def _values(text: str, known: Mapping[str, str | None], escape: str, open_ended: bool) -> dict[str, str] | None:
    """The values of the variables in ``text`` that are set; None when one is unknown."""
    found: dict[str, str] = {}
    for name in referenced(text, escape):
        value = known.get(name)
        if value is not None:
            found[name] = value
        elif name in known or (open_ended and _may_be_set(name)):
            return None
    return found


def _may_be_set(name: str) -> bool:
    """Positional and special parameters are never set."""
    return name[:1].isalpha() or name[:1] == "_"
