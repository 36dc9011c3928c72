"""The commands of a shell script, each with its exact place.

What is read is POSIX shell with bash's additions. The text is that which the shell gets: the builder's line
continuations are gone. A script that cannot be read with certainty is opaque; nothing here raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ._shell_commands import read_list
from ._shell_cursor import END, Cursor, Opaque, next_token
from ._shell_places import Placed, placed_commands
from ._shell_tree import (
    AndOr,
    Arithmetic,
    ArithmeticCommand,
    Arm,
    Array,
    Assignment,
    Bashism,
    Branch,
    Case,
    Command,
    Compound,
    For,
    Function,
    Group,
    Heredoc,
    If,
    List_,
    Loop,
    Parameter,
    Part,
    Pipeline,
    Redirect,
    Simple,
    Span,
    Subshell,
    Substitution,
    Test,
    Word,
)

__all__ = [
    "AndOr",
    "Arithmetic",
    "ArithmeticCommand",
    "Arm",
    "Array",
    "Assignment",
    "Bashism",
    "Branch",
    "Case",
    "Command",
    "Compound",
    "For",
    "Function",
    "Group",
    "Heredoc",
    "If",
    "Link",
    "List_",
    "Loop",
    "Parameter",
    "Part",
    "Pipeline",
    "Placed",
    "Redirect",
    "Script",
    "Simple",
    "Span",
    "Subshell",
    "Substitution",
    "Test",
    "Word",
    "parse_script",
]

_blank = re.compile(r"(?:[ \t]|\\\n)*+").match


@dataclass(frozen=True, slots=True)
class Link:
    """A member of a chain: one command, or a pipeline of several; and the operator after it, if any."""

    command: Command | Pipeline
    operator: str
    operator_span: Span

    @property
    def span(self) -> Span:
        """The member's place, without the operator."""
        return self.command.span


@dataclass(frozen=True, slots=True)
class Script:
    """A script as read. `opaque` says why it could not be; a script without commands has no body either."""

    text: str
    body: List_ | None
    opaque: str | None = None
    bashisms: tuple[Bashism, ...] = ()

    @property
    def commands(self) -> tuple[Placed, ...]:
        """Every simple command, those in substitutions too, in the order of the text."""
        return placed_commands(self.body) if self.body else ()

    @property
    def chain(self) -> tuple[Link, ...] | None:
        """The members of a script that is only `a && b && c`, or only `a; b; c` (a newline counts as `;`)."""
        if self.body is None:
            return None
        items = self.body.items
        if len(items) == 1:
            if any(operator != "&&" for operator in items[0].operators) or items[0].terminator == "&":
                return None
            operators = (*items[0].operators, items[0].terminator)
            return self._links(items[0].pipelines, operators)
        if any(len(item.pipelines) > 1 or item.terminator == "&" for item in items):
            return None
        return self._links(tuple(item.pipelines[0] for item in items), tuple(item.terminator for item in items))

    def _links(self, pipelines: tuple[Pipeline, ...], operators: tuple[str, ...]) -> tuple[Link, ...]:
        links: list[Link] = []
        for pipeline, operator in zip(pipelines, operators, strict=True):
            bare = len(pipeline.commands) == 1 and not pipeline.negated and not pipeline.timed
            start = self._operator_start(pipeline.span[1], operator)
            links.append(Link(pipeline.commands[0] if bare else pipeline, operator, (start, start + len(operator))))
        return tuple(links)

    def _operator_start(self, end: int, operator: str) -> int:
        if operator == "\n":
            return self.text.index("\n", end)
        blank = _blank(self.text, end)
        return blank.end() if blank and operator else end


def parse_script(text: str) -> Script:
    """Read a shell script."""
    if "\0" in text:
        return Script(text, None, "a NUL character")
    token = next_token(text)
    assert token is not None
    cursor = Cursor(text, read_list, token, len(text))
    try:
        body = read_list(cursor)
    except Opaque as reason:
        return Script(text, None, str(reason))
    except RecursionError:
        return Script(text, None, "nested too deeply")
    if cursor.token.lastindex != END:
        return Script(text, None, f"`{cursor.token[0].strip()}` where a command should be")
    return Script(text, body, None, tuple(cursor.bashisms))
