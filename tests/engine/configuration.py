"""Whether two images are configured alike, apart from what a migration declares in the Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# USER is declared, and proved on the running process.
FIELDS = (
    "Cmd",
    "Entrypoint",
    "WorkingDir",
    "ExposedPorts",
    "Volumes",
    "Labels",
    "StopSignal",
    "Healthcheck",
    "OnBuild",
    "Shell",
)
_FROM = re.compile(rb"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?", re.IGNORECASE | re.MULTILINE)
_ARG = re.compile(rb"^[ \t]*ARG[ \t]+(\w+)=(\S+)", re.IGNORECASE | re.MULTILINE)

Config = Mapping[str, Any]


def last_base(dockerfile: bytes) -> str:
    """The image that the last stage rests on, through earlier stages."""
    stages: dict[str, str] = {}
    arguments = {name.decode(): value.decode() for name, value in _ARG.findall(dockerfile)}
    base = "scratch"
    for found in _FROM.finditer(dockerfile):
        reference = re.sub(r"\$\{(\w+)\}", lambda name: arguments[name[1]], found[1].decode())
        base = stages.get(reference.lower(), reference)
        if found[2]:
            stages[found[2].decode().lower()] = base
    return base


def differences(before: Config, after: Config, bases: tuple[Config, Config], dockerfile: bytes) -> tuple[str, ...]:
    """What differs and is not declared, one sentence each. ``bases`` are the base images' configurations."""
    changed = [
        f"{field}: {before.get(field)!r} became {after.get(field)!r}"
        for field in FIELDS
        if (before.get(field) or None) != (after.get(field) or None)
    ]
    return (*changed, *_environment(before, after, bases, dockerfile))


def _environment(before: Config, after: Config, bases: tuple[Config, Config], dockerfile: bytes) -> list[str]:
    old, new = _variables(before), _variables(after)
    old_base, new_base = _variables(bases[0]), _variables(bases[1])
    wrong = []
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name):
            continue
        if old.get(name) == old_base.get(name) and new.get(name) == new_base.get(name):
            continue  # each image has its own base image's variable: declared by the new FROM
        if name == "PATH" and _in_order(_set_by_the_file(old.get(name, ""), old_base), new.get(name, "")):
            continue
        if name not in old and re.search(rb"^[ \t]*ENV\b.*\b%s\b" % re.escape(name.encode()), dockerfile, re.M | re.I):
            continue  # an addition that the Dockerfile shows
        wrong.append(f"Env {name}: {old.get(name)!r} became {new.get(name)!r}")
    return wrong


def _variables(config: Config) -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in config.get("Env") or ())


def _set_by_the_file(path: str, base: Mapping[str, str]) -> list[str]:
    """The folders that the Dockerfile itself put on PATH."""
    inherited = base.get("PATH", "").split(":")
    return [folder for folder in path.split(":") if folder not in inherited]


def _in_order(wanted: list[str], path: str) -> bool:
    folders = iter(path.split(":"))
    return all(folder in folders for folder in wanted)
