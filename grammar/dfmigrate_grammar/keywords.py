from __future__ import annotations

from functools import lru_cache

KEYWORDS = (
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
)

JSON_ALLOWED = frozenset({"ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"})
"""Instructions whose arguments may be a JSON array (HEALTHCHECK has its own, after its type)."""

IN_LISTS = frozenset({"ADD", "COPY", "EXPOSE", "FROM", "VOLUME"})
"""Instructions whose plain arguments are cut at white space."""

IN_WORDS = IN_LISTS | {"ARG"}
"""Instructions whose plain arguments are words."""

ONE_STRING = frozenset({"MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"})
"""Instructions whose whole argument text is the value."""

KEY_VALUES = frozenset({"ENV", "LABEL"})


@lru_cache(maxsize=256)
def upper_keyword(keyword: str) -> str:
    """Return the keyword in upper case, as BuildKit recognises it."""
    lowered = lower(keyword)
    return lowered.upper() if lowered.isascii() else keyword.upper()


def lower(text: str) -> str:
    """Return the text in lower case, each character on its own as in Go: the Kelvin sign becomes a plain k."""
    return text.lower() if text.isascii() else "".join([char.lower()[:1] for char in text])
