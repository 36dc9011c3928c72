"""The commands of a RUN, each with its role and what it writes, as far as its text proves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dfmigrate.knowledge.command_line import Place
from dfmigrate.knowledge.programs import CommandFacts, handed_over, resolve, role
from dfmigrate.knowledge.system import variables_of
from dfmigrate_grammar import ExpansionError, Instruction, expand
from dfmigrate_grammar.shell import Parameter, Placed, Script, Word

from .checks import only_looks
from .files import Kind, Origin, Write
from .image import Config
from .virtualenv import activated, moved_to_environment, named_environment, replace_path

_Places = tuple[tuple[tuple[str, Kind], ...], str | None]

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
    spelled: tuple[str, ...] = ()
    """For each word of ``argv`` the word of the text that it came from: ``$PACKAGES`` may stand for several."""

    @property
    def program(self) -> str | None:
        return self.argv[0].rpartition("/")[2] if self.argv and self.argv[0] else None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a RUN does; ``opaque`` when its script as a whole was not understood."""

    actions: tuple[Action, ...]
    opaque: str | None = None
    script: Script | None = None
    prefixes: tuple[str | None, ...] = ()
    """Where ``configure --prefix`` and its like, here or in an earlier RUN, told ``make install`` to put things."""


def read_run(
    instruction: Instruction,
    config: Config,
    arguments: Mapping[str, str | None],
    line: int,
    prefixes: tuple[str | None, ...] = (),
) -> Reading:
    """The commands of one RUN instruction under the configuration that it starts with.

    ``prefixes`` are those of the reading before.
    """
    if instruction.json is not None:
        argv: tuple[str | None, ...] = instruction.json
        values = _Variables.of(config, arguments)
        return Reading(
            (_action(argv, " ".join(instruction.json), (0, 0), config.workdir, values, config, line, True),),
            prefixes=prefixes,
        )
    script = instruction.script
    if script is None:
        return Reading((), opaque="the command could not be read", prefixes=prefixes)
    if config.shell[0].rpartition("/")[2] not in ("sh", "bash", "ash", "dash"):
        return Reading(
            (),
            opaque=f"the shell {config.shell[0]} is not one whose language is known here",
            script=script,
            prefixes=prefixes,
        )
    if script.opaque is not None:
        return Reading((), opaque=script.opaque, script=script, prefixes=prefixes)
    known = _Variables.of(config, arguments)
    actions: list[Action] = []
    cwd = config.workdir
    before: Placed | None = None
    for placed in script.commands:
        action = _placed(placed, script.text, cwd, known, config, line, before)
        action = _installing(action, prefixes, config)
        before = placed
        actions.append(action)
        prefixes = (*prefixes, *_prefixes(action))
        for name, value in _assigned(placed):
            known = known.given({name: value})
        if action.program == "cd" and not placed.subshell:
            cwd = _moved(action, cwd) if placed.guaranteed else None
        # What it sets may hide a value that is known.
        known = known.given(dict.fromkeys(_described(action.argv)))
        entered = activated(action.argv, cwd)
        if entered is not None and placed.guaranteed and not placed.subshell:
            config = replace_path(config, entered)
    return Reading(tuple(actions), None, script, prefixes)


@dataclass(frozen=True, slots=True)
class _Variables:
    """The variables of a shell: those whose value is known, and the names of others that are set."""

    known: Mapping[str, str]
    unknown: frozenset[str]

    @staticmethod
    def of(config: Config, arguments: Mapping[str, str | None]) -> _Variables:
        home = {"HOME": "/root"} if config.is_root else {}
        return _Variables({}, frozenset()).given({**home, **config.environment, **arguments})

    def given(self, values: Mapping[str, str | None]) -> _Variables:
        """The same with these variables set; None stands for an unknown value."""
        old = {name: value for name, value in self.known.items() if name not in values}
        new = {name: value for name, value in values.items() if value is not None}
        return _Variables({**old, **new}, (self.unknown - set(new)) | (set(values) - set(new)))


def _prefixes(action: Action) -> tuple[str | None, ...]:
    """Where a later installation is told to go; None where the words that say so are not literal."""
    if action.facts is None:
        return ()
    hidden = None in action.argv and "prefix" in action.text.lower() and action.facts.takes_prefix
    return (*action.facts.prefix, *((None,) if hidden else ()))


def _installing(action: Action, prefixes: tuple[str | None, ...], config: Config) -> Action:
    """``make install`` writes to the prefixes too."""
    if action.facts is None or not action.facts.installs or not prefixes:
        return action
    origin = Origin("run", action.text, action.line)
    known = [posixpath.normpath(prefix) for prefix in prefixes if prefix is not None and prefix.startswith("/")]
    why = "it installs to a prefix that is not known" if len(known) < len(prefixes) else None
    writes = tuple(Write(path, Kind.TREE, origin, config.user, certain=action.certain) for path in known)
    return replace(action, writes=(*action.writes, *writes), opaque=action.opaque or why)


def _placed(
    placed: Placed,
    script: str,
    cwd: str | None,
    known: _Variables,
    config: Config,
    line: int,
    before: Placed | None = None,
) -> Action:
    simple = placed.simple
    # Inside a subshell `cd` may have moved; only the outermost chain has a directory that is known.
    here = cwd if not placed.subshell or placed.substituted else (cwd if placed.piped else None)
    fields = [(field, word.text) for word in simple.words for field in _fields(word, known.known)]
    argv = tuple(field for field, _ in fields)
    text = script[simple.span[0] : simple.span[1]]
    if before is not None and placed.piped and script[before.span[1] : simple.span[0]].strip() == "|":
        argv = tuple(handed_over(before.argv, argv) or argv)
    own = known.given(dict(_pairs(placed)))
    shown = tuple(field if field is not None else _pattern(word) for field, word in fields)
    action = _action(argv, text, simple.span, here, own, config, line, placed.guaranteed, shown)
    # Of a known command only the words at the end are left.
    spelled = tuple(word for _, word in fields)[len(fields) - len(action.argv) :]
    action = replace(action, spelled=spelled)
    redirected: list[Write] = []
    opaque = action.opaque
    for redirect in simple.redirects:
        if redirect.operator not in (">", ">>", ">|", "&>", "&>>", "<>"):
            continue
        path = _absolute(_value(redirect.target, known.known), here)
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
    known: _Variables,
    config: Config,
    line: int,
    certain: bool,
    shown: tuple[str | None, ...] = (),
) -> Action:
    if not argv:
        return Action((), text, "inspection", cwd, span, line, certain=certain)
    if argv[0] in _SHELL_ONLY or _described(argv) or activated(argv, cwd) is not None:
        return Action(argv, text, "inspection", cwd, span, line, certain=certain)
    if only_looks(text):
        return Action(argv, text, "inspection", cwd, span, line, certain=certain)
    facts = role(argv)
    if facts is None:
        name = posixpath.basename(argv[0]) if argv[0] else None
        why = f"`{name}` is not a command whose effects are known" if name else "a command's name is not literal"
        return Action(argv, text, "unknown", cwd, span, line, opaque=why, certain=certain)
    if shown and facts.targets is not None and any(path is None for path, _ in facts.targets):
        # What fits a pattern lies in the folder that the pattern names.
        facts = replace(facts, targets=_folders_of_patterns(role(shown) or facts))
    words = resolve(argv)
    targets, opaque = _targets(words, facts, cwd, known, replace_path(config, named_environment(argv, cwd)))
    origin = Origin("run", text, line)
    writes = tuple(Write(path, kind, origin, config.user, certain=certain) for path, kind in targets)
    return Action(words, text, facts.role, cwd, span, line, writes, opaque, certain, facts)


def _pattern(word: str) -> str | None:
    """An absolute path with wildcards in its last part alone, as written."""
    return word if re.fullmatch(r"/(?:[\w.+-]+/)+[\w.+*?-]+", word) else None


def _folders_of_patterns(facts: CommandFacts) -> tuple[Place, ...]:
    return tuple(
        (posixpath.dirname(path), "tree") if path is not None and re.search(r"[*?]", path) else (path, kind)
        for path, kind in facts.targets or ()
    )


def _described(argv: tuple[str | None, ...]) -> frozenset[str]:
    """The variables that ``. /etc/os-release`` sets; empty for every other command."""
    return variables_of(argv[1] or "") if len(argv) == 2 and argv[0] in (".", "source") else frozenset()


def _targets(
    argv: tuple[str | None, ...], facts: CommandFacts, cwd: str | None, known: _Variables, config: Config
) -> _Places:
    """The paths that a known command writes, or why they are not known."""
    if facts.role == "system-packages" and None in argv:
        return (), f"the packages that `{argv[0]}` is told are not literal"
    if facts.role in ("system-packages", "cleanup") or facts.writes == "none":
        return (), None
    if facts.writes == "environment":
        return (), f"where `{argv[0]}` installs is not known"
    if facts.writes == "system":
        why = None if facts.role == "configuration" else f"`{argv[0]}` writes to the system in ways that are not known"
        return (), why
    base = _absolute(facts.folder, cwd) if facts.folder != "" else cwd
    if facts.writes == "paths":
        named: tuple[Place, ...] = tuple((path, "tree") for path in moved_to_environment(facts.paths, config))
    elif facts.writes == "home":
        named = (("~", "tree"),)
    elif facts.writes == "project":
        named = ((".", "tree"),)
    elif facts.targets is None:
        return (), f"the paths that `{argv[0]}` writes are not literal"
    else:
        named = facts.targets
    are_set = (name for name in facts.elsewhere if name in known.known or name in known.unknown)
    elsewhere = tuple((f"${{{name}:-}}", "tree") for name in are_set)
    return _places((*named, *elsewhere), argv[0], base, known, config)


def _places(
    named: tuple[Place, ...],
    program: str | None,
    base: str | None,
    known: _Variables,
    config: Config,
) -> _Places:
    found = []
    for name, kind in named:
        place = _with_variable(name, known) if name is not None else None
        if place == "":
            continue
        if place is not None and place.startswith("~"):
            if not config.is_root:
                return (), "it writes below a home directory that is not known"
            place = "/root" + place[1:]
        path = _absolute(place, base)
        if path is None:
            why = (
                "its working directory is unknown" if name == "." else f"the path that `{program}` writes is not known"
            )
            return (), why
        found.append((path, Kind[kind.upper()] if kind != "folder" else Kind.DIRECTORY))
    return tuple(found), None


def _with_variable(path: str, known: _Variables) -> str | None:
    """``${GOPATH:-~/go}/bin`` of a pack, with the variable's value; None when it is set to something unknown.

    ``!NODE_VERSION /usr/bin`` is "" where the variable, by which the official image is known, is set.
    """
    unless = re.match(r"!(\w+) (.+)", path)
    if unless is not None:
        return "" if unless[1] in known.known or unless[1] in known.unknown else unless[2]
    found = re.match(r"\$\{(\w+):-([^}]*)\}", path)
    if found is None:
        return path
    name, default = found[1], found[2]
    # An image of which nothing is known, not even its PATH, may set the variable.
    hidden = name in known.unknown or (name not in known.known and "PATH" in known.unknown)
    return None if hidden else known.known.get(name, default) + path[found.end() :]


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


def _fields(word: Word, known: Mapping[str, str]) -> tuple[str | None, ...]:
    """What the shell makes of a word: one without quotes is split at spaces once its variables are filled in."""
    value = _value(word, known)
    if value is None or word.literal is not None or not re.search(r"\s", value):
        return (value,) if value != "" or word.literal is not None or '"' in word.text else ()
    if '"' in word.text or "'" in word.text:
        return (value,)
    plain = re.fullmatch(r"\$(\w+|\{\w+\})", word.text) is not None and not re.search(r"[*?\[\\]", value)
    return tuple(value.split()) if plain else (None,)


def _assigned(placed: Placed) -> list[tuple[str, str | None]]:
    """Variables that a bare assignment or ``export`` sets for the commands after it."""
    simple = placed.simple
    if simple.words and simple.words[0].literal == "export":
        pairs = [
            (w.text.partition("=")[0], w.literal.partition("=")[2] if w.literal else None)
            for w in simple.words[1:]
            if "=" in w.text
        ]
    else:
        pairs = [] if simple.words else _pairs(placed)
    return [(name, value if placed.guaranteed else None) for name, value in pairs]


def _pairs(placed: Placed) -> list[tuple[str, str | None]]:
    """The assignments of a command."""
    return [
        (each.name, each.value.literal if each.operator == "=" and each.subscript is None else None)
        for each in placed.simple.assignments
    ]
