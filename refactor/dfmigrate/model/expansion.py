"""The builder's variable expansion where some values are unknown, and text that it would reject may come by."""

from __future__ import annotations

from collections.abc import Mapping

from dfmigrate_grammar import ExpansionError, expand, variables

_PREDEFINED = frozenset(
    {f"{kind}{part}" for kind in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")}
    | {"TARGETSTAGE"}
)


def referenced(text: str, escape: str = "\\") -> frozenset[str]:
    """The variables that a text refers to; empty where the builder would reject it."""
    try:
        return variables(text, escape)
    except ExpansionError:
        return frozenset()


def expanded(text: str, known: Mapping[str, str | None], escape: str) -> str | None:
    """``text`` with its variables filled in; None when a value is unknown, or the builder would reject the text."""
    names = referenced(text, escape)
    if any(name in _PREDEFINED or (name in known and known[name] is None) for name in names):
        return None
    try:
        return expand(text, {name: value for name, value in known.items() if value is not None}, escape)
    except ExpansionError:
        return None
