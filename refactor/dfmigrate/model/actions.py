"""The commands of a RUN, each with its role and what it writes, as far as its text proves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dfmigrate.knowledge.programs import CommandFacts, resolve, role
from dfmigrate_grammar import ExpansionError, Instruction, expand
from dfmigrate_grammar.shell import Parameter, Placed, Script, Word

from .destinations import destinations
from .files import Kind, Origin, Write
from .image import Config

# Words that only change how the shell itself goes on.
_SHELL_ONLY = frozenset(
    {"set", ":", "true", "export", "cd", "test", "[", "umask", "wait", "exit", "hash", "shopt", "unset"}
)


@dataclass(frozen=True, slots=True)
class Action:
    """One simple command of a RUN."""

    argv: tuple[str | None, ...]
    """The words after expansion of the ENV and ARG values that are known; None where a word depends on anything else.
    Of a known command only those from the program that does the work on: ``sudo python -m pip install`` starts with
    pip."""
    text: str
    role: str
    """A role of ``knowledge.programs``, or ``unknown``."""
    cwd: str | None
    span: tuple[int, int]
    """Place in the script's text."""
    line: int
    writes: tuple[Write, ...] = ()
    opaque: str | None = None
    """Why it may have written anywhere; None when ``writes`` is all."""
    certain: bool = True
    """False inside a condition, a loop, or after ``||``."""
    facts: CommandFacts | None = None

    @property
    def program(self) -> str | None:
        return posixpath.basename(self.argv[0]) if self.argv and self.argv[0] else None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a RUN does; ``opaque`` when its script as a whole was not understood."""

    actions: tuple[Action, ...]
    opaque: str | None = None
    script: Script | None = None


def read_run(instruction: Instruction, config: Config, arguments: Mapping[str, str | None], line: int) -> Reading:
    """The commands of one RUN instruction under the configuration that it starts with."""
    if instruction.json is not None:
        argv: tuple[str | None, ...] = instruction.json
        return Reading((_action(argv, " ".join(instruction.json), (0, 0), config.workdir, config, line, True),))
    script = instruction.script
    if script is None:
        return Reading((), opaque="the command could not be read")
    if config.shell[0].rpartition("/")[2] not in ("sh", "bash", "ash", "dash"):
        return Reading((), opaque=f"the shell {config.shell[0]} is not one whose language is known here", script=script)
    if script.opaque is not None:
        return Reading((), opaque=script.opaque, script=script)
    known = {name: value for name, value in {**config.environment, **arguments}.items() if value is not None}
    home = known.get("HOME", "/root" if config.is_root else None)
    if home is not None:
        known["HOME"] = home
    actions: list[Action] = []
    cwd = config.workdir
    for placed in script.commands:
        action = _placed(placed, script.text, cwd, known, config, line)
        actions.append(action)
        for name, value in _assigned(placed):
            if value is None:
                known.pop(name, None)
            else:
                known[name] = value
        if action.program == "cd" and not placed.subshell:
            cwd = _moved(action, cwd) if placed.guaranteed else None
    return Reading(tuple(actions), script=script)


def _placed(
    placed: Placed, script: str, cwd: str | None, known: Mapping[str, str], config: Config, line: int
) -> Action:
    simple = placed.simple
    # Inside a subshell `cd` may have moved; only the outermost chain has a directory that is known.
    here = cwd if not placed.subshell or placed.substituted else (cwd if placed.piped else None)
    argv = tuple(_value(word, known) for word in simple.words)
    text = script[simple.span[0] : simple.span[1]]
    action = _action(argv, text, simple.span, here, config, line, placed.guaranteed)
    redirected: list[Write] = []
    opaque = action.opaque
    for redirect in simple.redirects:
        if redirect.operator not in (">", ">>", ">|", "&>", "&>>", "<>"):
            continue
        path = _absolute(_value(redirect.target, known), here)
        if path is None:
            opaque = opaque or "it redirects its output to a path that is not literal"
        elif not path.startswith("/dev/"):
            redirected.append(Write(path, Kind.FILE, Origin("run", text, line), config.user))
    return replace(action, writes=(*action.writes, *redirected), opaque=opaque)


def _action(
    argv: tuple[str | None, ...],
    text: str,
    span: tuple[int, int],
    cwd: str | None,
    config: Config,
    line: int,
    certain: bool,
) -> Action:
    if not argv:
        return Action((), text, "inspection", cwd, span, line, certain=certain)
    name = posixpath.basename(argv[0]) if argv[0] else None
    if name in _SHELL_ONLY:
        return Action(argv, text, "inspection", cwd, span, line, certain=certain)
    facts = role(argv)
    if facts is None:
        why = f"`{name}` is not a command whose effects are known" if name else "a command's name is not literal"
        return Action(argv, text, "unknown", cwd, span, line, opaque=why, certain=certain)
    words = resolve(argv)
    targets, opaque = _targets(words, facts, cwd, config)
    origin = Origin("run", text, line)
    writes = tuple(Write(path, kind, origin, config.user, certain=certain) for path, kind in targets)
    return Action(words, text, facts.role, cwd, span, line, writes, opaque, certain, facts)


def _targets(
    argv: tuple[str | None, ...], facts: CommandFacts, cwd: str | None, config: Config
) -> tuple[tuple[tuple[str, Kind], ...], str | None]:
    """The paths that a known command writes, or why they are not known."""
    if facts.role == "system-packages" and None in argv:
        return (), f"the packages that `{argv[0]}` is told are not literal"
    if facts.role in ("system-packages", "cleanup") or facts.writes == "none":
        return (), None
    if facts.writes == "system":
        why = None if facts.role == "configuration" else f"`{argv[0]}` writes to the system in ways that are not known"
        return (), why
    if facts.writes == "paths":
        environment = _virtual_environment(config) if facts.program.startswith("pip") else None
        return _known_paths((environment,) if environment is not None else facts.paths, config)
    if facts.writes == "home":
        return _known_paths(("~",), config)
    if facts.writes == "arguments":
        named = destinations(argv)
        if named is not None:
            return _named_paths(named, argv[0], cwd)
        if facts.role == "file-operation" or facts.role == "download":
            return (), f"the paths that `{argv[0]}` writes are not literal"
    if cwd is None:
        return (), "its working directory is unknown"
    return ((cwd, Kind.TREE),), None


def _virtual_environment(config: Config) -> str | None:
    """The Python environment whose ``pip`` is found first: a folder of its own ahead of the system's on PATH."""
    first = (config.search_path or ("/usr/local/bin",))[0]
    folder, _, name = first.rpartition("/")
    return folder if name == "bin" and folder not in ("", "/usr", "/usr/local") else None


def _known_paths(paths: tuple[str, ...], config: Config) -> tuple[tuple[tuple[str, Kind], ...], str | None]:
    if any(path.startswith("~") for path in paths) and not config.is_root:
        return (), "it writes below a home directory that is not known"
    return tuple((path.replace("~", "/root", 1) if path.startswith("~") else path, Kind.TREE) for path in paths), None


def _named_paths(
    named: tuple[tuple[str, Kind], ...], program: str | None, cwd: str | None
) -> tuple[tuple[tuple[str, Kind], ...], str | None]:
    found = []
    for name, kind in named:
        path = _absolute(name, cwd)
        if path is None:
            return (), f"the path that `{program}` writes is not known"
        found.append((path, kind))
    return tuple(found), None


def _absolute(path: str | None, cwd: str | None) -> str | None:
    if path is None:
        return None
    if path.startswith("/"):
        return posixpath.normpath(path)
    return None if cwd is None else posixpath.normpath(posixpath.join(cwd, path))


def _moved(action: Action, cwd: str | None) -> str | None:
    if len(action.argv) < 2:
        return "/root"
    return _absolute(action.argv[1], cwd) if action.argv[1] != "-" else None


def _value(word: Word, known: Mapping[str, str]) -> str | None:
    """The word's value; expanded where nothing but known ENV and ARG values goes into it."""
    if word.literal is not None:
        return word.literal
    if not all(isinstance(part, Parameter) and not part.operation and not part.prefix for part in word.parts):
        return None
    if (
        not word.parts
        or any(name not in known for name in word.variables)
        or re.search(r"[*?\[{~]", re.sub(r"\$\{\w+\}", "", word.text))
    ):
        return None
    try:
        return expand(word.text, known)
    except ExpansionError:
        return None


def _assigned(placed: Placed) -> list[tuple[str, str | None]]:
    """Variables that a bare assignment or ``export`` sets for the commands after it."""
    simple = placed.simple
    if simple.words and simple.words[0].literal == "export":
        pairs = [
            (w.text.partition("=")[0], w.literal.partition("=")[2] if w.literal else None)
            for w in simple.words[1:]
            if "=" in w.text
        ]
    elif simple.words:
        return []
    else:
        pairs = [
            (a.name, a.value.literal if a.operator == "=" and a.subscript is None else None) for a in simple.assignments
        ]
    return [(name, value if placed.guaranteed else None) for name, value in pairs]
