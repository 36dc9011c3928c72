from __future__ import annotations

from .csv_fields import BadCsv, csv_fields
from .faults import suggestion
from .flags import Flag
from .quoting import go_quote

_TRUE_OR_FALSE = frozenset({"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"})


def run_flags_message(flags: tuple[Flag, ...]) -> tuple[str, Flag] | None:
    """Return what is wrong with the values of RUN's flags, in the order in which BuildKit looks at them."""
    for name, check in _CHECKS.items():
        for flag in flags:
            if flag.name == name and (message := check(flag.value or "")):
                return message, flag
    return None


def _device(value: str) -> str | None:
    try:
        fields = csv_fields(value)
    except BadCsv as error:
        return f"failed to parse csv devices: {error}"
    name = ""
    for field in fields:
        key, equals, setting = field.partition("=")
        key = key.lower()
        if not equals and key == "required":
            continue
        if equals and key == "name":
            if name:
                return f"device name already set to {name}"
            name = setting
        elif equals and key == "required":
            if setting not in _TRUE_OR_FALSE:
                return f"invalid value for {key}: {setting}"
        elif not name:
            name = field
        elif not equals:
            return f"invalid field '{field}' must be a key=value pair"
        else:
            hint = suggestion(key, ("name", "required"), case_sensitive=True)
            return f"unexpected key '{key}' in '{field}'{hint}"
    return None


def _mount(value: str) -> str | None:
    """Only `from` is looked at before variables are expanded."""
    try:
        fields = csv_fields(value)
    except BadCsv as error:
        return f"failed to parse csv mounts: {error}"
    m: dict[str, str] = {}
    for field in fields:
        key, equals, setting = field.partition("=")
        if equals and key.lower() == "from":
            if "$" in setting[:-1]:
                return "'from' doesn't support variable expansion, define alias stage instead"
            m["from"] = setting
    return None


def _network(value: str) -> str | None:
    return None if value in ("default", "none", "host") else f"invalid network mode {go_quote(value)}"


def _security(value: str) -> str | None:
    return None if value in ("sandbox", "insecure") else f"security {go_quote(value)} is not valid"


_CHECKS = {"device": _device, "mount": _mount, "network": _network, "security": _security}
