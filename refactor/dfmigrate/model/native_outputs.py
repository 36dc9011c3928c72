"""What the compilers of native programs leave: the programs by name, and the folders that only a build reads again."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.cargo import CargoProject, cargo_project
from dfmigrate.context.dub import dub_package
from dfmigrate.context.zig import zig_project


@dataclass(frozen=True, slots=True)
class Native:
    """Paths relative to the folder that the command works in, or absolute."""

    programs: tuple[str, ...]
    scratch: tuple[str, ...]


_CARGO_VALUES = frozenset({"--features", "-F", "-j", "--jobs", "--color", "--message-format", "--path"})
_CARGO_WORDS = frozenset(
    {"--release", "-r", "--no-default-features", "--all-features", "--locked", "--frozen", "--offline", "--bins"}
    | {"-v", "-vv", "--verbose", "-q", "--quiet", "--workspace", "--all", "--force", "-f"}
)
_CARGO_LEAVES = {"clean": ("target",), "fetch": ("Cargo.lock",), "test": ("target", "Cargo.lock")}
_CHOOSING = ("--bin", "-p", "--package", "--profile", "--target")
_MOVED = re.compile(r"(?m)^\s*(?:target|target-dir|artifact-dir|out-dir|out)\s*=|crt-static")
_ELSEWHERE = re.compile(r"\bCARGO_(?:TARGET|BUILD|INSTALL|PROFILE)\w*")
_WRITES = re.compile(r"File::create|OpenOptions|fs::(?:write|copy|rename|create_dir)|create_dir_all|Command::new")


def cargo(
    argv: Sequence[str | None], text: str, environment: Mapping[str, str | None], context: Context, folder: str
) -> Native | None:
    """``cargo build``, and ``cargo install --path .``; None where a setting may lay the programs elsewhere."""
    words = [word for word in argv[1:] if word is not None and not word.startswith("+")]
    if any(map(_ELSEWHERE.search, (text, *environment))) or not words:
        return None
    if words[0] in _CARGO_LEAVES:
        return Native((), _CARGO_LEAVES[words[0]]) if not any("dir" in word for word in words) else None
    if words[0] not in ("build", "b", "install"):
        return None
    project = cargo_project(context, folder)
    asked = _cargo_options(words[1:])
    if project is None or asked is None or _is_moved(context, folder) or _in_workspace(context, folder):
        return None
    programs = _cargo_programs(project, asked)
    if programs is None:
        return None
    if words[0] == "install":
        home = environment.get("CARGO_HOME")
        if asked.get("--path") not in (".", "./") or home is None or asked.keys() & {"--profile", "--target"}:
            return None
        # Registry and lock files of the installation lie there too.
        return Native(tuple(posixpath.join(home, "bin", name) for name in programs), ("target", home))
    profile = asked.get("--profile") or ("release" if asked.keys() & {"--release", "-r"} else "dev")
    below = posixpath.join("target", asked.get("--target", ""), project.profiles.get(profile, _profile(profile)))
    return Native(tuple(posixpath.join(below, name) for name in programs), ("target", "Cargo.lock"))


def _profile(name: str) -> str:
    return {"dev": "debug", "test": "debug", "bench": "release"}.get(name, name)


def _cargo_options(words: Sequence[str]) -> dict[str, str] | None:
    """Every option with its value; None where one is not known here, or given twice."""
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name in found or name == "build":
            return None
        if name in _CARGO_VALUES or name in _CHOOSING:
            if not equals and not rest:
                return None
            found[name] = value if equals else rest.pop(0)
        elif name in _CARGO_WORDS and not equals:
            found[name] = ""
        elif re.fullmatch(r"-j\d+", name) is None:
            return None
    return found


def _cargo_programs(project: CargoProject, asked: Mapping[str, str]) -> tuple[str, ...] | None:
    everything = project.programs
    if everything is None or project.members is None:
        return None
    wanted = asked.get("-p") or asked.get("--package")
    members = [m for m in project.members if wanted is None or m.name == wanted]
    if wanted is None and project.name is not None and not asked.keys() & {"--workspace", "--all"}:
        members = [project]
    if any(_does_more(member) for member in project.members):
        return None
    found = [name for member in members for name in member.binaries if _is_built(member, name, asked)]
    only = asked.get("--bin")
    return tuple(name for name in found if only in (None, name)) or None


def _does_more(member: CargoProject) -> bool:
    """A library of its own beside the program, or a build script that may write outside of ``target``."""
    manifest = member.context.read(member.path) or ""
    script = member.context.read(member.build_script) if member.build_script is not None else ""
    return "dylib" in manifest or "default-members" in manifest or script is None or bool(_WRITES.search(script))


def _is_built(member: CargoProject, name: str, asked: Mapping[str, str]) -> bool:
    required = set(member.required_features.get(name, ()))
    if not required or "--all-features" in asked:
        return True
    given = asked.get("--features", "") + " " + asked.get("-F", "")
    start = re.split(r"[\s,]+", given) + ([] if "--no-default-features" in asked else ["default"])
    return required <= set(_with_implied(start, member.features))


def _with_implied(names: Sequence[str], features: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    seen: set[str] = set()
    rest = list(names)
    while rest:
        name = rest.pop()
        if name not in seen:
            seen.add(name)
            rest.extend(features.get(name, ()))
    yield from seen


def _is_moved(context: Context, folder: str) -> bool:
    """Whether Cargo's own configuration, here or above, names another place for what is built."""
    for above in _with_parents(folder):
        for name in ("config.toml", "config"):
            path = posixpath.join(above, ".cargo", name)
            if path in context.files and _MOVED.search(context.read(path) or "target=") is not None:
                return True
    return False


def _in_workspace(context: Context, folder: str) -> bool:
    """Members build into the folder of their workspace."""
    return any(
        "[workspace" in (context.read(posixpath.join(above, "Cargo.toml")) or "") for above in _with_parents(folder)[1:]
    )


def _with_parents(folder: str) -> list[str]:
    found = [folder]
    while found[-1]:
        found.append(posixpath.dirname(found[-1]))
    return found


_ZIG_WORDS = re.compile(r"-D(?:optimize|target|cpu)=\S+|-Doptimize|--release(?:=\w+)?|-j\d+|--verbose|--summary")


def zig(argv: Sequence[str | None], context: Context, folder: str) -> Native | None:
    """``zig build``: the programs that ``build.zig`` installs, and nothing else."""
    words = [word for word in argv[1:] if word is not None]
    project = zig_project(context, folder)
    if words[:1] != ["build"] or not all(_ZIG_WORDS.fullmatch(word) for word in words[1:]) or project is None:
        return None
    text = context.read(project.path) or ""
    if not project.executables or re.search(
        r"addLibrary|addSharedLibrary|addInstall|installDirectory|installFile|installBinFile|addSystemCommand|dest_dir",
        text,
    ):
        return None
    made = tuple(project.output(name) for name in project.executables)
    return Native(made, ("zig-out", ".zig-cache", "zig-cache"))


_CRYSTAL_WORDS = frozenset({"--release", "--no-debug", "--static", "--production", "--progress", "--stats", "--time"})


def crystal(argv: Sequence[str | None]) -> Native | None:
    """``crystal build FILE``: one program, named after the file unless ``-o`` names it."""
    words = [word for word in argv[1:] if word is not None and word not in _CRYSTAL_WORDS]
    if words[:1] != ["build"]:
        return None
    if len(words) == 4 and "-o" in words[1:3]:
        at = words.index("-o")
        return Native((words[at + 1],), ())
    if len(words) != 2 or not words[1].endswith(".cr"):
        return None
    return Native((posixpath.basename(words[1]).removesuffix(".cr"),), ())


_SWIFT_VALUES = frozenset({"-Xswiftc", "-Xcc", "-Xcxx", "-Xlinker", "-j", "--jobs", "--product"})
_SWIFT_WORDS = frozenset({"--static-swift-stdlib", "--enable-test-discovery", "-v", "--verbose", "--disable-sandbox"})


def swift(argv: Sequence[str | None]) -> str | None:
    """The folder, below the package's own, in which ``swift build`` puts programs, libraries and resources."""
    rest = [word or "?" for word in argv[1:]]
    if not rest or rest.pop(0) != "build":
        return None
    configuration = "debug"
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name in ("-c", "--configuration") and (equals or rest):
            configuration = value if equals else rest.pop(0)
        elif name in _SWIFT_VALUES and rest and not equals:
            rest.pop(0)
        elif name not in _SWIFT_WORDS or equals:
            return None
    return f".build/{configuration}" if configuration in ("debug", "release") else None


_DUB_VALUES = frozenset({"-b", "--build", "-c", "--config", "--compiler", "-a", "--arch", "--build-mode"})
_DUB_WORDS = frozenset(
    {"-f", "--force", "--parallel", "--combined", "-v", "--verbose", "-q", "--quiet", "-y", "--yes", "--nodeps"}
)


def dub(
    argv: Sequence[str | None], environment: Mapping[str, str | None], context: Context, folder: str
) -> Native | None:
    """``dub build`` of the package in its folder: one program, whose name may depend on the configuration."""
    words = [word for word in argv[1:] if word is not None]
    asked = dub_options(words[1:]) if words[:1] == ["build"] else None
    home, above = environment.get("DUB_HOME", "/root/.dub"), environment.get("DPATH", "/root/.dub")
    if asked is None or home is None or above is None:
        return None
    package = dub_package(context, folder, asked.get("--config", asked.get("-c")))
    if package is None or package.program is None or package.does_more:
        return None
    return Native((package.program,), (".dub", "dub.selections.json", "/root/.dub", home, posixpath.join(above, "dub")))


def dub_options(words: Sequence[str]) -> dict[str, str] | None:
    """The options of ``dub build`` with their values; None where one is not known here, or a package is named."""
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name in _DUB_VALUES and (equals or rest):
            found[name] = value if equals else rest.pop(0)
        elif name not in _DUB_WORDS or equals:
            return None
    return found
