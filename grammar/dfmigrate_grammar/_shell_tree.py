"""What a shell script is made of. Every node knows its exact place in the script's text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written; `literal` is its value when the shell would change nothing but the quotes."""

    text: str
    span: Span
    literal: str | None
    parts: tuple[Part, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The parameters that the word refers to, outside its command substitutions."""
        return tuple(_variables(self.parts))


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(...)`, backquotes, `<(...)` or `>(...)`; `body` is None when it is empty or, if `opaque`, not understood."""

    span: Span
    opening: str
    body: List_ | None
    opaque: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name` or `${name}`, with what stands before (`#`, `!`) and after (`:-default`) the name in the braces."""

    span: Span
    name: str
    prefix: str = ""
    operation: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((...))`, or the inside of `((...))`; `names` are the variables that it names without a dollar."""

    span: Span
    names: tuple[str, ...]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Array:
    """`(...)` as the value of an assignment."""

    span: Span
    words: tuple[Word, ...]


Part: TypeAlias = Substitution | Parameter | Arithmetic | Array


@dataclass(frozen=True, slots=True)
class Heredoc:
    """The lines of a heredoc of the shell; `span` leaves out the closing line."""

    span: Span
    text: str
    delimiter: str
    expands: bool
    strips_tabs: bool
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirection; `fd` is the number or `{name}` written before the operator."""

    span: Span
    fd: str | None
    operator: str
    target: Word
    heredoc: Heredoc | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name=value`, `name+=value` or `name[subscript]=value`; an array is one `Array` part of the value."""

    span: Span
    name: str
    operator: str
    value: Word
    subscript: Word | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """Assignments, words and redirections: at least one of them."""

    span: Span
    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]

    @property
    def argv(self) -> tuple[str | None, ...]:
        """The value of each word, None where only the shell can know."""
        return tuple(word.literal for word in self.words)

    @property
    def name(self) -> str | None:
        """The command as called, without taking off its folder; None when unknown or when there is none."""
        return self.words[0].literal if self.words else None


@dataclass(frozen=True, slots=True)
class Group:
    """`{ ...; }`."""

    span: Span
    body: List_
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Subshell:
    """`( ... )`."""

    span: Span
    body: List_
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition and what runs when it holds."""

    condition: List_
    body: List_


@dataclass(frozen=True, slots=True)
class If:
    """`if`, each `elif`, and `else`."""

    span: Span
    branches: tuple[Branch, ...]
    otherwise: List_ | None
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`for` or `select`; `words` is None without `in`, `header` is that of `for ((;;))`, which has no variable."""

    span: Span
    keyword: str
    variable: str | None
    words: tuple[Word, ...] | None
    header: Arithmetic | None
    body: List_
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`while` or `until`."""

    span: Span
    keyword: str
    condition: List_
    body: List_
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """The patterns of a `case`, what they run, and the `;;` that ends it (empty when left out)."""

    patterns: tuple[Word, ...]
    body: List_ | None
    terminator: str


@dataclass(frozen=True, slots=True)
class Case:
    """`case ... esac`."""

    span: Span
    subject: Word
    arms: tuple[Arm, ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function's definition; the redirections after it belong to its body."""

    span: Span
    name: str
    body: Command


@dataclass(frozen=True, slots=True)
class Test:
    """`[[ ... ]]`, its words and its operators other than words left out."""

    span: Span
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class ArithmeticCommand:
    """`((...))`."""

    span: Span
    expression: Arithmetic
    redirects: tuple[Redirect, ...]


Compound: TypeAlias = Group | Subshell | If | For | Loop | Case | Function | Test | ArithmeticCommand
Command: TypeAlias = Simple | Compound


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by `|` or `|&`; mostly one command alone."""

    span: Span
    commands: tuple[Command, ...]
    operators: tuple[str, ...] = ()
    negated: bool = False
    timed: bool = False


@dataclass(frozen=True, slots=True)
class AndOr:
    """Pipelines joined by `&&` or `||`, and what ends them: `;`, `&`, a newline, or nothing."""

    span: Span
    pipelines: tuple[Pipeline, ...]
    operators: tuple[str, ...]
    terminator: str


@dataclass(frozen=True, slots=True)
class List_:
    """One and-or list after the other; `span` leaves out the last terminator."""

    span: Span
    items: tuple[AndOr, ...]


@dataclass(frozen=True, slots=True)
class Bashism:
    """A construct that a POSIX shell refuses or, worse, reads as something else."""

    what: str
    span: Span


def _variables(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Parameter):
            yield part.name
            yield from _variables(part.parts)
        elif isinstance(part, Arithmetic):
            yield from part.names
            yield from _variables(part.parts)
        elif isinstance(part, Array):
            for word in part.words:
                yield from _variables(word.parts)
