"""The effective configuration of both images, field by field, against what the migration declared to change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dfmigrate.model import Build
from dfmigrate.model.image import DEFAULT_PATH
from dfmigrate.verify.cause import Causes
from dfmigrate.verify.finding import Finding, Weight

CHECK = "configuration"


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """``Config`` of ``docker inspect`` in one normal form: what is absent, null or empty is alike."""

    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    workdir: str = "/"
    user: str = ""
    ports: frozenset[str] = frozenset()
    volumes: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = ""
    healthcheck: Mapping[str, Any] = field(default_factory=dict)
    shell: tuple[str, ...] = ()
    onbuild: tuple[str, ...] = ()

    @property
    def search_path(self) -> tuple[str, ...]:
        return tuple(self.environment.get("PATH", DEFAULT_PATH).split(":"))

    @property
    def process(self) -> tuple[str, ...]:
        """The whole argument vector that the engine starts."""
        return (*self.entrypoint, *self.command)


def image_config(said: Mapping[str, Any]) -> ImageConfig:
    """Read the ``Config`` object of an inspected image, under Docker's names."""
    health = said.get("Healthcheck") or {}
    return ImageConfig(
        environment=dict(_pair(entry) for entry in said.get("Env") or ()),
        command=tuple(said.get("Cmd") or ()),
        entrypoint=tuple(said.get("Entrypoint") or ()),
        workdir=said.get("WorkingDir") or "/",
        user=said.get("User") or "",
        ports=frozenset(said.get("ExposedPorts") or ()),
        volumes=frozenset(said.get("Volumes") or ()),
        labels=dict(said.get("Labels") or {}),
        stop_signal=_signal(said.get("StopSignal") or ""),
        healthcheck={name: value for name, value in health.items() if value},
        shell=tuple(said.get("Shell") or ()),
        onbuild=tuple(said.get("OnBuild") or ()),
    )


@dataclass(frozen=True, slots=True)
class Meant:
    """What the migration says of the configuration, and what can be asked about it."""

    original: Build
    migrated: Build
    declared: frozenset[str] = frozenset()
    """The fields that change on purpose: ``user``, ``env:PATH``, ``command:Cmd``, ``exposed:new``..."""
    mentioned: Callable[[str], bool] = lambda name: True
    """Whether any text of the application names a variable; doubt counts as yes."""


def compare_configuration(before: ImageConfig, after: ImageConfig, meant: Meant) -> Iterator[Finding]:
    """Every difference, with its hazard code; nothing for what is equal."""
    causes = Causes(meant.migrated)
    yield from _command(before, after, meant, causes)
    plain: list[tuple[str, str, str, str, object, object]] = [
        ("WorkingDir", "workdir", "D4", "WORKDIR", before.workdir.rstrip("/"), after.workdir.rstrip("/")),
        ("User", "user", "D6", "USER", _root_or(before.user), _root_or(after.user)),
        ("StopSignal", "stop signal", "D7", "STOPSIGNAL", before.stop_signal, after.stop_signal),
        ("Healthcheck", "healthcheck", "D6", "HEALTHCHECK", before.healthcheck, after.healthcheck),
        ("Shell", "shell", "D10", "SHELL", before.shell, after.shell),
        ("OnBuild", "onbuild", "D9", "ONBUILD", before.onbuild, after.onbuild),
    ]
    for name, key, code, instruction, old, new in plain:
        if old != new:
            yield _finding(key in meant.declared, name, code, name, old, new, causes.instruction(instruction))
    for name, key, instruction, one, other in (
        ("ExposedPorts", "exposed", "EXPOSE", before.ports, after.ports),
        ("Volumes", "volumes", "VOLUME", before.volumes, after.volumes),
    ):
        for entry in sorted(one ^ other):
            was, now = (entry if entry in one else None), (entry if entry in other else None)
            declared = key in meant.declared or (was is None and f"{key}:new" in meant.declared)
            yield _finding(declared, name, "D6", entry, was, now, causes.instruction(instruction))
    yield from _labels(before, after, meant, causes)
    yield from _environment(before, after, meant, causes)


def _root_or(user: str) -> str:
    """An image without a user runs as root."""
    return user if user not in ("root", "0", "0:0", "root:root") else ""


def _command(before: ImageConfig, after: ImageConfig, meant: Meant, causes: Causes) -> Iterator[Finding]:
    for name, old, new in (
        ("Entrypoint", before.entrypoint, after.entrypoint),
        ("Cmd", before.command, after.command),
    ):
        if old == new:
            continue
        if name == "Entrypoint" and _only_passes(meant.original, old) and _only_passes(meant.migrated, new):
            yield Finding(
                CHECK,
                "D5",
                Weight.DECLARED,
                name,
                "the base image's entry point goes, which only starts its arguments",
                _shown(old),
                _shown(new),
                causes.base,
            )
            continue
        declared = not meant.declared.isdisjoint(("command", f"command:{name}"))
        yield _finding(declared, name, "D5", name, old, new, causes.instruction(name.upper()))


def _only_passes(build: Build, entrypoint: tuple[str, ...]) -> bool:
    """True where there is none, or the base's, which is known to do nothing but start its arguments."""
    facts = build.final.base
    return not entrypoint or (facts is not None and facts.passthrough and entrypoint == facts.entrypoint)


def _labels(before: ImageConfig, after: ImageConfig, meant: Meant, causes: Causes) -> Iterator[Finding]:
    own = {name for build in (meant.original, meant.migrated) for name in _set_by(build, "LABEL")}
    for name in sorted(before.labels.keys() | after.labels.keys()):
        old, new = before.labels.get(name), after.labels.get(name)
        if old == new:
            continue
        declared = not meant.declared.isdisjoint(("labels", f"labels:{name}")) or name not in own
        yield _finding(declared, "Labels", "D6", name, old, new, causes.instruction("LABEL"))


def _environment(before: ImageConfig, after: ImageConfig, meant: Meant, causes: Causes) -> Iterator[Finding]:
    own = _set_by(meant.original, "ENV")
    added = _set_by(meant.migrated, "ENV")
    old, new = before.environment, after.environment
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name):
            continue
        line = causes.variable(name)
        declared, why = _explained(name, before, after, meant, own, added)
        if declared:
            yield Finding(CHECK, "D1", Weight.DECLARED, name, why, old.get(name), new.get(name), line)
        else:
            yield _finding(False, "Env", "D1", name, old.get(name), new.get(name), line)


def _explained(
    name: str, before: ImageConfig, after: ImageConfig, meant: Meant, own: frozenset[str], added: frozenset[str]
) -> tuple[bool, str]:
    """Whether the migration explains a changed variable, and how."""
    old, new = before.environment.get(name), after.environment.get(name)
    if f"env:{name}" in meant.declared:
        return True, "the migrated Dockerfile sets it"
    if name == "PATH":
        return _path_holds(
            before, after, meant
        ), "folders of the old base image leave PATH, the others keep their order"
    if name == "LC_ALL" and old is None and new == before.environment.get("LANG"):
        return True, "set to the value of LANG, which every category had before"
    if name in own:
        return False, ""
    if old is None and name in added:
        return True, "the migrated Dockerfile sets it"
    if name in _INERT:
        return True, "it comes with the base image, and only builds read it"
    if name in _STEERS or meant.mentioned(name):
        return False, ""
    return True, "it comes with the base image, and nothing of the application names it"


_INERT = frozenset({"GPG_KEY", "PHPIZE_DEPS", "PHP_SHA256", "GOTOOLCHAIN", "GOLANG_VERSION", "PYTHON_SHA256"})
_STEERS = frozenset(
    {
        *("LANG", "LC_ALL", "LC_CTYPE", "TZ", "NODE_ENV", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_URLS", "HOME"),
        *("LD_LIBRARY_PATH", "LD_PRELOAD", "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "PYTHONPATH", "JAVA_HOME"),
    }
)
"""Variables that the C library or a language's runtime reads itself."""


def _path_holds(before: ImageConfig, after: ImageConfig, meant: Meant) -> bool:
    old, new = before.search_path, after.search_path
    if [folder for folder in old if folder in new] != [folder for folder in new if folder in old]:
        return False
    written = " ".join(
        pair.value or ""
        for stage in meant.original.stages
        for layer in stage.layers
        if layer.name == "ENV"
        for pair in layer.instruction.pairs
        if pair.name == "PATH"
    )
    return not any(folder not in new and folder in written for folder in old)


def _set_by(build: Build, instruction: str) -> frozenset[str]:
    return frozenset(
        pair.name.strip("\"'")
        for stage in build.stages
        for layer in stage.layers
        if layer.name == instruction
        for pair in layer.instruction.pairs
    )


_KINDS = {"Env": "the variable", "ExposedPorts": "the port", "Volumes": "the volume", "Labels": "the label"}


def _finding(declared: bool, field: str, code: str, subject: str, old: object, new: object, line: int) -> Finding:
    was, now = _shown(old), _shown(new)
    what = _KINDS.get(field, "it")
    message = f"{what} is lost" if now is None else f"{what} is new" if was is None else f"{what} changes"
    weight = Weight.DECLARED if declared else Weight.BROKEN
    hint = "" if declared else "keep the instruction in the final stage"
    return Finding(CHECK, code, weight, subject, message, was, now, line, hint)


def _shown(value: object) -> str | None:
    if value is None or value == () or value == {} or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value, default=list, sort_keys=True)


def _pair(entry: str) -> tuple[str, str]:
    name, _, value = entry.partition("=")
    return name, value


def _signal(name: str) -> str:
    """One spelling for a signal: ``TERM``, ``SIGTERM`` and ``15`` are the default, which need not be said."""
    upper = name.upper().removeprefix("SIG")
    return "" if upper in ("", "TERM", "15") else upper
