"""What commands do: their part in a build, where they write, and whether one is fit to start a container with."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dfmigrate.knowledge.command_line import CommandLine, Place, Words, applies, places, read_command_line
from dfmigrate.knowledge.languages import is_shell
from dfmigrate.knowledge.packs import read_pack

Role = Literal[
    "system-packages",
    "dependency-install",
    "build",
    "test",
    "download",
    "cleanup",
    "user-management",
    "configuration",
    "file-operation",
    "inspection",
]
Writes = Literal["project", "system", "home", "none", "arguments", "paths", "environment"]

_INTERPRETER = re.compile(r"python(\d+(\.\d+)?)?|pypy3?|ruby|php|sh|bash|ash|dash")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_SOFTWARE = ("/opt/", "/usr/local/", "/usr/lib/")


@dataclass(frozen=True, slots=True)
class CommandFacts:
    """What one command does."""

    program: str
    """The program that does the work: ``python -m pip install`` and ``npx tsc`` give "pip" and "tsc"."""
    role: Role
    writes: Writes
    """``project``: below the folder it works in; ``arguments``: see ``targets``; ``paths``: see there;
    ``environment``: where its settings say, see ``model.python_environments``."""
    paths: tuple[str, ...]
    elsewhere: tuple[str, ...]
    """Variables that, where they are set, name a folder that it writes too."""
    reads: tuple[str, ...]
    """Files that it reads if they are there, relative to the folder it works in, or absolute; ``project``: perhaps
    anything below that folder; ``arguments``: what its arguments name. A script of the project that it runs, such as
    npm's ``postinstall``, may read more."""
    tools: tuple[str, ...]
    """Other programs that it calls, or may call."""
    network: bool
    lock: tuple[str, ...]
    """It fails unless one of these lock files is there."""
    environment: tuple[str, ...]
    """Variables that change what it does; a name may end in ``*``."""
    caches: tuple[str, ...]
    """Folders that it fills to save a later run the work: where they are in the tool's official image or, without one,
    for root with nothing set."""
    scripted: bool
    """What it really does stands in a script of the project (package.json, Makefile), so the rest is its usual part."""
    targets: tuple[Place, ...] | None
    """What its arguments say it writes; None when they do not tell, or nobody asked (``writes``)."""
    prefix: tuple[str | None, ...]
    """Where it tells a later ``make install`` to put things."""
    takes_prefix: bool
    """It has an option for that."""
    by_application: bool
    """The application's own code does it, with what it has for running: no compiler, no headers."""
    installs: bool
    """It puts things where an earlier ``configure --prefix`` said."""
    folder: str | None
    """Where it works, relative to where it is started: "" is just there, None unknown."""
    source: str


def role(argv: Words) -> CommandFacts | None:
    """Return what a command does; None when it is not known. A None among the words stands for an unknown word."""
    words = resolve(argv)
    if not words or words[0] is None:
        return None
    found = _entry(words[0])
    if found is None:
        return None
    entry = read_pack(f"programs/{found[0]}.toml")[found[1]]
    line = read_command_line(words[1:], entry)
    rule = next((rule for rule in entry["rules"] if applies(rule, line)), None)
    return _facts(words[0], entry, rule, line) if rule is not None else None


def command_line(argv: Words) -> CommandLine | None:
    """Sort the words of a command into options and others; None when the program is not known."""
    found = _entry(argv[0]) if argv and argv[0] is not None else None
    return read_command_line(argv[1:], read_pack(f"programs/{found[0]}.toml")[found[1]]) if found is not None else None


def _facts(program: str, entry: Mapping[str, Any], rule: Mapping[str, Any], line: CommandLine) -> CommandFacts:
    network = rule.get("network", False)
    reads = [name for one in rule.get("reads", ()) for name in (entry["manifests"] if one == "manifests" else (one,))]
    tools = [*entry.get("tools", ()), *rule.get("tools", ())]
    tools += rule.get("fetching", entry.get("fetching", ()) if network else ())
    skipped = ("sub" in rule) + ("sub2" in rule)
    return CommandFacts(
        program=program,
        role=rule["role"],
        writes=rule["writes"],
        paths=tuple(rule.get("paths", ())),
        elsewhere=tuple(rule.get("elsewhere", ())),
        reads=tuple(reads),
        tools=tuple(tools),
        network=network,
        lock=tuple(rule.get("lock", ())),
        environment=tuple(entry.get("environment", ())),
        caches=_caches(entry, rule, line),
        scripted=rule.get("scripted", False),
        targets=places(rule["to"], line, skipped) if "to" in rule else None,
        prefix=tuple(line.values(entry.get("prefix", ()))),
        takes_prefix="prefix" in entry,
        by_application=rule.get("by_application", False),
        installs=rule.get("installs", False),
        folder=_folder(entry, line),
        source=entry["source"],
    )


def _caches(entry: Mapping[str, Any], rule: Mapping[str, Any], line: CommandLine) -> tuple[str, ...]:
    """The rule's own, or the entry's, which are for what comes by the network."""
    if line.has(entry.get("uncached", ())):
        return ()
    return tuple(rule.get("caches", entry.get("caches", ()) if rule.get("network") else ()))


def _folder(entry: Mapping[str, Any], line: CommandLine) -> str | None:
    """The folder that an option such as ``-C`` sends the program to."""
    folders = line.values(entry.get("folder", ()))
    if folders:
        return folders[-1]
    files = line.values(entry.get("file", ()))
    if not files:
        return ""
    file = files[-1]
    return None if file is None else file.rpartition("/")[0] or ("/" if file.startswith("/") else "")


def dev_server(argv: Words) -> str | None:
    """Return in words why a command is one for development only, or None."""
    return _verdict("development", argv)


def compiles_at_start(argv: Words) -> str | None:
    """Return in words why a command needs the compiler or the SDK at run time, or None."""
    return _verdict("compiles", argv)


def is_known(program: str) -> bool:
    """Tell whether anything is known of a program."""
    return _entry(program) is not None


def resolve(argv: Words) -> tuple[str | None, ...]:
    """Drop what only leads to the program that does the work: ``sudo``, ``env A=b``, ``npx``, ``python -m``."""
    words = tuple(argv)
    while words:
        shorter = _step(words)
        if shorter is None:
            break
        words = shorter
    if not words or words[0] is None or _is_own(words[0]):
        return words
    return (words[0].rpartition("/")[2] or words[0], *words[1:])


def handed_over(fetch: Words, argv: Words) -> Words | None:
    """The command that a known script makes of ``curl ADDRESS | php -- OPTIONS``; None for any other pipeline."""
    facts = role(fetch)
    if facts is None or facts.role != "download" or facts.writes not in ("none", "arguments") or facts.targets:
        return None
    scripts = _starters()["handed"]
    script = next((scripts[word] for word in fetch[1:] if word in scripts and word != "source"), None)
    if script is None or not argv or argv[0] != script["interpreter"] or tuple(argv[1:2]) not in ((), ("--",)):
        return None
    return (script["program"], *argv[2:])


def started_by(argv: Words) -> tuple[str | None, ...]:
    """The command behind ``exec``, ``tini --``, ``env A=b`` and their like."""
    words = tuple(argv)
    while len(words) > 1 and words[0] is not None:
        wrapper = _wrapper(words[0].rpartition("/")[2])
        behind = _behind(words[1:], wrapper) if wrapper is not None and wrapper.get("process") else None
        while behind and behind[0] is not None and _ASSIGNMENT.match(behind[0]):
            behind = behind[1:]
        if not behind:
            break
        words = behind
    return words


def _is_own(word: str) -> bool:
    """Whether a program given by its path is a file of the project, and not the known one of the same name."""
    folder, slash, name = word.rpartition("/")
    own = _starters()["own"]
    if not slash or name in own["scripts"]:
        return False
    parent = folder.rpartition("/")[2]
    if word.startswith("/"):
        # Unpacked as it is published: /opt/zig/zig, /usr/local/zig-linux-x86_64-0.14.0/zig.
        unpacked = word.startswith(_SOFTWARE) and (parent == name or parent.startswith(f"{name}-"))
        return not unpacked and parent not in ("bin", "sbin")
    return parent not in ("bin", ".bin") or _index().get(name) in own["system"]


def _step(words: tuple[str | None, ...]) -> tuple[str | None, ...] | None:
    first = words[0]
    if first is None:
        return None
    if _ASSIGNMENT.match(first):
        return words[1:]
    name = first.rpartition("/")[2]
    wrapper = _wrapper(name)
    if wrapper is not None and len(words) > 1:
        return _behind(words[1:], wrapper)
    runner = _runner(name, words)
    if runner is not None:
        return _run(words[2 if "sub" in runner else 1 :], runner)
    if name in ("yarn", "pnpm", "bun") and len(words) > 1 and _index().get(words[1] or "") in _node_tools():
        return words[1:]
    if _INTERPRETER.fullmatch(name) and len(words) > 1:
        return _interpreted(name, words)
    return None


def _starters() -> Mapping[str, Any]:
    return read_pack("programs/wrappers.toml")


def _node_tools() -> Sequence[str]:
    found: Sequence[str] = _starters()["node-tools"]["files"]
    return found


def _wrapper(name: str) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = _starters()["wrappers"].get(name)
    return found


def _behind(words: tuple[str | None, ...], wrapper: Mapping[str, Any]) -> tuple[str | None, ...] | None:
    """The command that a wrapper runs; None when an option makes it do something else."""
    rest = _after_options(words, wrapper.get("values", ()))
    given = words[: len(words) - len(rest)]
    if any(word in wrapper.get("unless", ()) for word in given):
        return None
    rest = rest[wrapper.get("own", 0) :]
    if not rest:
        return None
    return (*rest, None) if wrapper.get("adds_words") else rest


def _runner(name: str, words: tuple[str | None, ...]) -> Mapping[str, Any] | None:
    """How this command runs one of a project's tools."""
    calls: Sequence[Mapping[str, Any]] = _starters()["runners"].get(name, ())
    return next((call for call in calls if "sub" not in call or words[1:2] == (call["sub"],)), None)


def _run(words: tuple[str | None, ...], runner: Mapping[str, Any]) -> tuple[str | None, ...] | None:
    rest = _after_options(words, runner.get("values", ()))
    if not rest or (runner.get("only") and rest[0] not in runner["only"]):
        return None
    return None if _index().get(resolve(rest)[0] or "") in runner.get("not", ()) else rest


def _after_options(words: tuple[str | None, ...], values: Sequence[str]) -> tuple[str | None, ...]:
    position = 0
    while position < len(words):
        word = words[position]
        if word is None or not word.startswith("-"):
            break
        position += 2 if word in values else 1
        if word == "--":
            break
    return words[position:]


def _interpreted(name: str, words: tuple[str | None, ...]) -> tuple[str | None, ...] | None:
    """``python -m pip`` is pip, ``python manage.py`` is manage.py; ``python app.py`` is the application."""
    rest = words[1:]
    while rest and rest[0] in _starters()["interpreters"]["options"]:
        rest = rest[1:]
    if not rest or rest[0] is None:
        return None
    if rest[0] == "-m":
        return rest[1:] or None
    script = rest[0].rpartition("/")[2]
    known = script in _starters()["own"]["scripts"] or ("." in script and not is_shell(name))
    return rest if known and _entry(script) is not None else None


@functools.cache
def _index() -> Mapping[str, str]:
    files: Mapping[str, list[str]] = read_pack("programs/index.toml")["programs"]
    return {program: file for file, programs in files.items() for program in programs}


@functools.cache
def _entry(program: str) -> tuple[str, str] | None:
    """Return the file that describes a program, and the name under which it does so."""
    file = _index().get(program)
    if file is None:
        return None
    pack = read_pack(f"programs/{file}.toml")
    if program in pack:
        return file, program
    owner = next((name for name, entry in pack.items() if program in entry.get("aliases", ())), None)
    return (file, owner) if owner else None


def _verdict(kind: str, argv: Words) -> str | None:
    words = resolve(argv)
    if not words or words[0] is None:
        return None
    line = command_line(words) or read_command_line(words[1:], {})
    for rule in read_pack("programs/start.toml")[kind]:
        if words[0] in rule["program"] and applies(rule, line):
            return f"`{' '.join(word or '?' for word in words[:3])}` {rule['text']}"
    return None
