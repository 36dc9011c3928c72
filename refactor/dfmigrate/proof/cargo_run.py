"""A program that is started in place of ``cargo run`` is the one that Cargo would have started, without building."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.cargo import cargo_project
from dfmigrate.context.compose import services_of
from dfmigrate.context.deployments import deployments, outside_variables
from dfmigrate.context.yaml_subset import Unknown
from dfmigrate.knowledge.languages import readers_of_cargo_variables
from dfmigrate.model import Layer, StageModel, is_within
from dfmigrate.model.actions import Action
from dfmigrate.model.artefacts import context_folder
from dfmigrate.model.cargo_run import own_words
from dfmigrate.model.crates import crate_libraries

from .case import Case

_FREE = re.compile(r"-q|--quiet|-v+|--verbose|--locked|--frozen|--offline|--bins|--bin|--bin=\S+|-j\d*|--jobs(=\d+)?")
"""Options that change nothing of a program that they build."""
_RELEASE = frozenset({"--release", "-r", "--profile=release"})
_WITH_VALUE = frozenset({"--bin", "-j", "--jobs", "--profile"})
_SETS = frozenset({"export", "source", ".", "set", "eval", "unset", "alias"})
_STEERS = re.compile(
    r"CARGO_\w+|RUSTC\w*|RUSTFLAGS|RUSTUP_\w+|CC|CXX|\w*C(?:XX)?FLAGS|LDFLAGS|AR|PKG_CONFIG\w*|PATH|\w+_DIR"
)
_SETTINGS = re.compile(r"(?:\A|/)\.cargo/config(?:\.toml)?\Z|/cargo/config(?:\.toml)?\Z")
_READ_AT_RUN_TIME = re.compile(r"\b(?:env::)?var(?:_os)?\s*\(\s*\"\w+\"")
_NAME = re.compile(r"\"(\w+)\"")
_MACRO = re.compile(r"\b(?:option_env|dotenv|env)!\s*\(\s*\"(?!CARGO_)")
_LINKS_ELSEWHERE = re.compile(r"rustc-link-search|dylib|rustc-env")
_AT_RUN_TIME = re.compile(r"(?<!env!\()(?<!env!\( )\"(?:CARGO(?:_\w+)?|OUT_DIR|RUSTUP_\w+|RUST_RECURSION_COUNT)\"")


def why_not(case: Case) -> str | None:
    """Why ``cargo run`` may do more, or start something else, than the program; None where it does not."""
    unread = next((path for path in _paths(case) if case.context is None or case.context.read(path) is None), None)
    if unread is not None:
        return f"{unread} could not be read"
    found = _build(case.old, case.context)
    if found is None:
        return "no RUN builds the crate with the same options"
    layer, action = found
    return _compiles_again(case, layer, action) or _is_mounted_over(case) or _loads(case) or _reads_cargo(case, action)


def _build(stage: StageModel, context: Context | None) -> tuple[Layer, Action] | None:
    """The last ``cargo build``, where it has the profile and the folder of the start."""
    for layer in reversed(stage.layers):
        for action in reversed(layer.actions):
            if action.program == "cargo" and action.argv[1:2] in (("build",), ("b",)):
                return (layer, action) if _is_same(stage, context, layer, action) else None
    return None


def _is_same(stage: StageModel, context: Context | None, layer: Layer, action: Action) -> bool:
    started = own_words(stage, context) or ()
    plain = action.text.split()[:1] == ["cargo"] and not any(one.program in _SETS for one in layer.actions)
    words = [word for word in action.argv[2:] if word is not None]
    cargos = started[: started.index("--")] if "--" in started else started
    same = _profile(words) is not None and _profile(words) == _profile(cargos[2:])
    return plain and same and action.certain and action.cwd == stage.final.workdir and None not in action.argv


def _profile(words: Sequence[str]) -> str | None:
    """Whether for release, or not; None where there is more to it."""
    options: list[str] = []
    rest = list(words)
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        value = rest.pop(0) if word in _WITH_VALUE and rest else None
        if word == "--profile":
            options.append(f"--profile={value}")
        elif _FREE.fullmatch(word) is None:
            options.append(word)
    if not options:
        return "dev"
    return "release" if set(options) <= _RELEASE else None


def _compiles_again(case: Case, layer: Layer, action: Action) -> str | None:
    """What would make Cargo build at each start: a later change of the project, of its options or of its settings."""
    stage, home = case.old, action.cwd or "/"
    at = layer.actions.index(action)
    later = [write for one in layer.actions[at + 1 :] for write in one.writes]
    opaque = any(one.opaque is not None for one in layer.actions[at + 1 :])
    for other in stage.layers[stage.layers.index(layer) + 1 :]:
        later += other.writes
        opaque = opaque or other.opaque is not None
    if opaque or any(is_within(write.path, home) or is_within(home, write.path) for write in later):
        return "a later instruction may change the project, so `cargo run` compiles again"
    if any(_SETTINGS.search(write.path) for write in stage.files.writes):
        return "Cargo has settings of its own, which may say what `cargo run` starts"
    before, now = layer.before.environment, stage.final.environment
    changed = {name for name in {*before, *now} if name not in before or name not in now or before[name] != now[name]}
    changed |= {name for name in layer.own_variables if name in layer.arguments}
    compiled_in = _compiled_in(case)
    if case.context is not None:
        changed |= set(outside_variables(case.context))
        if compiled_in.by_macro and any(service.more_variables for service in deployments(case.context)):
            return "variables from outside may become part of the program, so `cargo run` may compile again"
    for name in sorted(changed):
        if _STEERS.fullmatch(name) or name in compiled_in.names:
            return f"{name} is not the same at the build and at the start, so `cargo run` may compile again"
    return None


@dataclass(frozen=True, slots=True)
class _CompiledIn:
    names: frozenset[str]
    """Words that may name variables which become part of the program, or which a build script reads."""
    by_macro: bool
    """Whether one certainly does, be it by a name that is not seen."""


def _compiled_in(case: Case) -> _CompiledIn:
    names: set[str] = set()
    by_macro = False
    for path, text in _sources(case):
        script = path.endswith("build.rs")
        names.update(_NAME.findall(text if script else _READ_AT_RUN_TIME.sub("", text)))
        by_macro = by_macro or _MACRO.search(text) is not None or (script and "env::var" in text)
    return _CompiledIn(frozenset(names), by_macro)


def _is_mounted_over(case: Case) -> str | None:
    """Sources of the host in place of the image's: `cargo run` compiles them, and the program lies below them."""
    home = case.old.final.workdir or "/"
    context = case.context
    for service in services_of(context) if context is not None else ():
        volumes = service.volumes
        if isinstance(volumes, Unknown) or any(_covers(volume.target, home) for volume in volumes):
            return f"the compose service `{service.name}` mounts what `cargo run` would compile"
    for one in deployments(context) if context is not None else ():
        if one.unknown is not None or any(_covers(target, home) for target in one.mounts):
            return f"{one.name} mounts what `cargo run` would compile"
    return None


def _covers(target: str, home: str) -> bool:
    path = posixpath.normpath("/" + target.lstrip("/"))
    return is_within(home, path) or is_within(path, home)


def _loads(case: Case) -> str | None:
    """Cargo tells the loader where libraries lie that a build made or fetched; the program alone does not know."""
    linked = crate_libraries(case.before, case.old.base) if case.old.base is not None else None
    if linked is None or linked.unknown is not None:
        return f"{linked.unknown if linked is not None else 'the base image is not known'}: Cargo may lead to a library"
    for path, text in _sources(case):
        if path.endswith("build.rs") and _LINKS_ELSEWHERE.search(text):
            return f"{path} says more of the libraries and variables of the program, which only `cargo run` hands on"
    flags = [value for layer in case.old.layers for name, value in layer.before.environment.items() if "FLAGS" in name]
    if any(value is None or "dynamic" in value for value in flags):
        return "the program may be linked with libraries of the compiler, which only `cargo run` leads to"
    return None


def _reads_cargo(case: Case, action: Action) -> str | None:
    """Cargo tells what it starts where the project lies; the program alone does not know."""
    for path, text in _sources(case):
        found = _AT_RUN_TIME.search(text) if not path.endswith("build.rs") else None
        if found is not None:
            return f"{path} reads {found.group()[1:-1]}, which only Cargo sets"
    folder = context_folder(action.cwd, case.old.files) if action.cwd is not None else None
    project = cargo_project(case.context, folder) if case.context is not None and folder is not None else None
    if project is None or project.locked is None:
        return "without Cargo.lock it is not known whether a crate reads what only Cargo sets"
    readers = project.locked & readers_of_cargo_variables()
    return f"{min(readers)} reads CARGO_MANIFEST_DIR, which only Cargo sets" if readers else None


def _paths(case: Case) -> list[str]:
    return sorted(path for path in case.context.files if path.endswith(".rs")) if case.context is not None else []


def _sources(case: Case) -> Iterator[tuple[str, str]]:
    for path in _paths(case):
        yield path, (case.context.read(path) or "") if case.context is not None else ""
