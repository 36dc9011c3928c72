"""What commands do: their part in a build, where they write, and whether one is fit to start a container with."""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

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
Writes = Literal["project", "system", "home", "none", "arguments", "paths"]
Words = Sequence[str | None]

_TRANSPARENT: Mapping[str, tuple[str, ...]] = {
    "sudo": ("-u", "-g", "--user", "--group"),
    "env": ("-u", "--unset", "-C", "--chdir"),
    "exec": ("-a",),
    "nice": ("-n", "--adjustment"),
    "command": (),
    "eatmydata": (),
    "fakeroot": (),
    "nohup": (),
    "time": (),
}
"""Programs that only run another one, with their options that take a value."""

_INTERPRETER = re.compile(r"python(\d+(\.\d+)?)?|pypy3?|ruby|php|sh|bash|ash|dash")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_RUNNERS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("npx",): ("-p", "--package"),
    ("pnpx",): ("-p", "--package"),
    ("bunx",): ("-p", "--package"),
    ("npm", "exec"): ("-p", "--package"),
    ("npm", "x"): ("-p", "--package"),
    ("pnpm", "exec"): (),
    ("pnpm", "dlx"): ("--package",),
    ("yarn", "exec"): (),
    ("yarn", "dlx"): ("-p", "--package"),
    ("bundle", "exec"): (),
    ("poetry", "run"): (),
    ("pipenv", "run"): (),
    ("pdm", "run"): (),
    ("uv", "run"): ("--with", "--python", "--extra", "--group"),
    ("corepack",): (),
    ("cross-env",): (),
    ("dumb-init",): (),
    ("tini",): ("-e", "-p"),
    ("dotenv",): ("-e", "-f"),
    ("env-cmd",): ("-f", "-e"),
}
"""Commands that run a program of the project's dependencies, likewise."""
_MANAGERS = ("npm", "yarn", "pnpm")
_SHELLS = ("sh", "bash", "ash", "dash")
_SCRIPTS = ("artisan", "composer", "rails", "rake")


@dataclass(frozen=True, slots=True)
class CommandFacts:
    """What one command does."""

    program: str
    """The program that does the work: ``python -m pip install`` and ``npx tsc`` give "pip" and "tsc"."""
    role: Role
    writes: Writes
    """``project``: below the working directory; ``arguments``: where its arguments say; ``paths``: see there."""
    paths: tuple[str, ...]
    network: bool
    caches: tuple[str, ...]
    scripted: bool
    """What it really does stands in a script of the project (package.json, Makefile), so the rest is its usual part."""
    source: str


def role(argv: Words) -> CommandFacts | None:
    """Return what a command does; None when it is not known. A None among the words stands for an unknown word."""
    words = resolve(argv)
    if not words or words[0] is None:
        return None
    program = words[0]
    entry = _entry(program)
    if entry is None:
        return None
    pack = read_pack(f"programs/{entry[0]}.toml")[entry[1]]
    for rule in pack["rules"]:
        if _applies(rule, words, pack.get("values", ())):
            return CommandFacts(
                program=program,
                role=rule["role"],
                writes=rule["writes"],
                paths=tuple(rule.get("paths", ())),
                network=rule.get("network", False),
                caches=tuple(rule.get("caches", ())),
                scripted=rule.get("scripted", False),
                source=pack["source"],
            )
    return None


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
    if not words or words[0] is None:
        return words
    return (words[0].rpartition("/")[2] or words[0], *words[1:])


def _step(words: tuple[str | None, ...]) -> tuple[str | None, ...] | None:
    first = words[0]
    if first is None:
        return None
    if _ASSIGNMENT.match(first):
        return words[1:]
    name = first.rpartition("/")[2]
    if name in _TRANSPARENT and len(words) > 1:
        return _after_options(words[1:], _TRANSPARENT[name])
    for runner, values in _RUNNERS.items():
        if name == runner[0] and words[1 : len(runner)] == runner[1:]:
            return _run(name, _after_options(words[len(runner) :], values))
    if name in ("yarn", "pnpm", "bun") and len(words) > 1 and _index().get(words[1] or "", ("",))[0] == "javascript":
        return words[1:]
    if _INTERPRETER.fullmatch(name) and len(words) > 1:
        return _interpreted(name, words)
    return None


def _run(name: str, rest: tuple[str | None, ...]) -> tuple[str | None, ...] | None:
    """Corepack has commands of its own beside the package managers that it runs."""
    if not rest or (name == "corepack" and rest[0] not in _MANAGERS):
        return None
    return rest


def _after_options(words: tuple[str | None, ...], values: Sequence[str]) -> tuple[str | None, ...]:
    position = 0
    while position < len(words):
        word = words[position]
        if word is None or not word.startswith("-"):
            break
        position += 2 if word in values else 1
    return words[position:]


def _interpreted(name: str, words: tuple[str | None, ...]) -> tuple[str | None, ...] | None:
    """``python -m pip`` is pip, ``python manage.py`` is manage.py; ``python app.py`` is the application."""
    rest = words[1:]
    while rest and rest[0] in ("-u", "-O", "-B", "-E", "-s", "-I", "-e", "-x", "-ex", "-eux"):
        rest = rest[1:]
    if not rest or rest[0] is None:
        return None
    if rest[0] == "-m":
        return rest[1:] or None
    script = rest[0].rpartition("/")[2]
    if rest[0].startswith("-") or not _entry(script):
        return None
    return rest if name in _SHELLS or "." in script or script in _SCRIPTS else None


@functools.cache
def _index() -> Mapping[str, tuple[str, str]]:
    files: Mapping[str, list[str]] = read_pack("programs/index.toml")["programs"]
    return {program: (file, program) for file, programs in files.items() for program in programs}


@functools.cache
def _entry(program: str) -> tuple[str, str] | None:
    """Return the file that describes a program, and the name under which it does so."""
    found = _index().get(program)
    if found is None:
        return None
    pack = read_pack(f"programs/{found[0]}.toml")
    if program in pack:
        return found
    owner = next((name for name, entry in pack.items() if program in entry.get("aliases", ())), None)
    return (found[0], owner) if owner else None


def _verdict(kind: str, argv: Words) -> str | None:
    words = resolve(argv)
    if not words or words[0] is None:
        return None
    for rule in read_pack("programs/start.toml")[kind]:
        if words[0] in rule["program"] and _applies(rule, words, ()):
            return f"`{' '.join(word or '?' for word in words[:3])}` {rule['text']}"
    return None


def _applies(rule: Mapping[str, Any], words: Words, values: Sequence[str]) -> bool:
    positional = _positional(words[1:], values)
    sub = positional[0] if positional else ""
    sub2 = positional[1] if len(positional) > 1 else ""
    return (
        ("sub" not in rule or _is_one(sub, rule["sub"]))
        and ("sub2" not in rule or _is_one(sub2, rule["sub2"]))
        and ("any" not in rule or any(_is_one(word, rule["any"]) for word in positional))
        and ("flags" not in rule or any(_is_one(_option(word), rule["flags"]) for word in words[1:]))
        and ("bare" not in rule or not positional)
    )


def _positional(words: Words, values: Sequence[str]) -> list[str | None]:
    found: list[str | None] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word is None or not word.startswith("-"):
            found.append(word)
        else:
            skip = word in values
    return found


def _option(word: str | None) -> str | None:
    """``--output=x`` counts as ``--output``."""
    if word is None or not word.startswith("--"):
        return word
    return word.partition("=")[0]


def _is_one(word: str | None, patterns: Sequence[str]) -> bool:
    return word is not None and any(word == one or fnmatch.fnmatchcase(word, one) for one in patterns)
