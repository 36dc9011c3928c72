"""The commands in a piece of shell text, flattened: enough to say which programs it may run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MAX_SCRIPT = 1 << 18


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """One simple command. A word is None when only the shell can know it."""

    words: tuple[str | None, ...]
    assignments: Mapping[str, str | None]
    offset: int
    """Where it starts in the text."""
    written: tuple[str, ...]
    """The words as written, quotes and dollars and all."""
    writes_to: tuple[str | None, ...] = ()
    """Files that redirections write."""

    @property
    def name(self) -> str | None:
        return self.words[0] if self.words else None

    @property
    def arguments(self) -> tuple[str | None, ...]:
        return self.words[1:]


@dataclass(frozen=True, slots=True)
class ShellCommands:
    """All commands, those in branches, functions and substitutions included, in the order of the text."""

    commands: tuple[ShellCommand, ...]
    functions: frozenset[str]
    understood: bool
    """False when the text could not be read with certainty; ``commands`` is then empty."""


def shell_commands(text: str) -> ShellCommands:
    """Read shell text. Commands without words (bare assignments) are left out."""
    from dfmigrate_grammar.shell import parse_script

    if len(text) > MAX_SCRIPT:
        return ShellCommands((), frozenset(), False)
    script = parse_script(text)
    if script.opaque is not None:
        return ShellCommands((), frozenset(), False)
    commands: list[ShellCommand] = []
    functions: set[str] = set()
    understood = True
    for node in _nodes(script.body):
        kind = type(node).__name__
        if kind == "Simple" and node.words:
            commands.append(_command(node))
        elif kind == "Function":
            functions.add(node.name)
        elif kind == "Substitution" and node.opaque:
            understood = False
    commands.sort(key=lambda command: command.offset)
    return ShellCommands(tuple(commands) if understood else (), frozenset(functions), understood)


def _command(node: Any) -> ShellCommand:
    return ShellCommand(
        words=node.argv,
        assignments={assignment.name: assignment.value.literal for assignment in node.assignments},
        offset=node.span[0],
        written=tuple(word.text for word in node.words),
        writes_to=tuple(
            redirect.target.literal for redirect in node.redirects if redirect.operator in (">", ">>", ">|", "&>")
        ),
    )


def _nodes(root: object) -> Iterator[Any]:
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif dataclasses.is_dataclass(node) and not isinstance(node, type):
            yield node
            pending.extend(getattr(node, field.name) for field in dataclasses.fields(node))
