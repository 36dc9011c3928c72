"""The simple commands that a start command consists of, behind wrappers, shells and ``cd``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from dfmigrate.knowledge.languages import is_shell
from dfmigrate.knowledge.programs import started_by
from dfmigrate_grammar import ExpansionError, expand
from dfmigrate_grammar.shell import Word, parse_script

from .image import Command, Config
from .node_scripts import Argv

_BUILTINS = frozenset(
    {"exit", "cd", "export", "set", "[", "test", "true", "false", "echo", "wait", "trap", ":", "read"}
)
_BUILTINS |= {"printf", "ulimit", "umask", "unset", "shift", "return", "local", "sleep"}
_DEPTH = 4


def commands_of(command: Command, config: Config) -> tuple[Argv, ...] | None:
    """The simple commands of a process; None when its shell text was not understood."""
    if command.argv is not None:
        return leads_to(command.argv, config, 0)
    return script_commands(command.text, config, 0)


def leads_to(argv: Argv, config: Config, depth: int) -> tuple[Argv, ...] | None:
    """The commands behind wrappers and shells; None when one of them is not literal or a script is not understood."""
    argv = started_by(argv)
    name = posixpath.basename(argv[0]) if argv and argv[0] is not None else None
    if name == "find" and any(word in ("-exec", "-execdir", "-ok") for word in argv):
        return None
    if name in ("eval", "source", "."):
        return None
    if name is not None and re.match(r"\[[^\[]", name):
        # A list with single quotes is no JSON but shell form, and names a program that nobody has.
        return None
    if name is None or not is_shell(name):
        return (argv,) if argv else ()
    rest = list(argv[1:])
    while rest:
        word = rest.pop(0)
        if word is None:
            return None
        if word.startswith("-") and not word.startswith("--") and "c" in word:
            return script_commands(rest[0], config, depth + 1) if rest and rest[0] is not None else None
        if not word.startswith(("-", "+")):
            # A script: what it calls is looked up where the project's files are known.
            return ((argv[0], word),)
    return (argv,)


def script_commands(text: str, config: Config, depth: int) -> tuple[Argv, ...] | None:
    """The commands of a shell's text; None when it was not understood."""
    script = parse_script(text)
    if script.opaque is not None or depth > _DEPTH:
        return None
    known = {name: value for name, value in config.environment.items() if value is not None}
    found: list[Argv] = []
    folder = ""
    for command in script.commands:
        argv = tuple(_value(word, known) for word in command.simple.words)
        if argv[:1] == ("cd",):
            target = argv[1] if len(argv) == 2 else None
            if target is None:
                return None
            folder = posixpath.join(folder, target)
        if not argv or argv[0] in _BUILTINS:
            continue
        if folder and argv[0] is not None and "/" in argv[0] and not argv[0].startswith("/"):
            argv = (posixpath.join(folder, argv[0]), *argv[1:])
        led = leads_to(argv, config, depth + 1)
        if led is None:
            return None
        found.extend(led)
    return tuple(found)


def _value(word: Word, known: Mapping[str, str]) -> str | None:
    if word.literal is not None:
        return word.literal
    plain = "$(" not in word.text and "`" not in word.text
    if plain and word.variables and all(name in known for name in word.variables):
        try:
            return expand(word.text, known)
        except ExpansionError:
            return None
    return None
