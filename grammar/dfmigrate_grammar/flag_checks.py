from __future__ import annotations

from .faults import Fault, suggestion
from .flags import Flag

BOOL, STRING, STRINGS = "bool", "string", "strings"

# In the order of BuildKit's own declarations, which decides between equally good suggestions here.
KNOWN: dict[str, dict[str, str]] = {
    "ADD": {
        "chown": STRING,
        "chmod": STRING,
        "link": BOOL,
        "keep-git-dir": BOOL,
        "checksum": STRING,
        "unpack": BOOL,
        "exclude": STRINGS,
    },
    "COPY": {
        "chown": STRING,
        "from": STRING,
        "chmod": STRING,
        "link": BOOL,
        "exclude": STRINGS,
        "parents": BOOL,
    },
    "FROM": {"platform": STRING},
    "HEALTHCHECK": {
        "interval": STRING,
        "timeout": STRING,
        "start-period": STRING,
        "start-interval": STRING,
        "retries": STRING,
    },
    "RUN": {"device": STRINGS, "mount": STRINGS, "network": STRING, "security": STRING},
}


def flags_fault(name: str, flags: tuple[Flag, ...]) -> Fault | None:
    """Return what is wrong with the flags of an instruction, apart from what their values mean."""
    known = KNOWN.get(name, {})
    seen: set[str] = set()
    for flag in flags:
        kind = known.get(flag.name)
        message = _message(flag, kind, known, flag.name in seen)
        if message is not None:
            return Fault(message, flag.span[0])
        seen.add(flag.name)
    return None


def _message(flag: Flag, kind: str | None, known: dict[str, str], repeated: bool) -> str | None:
    shown = f"--{flag.name}"
    if kind is None:
        return f"unknown flag: {shown}{suggestion(flag.name, known, case_sensitive=True)}"
    if repeated and kind != STRINGS:
        return f"duplicate flag specified: {shown}"
    if flag.value is None:
        return None if kind == BOOL else f"missing a value on flag: {shown}"
    if kind != BOOL:
        return None
    if not flag.value:
        return f"missing a value on flag: {shown}"
    if flag.value.lower() not in ("true", "false"):
        return f"expecting boolean value for flag {shown}, not: {flag.value}"
    return None
