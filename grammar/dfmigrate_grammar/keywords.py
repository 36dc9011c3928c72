from __future__ import annotations

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


def upper_keyword(keyword: str) -> str:
    """Return the keyword in upper case, as BuildKit recognises it."""
    upper = keyword.upper()
    if keyword.isascii():
        return upper
    # BuildKit lowers each character on its own; the Kelvin sign becomes a plain k.
    lowered = "".join([char.lower()[:1] for char in keyword])
    return lowered.upper() if lowered.isascii() else upper
