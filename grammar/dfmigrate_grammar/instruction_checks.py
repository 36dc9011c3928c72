from __future__ import annotations

import re
from collections.abc import Callable

from .durations import BadDuration, parse_duration
from .faults import Fault, suggestion
from .flag_checks import flags_fault
from .heredoc import marker_or_none
from .instruction import Instruction
from .keywords import KEYWORDS
from .quoting import NOT_UNICODE, go_quote
from .run_checks import run_flags_message
from .whitespace import SPACE

_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")
_MILLISECOND = 1_000_000


def instruction_fault(instruction: Instruction) -> Fault | None:
    """Return why BuildKit refuses an instruction that it could read."""
    check = _CHECKS.get(instruction.name)
    if check is None:
        hint = suggestion(instruction.keyword, KEYWORDS, case_sensitive=False)
        return Fault(f"unknown instruction: {instruction.keyword}{hint}")
    return check(instruction)


def _flags(instruction: Instruction) -> Fault | None:
    return flags_fault(instruction.name, instruction.flags)


def _at_least_one(instruction: Instruction) -> Fault | None:
    return None if instruction.arguments else Fault(f"{instruction.name} requires at least one argument")


def _one_string(instruction: Instruction) -> Fault | None:
    if not instruction.arguments:
        return Fault(f"{instruction.name} requires exactly one argument")
    return None if instruction.name == "STOPSIGNAL" else _flags(instruction)


def _key_values(instruction: Instruction) -> Fault | None:
    return _flags(instruction) or _at_least_one(instruction) or _blank_names(instruction)


def _arg(instruction: Instruction) -> Fault | None:
    return _at_least_one(instruction) or _blank_names(instruction)


def _blank_names(instruction: Instruction) -> Fault | None:
    for pair in instruction.pairs:
        if not pair.name:
            return Fault(f"{instruction.name} names can not be blank", pair.span[0])
    return None


def _copy(instruction: Instruction) -> Fault | None:
    name = instruction.name
    if len(instruction.words) < 2:
        only = "requires at least two arguments, but only one was provided. Destination could not be determined"
        return Fault(f"{name} {only}")
    if fault := _flags(instruction):
        return fault
    destination = instruction.words[-1]
    if marker_or_none(destination.text):
        return Fault(f"{name} cannot accept a heredoc as a destination", destination.span[0])
    return None


def _from(instruction: Instruction) -> Fault | None:
    words = instruction.words
    if len(words) == 3 and words[1].text.casefold() == "as":
        if not _STAGE_NAME.fullmatch(words[2].text.lower()):
            shown = go_quote(words[2].text)
            message = f"invalid name for build stage: {shown}, name can't start with a number or contain symbols"
            return Fault(message, words[2].span[0])
    elif len(words) != 1:
        return Fault("FROM requires either one or three arguments")
    return _flags(instruction)


def _onbuild(instruction: Instruction) -> Fault | None:
    nested = instruction.nested
    if nested is None:
        return Fault("ONBUILD requires at least one argument")
    if fault := _flags(instruction):
        return fault
    trigger = nested.keyword.strip(SPACE).upper()
    if trigger == "ONBUILD":
        return Fault("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", instruction.arguments_start)
    if trigger in ("MAINTAINER", "FROM"):
        return Fault(f"{trigger} isn't allowed as an ONBUILD trigger", instruction.arguments_start)
    return None


def _run(instruction: Instruction) -> Fault | None:
    if fault := _flags(instruction):
        return fault
    found = run_flags_message(instruction.flags)
    return None if found is None else Fault(found[0], found[1].span[0])


def _expose(instruction: Instruction) -> Fault | None:
    return _at_least_one(instruction) or _flags(instruction)


def _volume(instruction: Instruction) -> Fault | None:
    if not instruction.words:
        return Fault("VOLUME requires at least one argument")
    if fault := _flags(instruction):
        return fault
    for word in instruction.words:
        if not word.text.strip(SPACE):
            return Fault("VOLUME specified can not be an empty string", word.span[0])
    return None


def _shell(instruction: Instruction) -> Fault | None:
    if fault := _flags(instruction):
        return fault
    if not instruction.arguments or instruction.json == ():
        return Fault("SHELL requires at least one argument")
    if instruction.json is None:
        return Fault("SHELL requires the arguments to be in JSON form", instruction.arguments_start)
    return None


def _healthcheck(instruction: Instruction) -> Fault | None:
    check = instruction.healthcheck
    if check is None:
        return Fault("HEALTHCHECK requires at least one argument")
    at = instruction.arguments_start
    empty = not check.rest or check.json == ()
    type_ = check.type
    if type_ == "NONE":
        return None if empty else Fault("HEALTHCHECK NONE takes no arguments", at)
    if fault := _flags(instruction):
        return fault
    if type_ != "CMD":
        shown = go_quote(NOT_UNICODE.sub("\ufffd", type_))
        return Fault(f"Unknown type {shown} in HEALTHCHECK (try CMD)", at)
    if empty:
        return Fault("Missing command after HEALTHCHECK CMD", at)
    return _health_flags(instruction)


def _health_flags(instruction: Instruction) -> Fault | None:
    flags = {flag.name: flag for flag in instruction.flags}
    for name in ("interval", "timeout", "start-period", "start-interval"):
        if (flag := flags.get(name)) and (message := _interval_message(name, flag.value or "")):
            return Fault(message, flag.span[0])
    if (flag := flags.get("retries")) and (message := _retries_message(flag.value or "")):
        return Fault(message, flag.span[0])
    return None


def _interval_message(name: str, value: str) -> str | None:
    if not value:
        return None
    try:
        duration = parse_duration(value)
    except BadDuration as error:
        return str(error)
    if duration and duration < _MILLISECOND:
        return f'Interval "{name}" cannot be less than 1ms'
    return None


def _retries_message(value: str) -> str | None:
    if not value:
        return None
    digits = re.fullmatch(r"[+-]?([0-9]*)(.*)", value, re.DOTALL)
    # Go reads digit by digit, and sees that a number is too large before it sees what follows.
    if digits and int(digits[1][:40] or 0) >= 2**32:
        return f"strconv.ParseInt: parsing {go_quote(value)}: value out of range"
    if not digits or not digits[1] or digits[2]:
        return f"strconv.ParseInt: parsing {go_quote(value)}: invalid syntax"
    retries = int(value)
    if not -(2**31) <= retries < 2**31:
        return f"strconv.ParseInt: parsing {go_quote(value)}: value out of range"
    return f"--retries cannot be negative ({retries})" if retries < 0 else None


_CHECKS: dict[str, Callable[[Instruction], Fault | None]] = {
    "ADD": _copy,
    "ARG": _arg,
    "CMD": _flags,
    "COPY": _copy,
    "ENTRYPOINT": _flags,
    "ENV": _key_values,
    "EXPOSE": _expose,
    "FROM": _from,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _key_values,
    "MAINTAINER": _one_string,
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _one_string,
    "USER": _one_string,
    "VOLUME": _volume,
    "WORKDIR": _one_string,
}
