"""Where each simple command of a script stands, and what that says about whether it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ._shell_proofs import always_fails, proven_commands
from ._shell_tree import (
    AndOr,
    Arithmetic,
    ArithmeticCommand,
    Array,
    Case,
    Command,
    For,
    Function,
    Group,
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
    Test,
    Word,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A simple command and where it stands.

    conditional: that it runs, or that its success matters, is not certain: beside `||`, under `!`, in the background,
        or inside if, case, a loop or a function. (`a || exit 1` leaves `a` unconditional.)
    piped: it is one of several commands of a pipeline, or inside one.
    subshell: it runs in a subshell: `(...)`, a pipeline, the background, a substitution.
    substituted: it stands inside a substitution.
    proven: when the script ends with success, this command has run and has succeeded.
    """

    simple: Simple
    conditional: bool = False
    piped: bool = False
    subshell: bool = False
    substituted: bool = False
    proven: bool = False

    @property
    def guaranteed(self) -> bool:
        """Whether it is a link of the outermost `&&`, `;` chain: it runs unless something before it failed."""
        return not (self.conditional or self.piped or self.subshell)

    @property
    def name(self) -> str | None:
        """The command as called."""
        return self.simple.name

    @property
    def argv(self) -> tuple[str | None, ...]:
        """The value of each word."""
        return self.simple.argv

    @property
    def span(self) -> Span:
        """Its place in the script."""
        return self.simple.span


@dataclass(frozen=True, slots=True)
class _Place:
    conditional: bool = False
    piped: bool = False
    subshell: bool = False
    substituted: bool = False


def placed_commands(body: List_) -> tuple[Placed, ...]:
    """Every simple command, in the order of the text."""
    proven = proven_commands(body)
    placed = [
        Placed(simple, at.conditional, at.piped, at.subshell, at.substituted, id(simple) in proven)
        for simple, at in _list(body, _Place())
    ]
    return tuple(sorted(placed, key=lambda one: one.simple.span[0]))


_Found = Iterator[tuple[Simple, _Place]]


def _list(body: List_ | None, at: _Place) -> _Found:
    if body is None:
        return
    for item in body.items:
        place = replace(at, conditional=True, subshell=True) if item.terminator == "&" else at
        yield from _and_or(item, place)


def _and_or(item: AndOr, at: _Place) -> _Found:
    conditional = replace(at, conditional=True)
    or_fails = [
        operator == "||" and always_fails(pipeline)
        for operator, pipeline in zip(item.operators, item.pipelines[1:], strict=True)
    ]
    certain = all(operator == "&&" or fails for operator, fails in zip(item.operators, or_fails, strict=True))
    for pipeline, only_to_fail in zip(item.pipelines, (False, *or_fails), strict=True):
        yield from _pipeline(pipeline, at if certain and not only_to_fail else conditional)


def _pipeline(pipeline: Pipeline, at: _Place) -> _Found:
    if pipeline.negated:
        at = replace(at, conditional=True)
    if len(pipeline.commands) > 1:
        at = replace(at, piped=True, subshell=True)
    for command in pipeline.commands:
        yield from _command(command, at)


def _command(command: Command, at: _Place) -> _Found:
    if isinstance(command, Simple):
        yield command, at
        for assignment in command.assignments:
            yield from _words((assignment.subscript,) if assignment.subscript else (), at)
            yield from _words((assignment.value,), at)
        yield from _words(command.words, at)
        yield from _redirects(command.redirects, at)
        return
    if isinstance(command, Function):
        yield from _command(command.body, replace(at, conditional=True))
        return
    yield from _compound(command, at)
    yield from _redirects(command.redirects, at)


def _compound(command: Group | Subshell | If | For | Loop | Case | Test | ArithmeticCommand, at: _Place) -> _Found:
    conditional = replace(at, conditional=True)
    match command:
        case Group():
            yield from _list(command.body, at)
        case Subshell():
            yield from _list(command.body, replace(at, subshell=True))
        case If():
            for branch in command.branches:
                yield from _list(branch.condition, conditional)
                yield from _list(branch.body, conditional)
            yield from _list(command.otherwise, conditional)
        case For():
            yield from _words(command.words or (), at)
            yield from _parts(command.header.parts if command.header else (), at)
            yield from _list(command.body, conditional)
        case Loop():
            yield from _list(command.condition, conditional)
            yield from _list(command.body, conditional)
        case Case():
            yield from _words((command.subject,), at)
            for arm in command.arms:
                yield from _words(arm.patterns, conditional)
                yield from _list(arm.body, conditional)
        case Test():
            yield from _words(command.words, at)
        case ArithmeticCommand():
            yield from _parts(command.expression.parts, at)


def _redirects(redirects: tuple[Redirect, ...], at: _Place) -> _Found:
    for redirect in redirects:
        yield from _parts(redirect.target.parts, at)
        if redirect.heredoc:
            yield from _parts(redirect.heredoc.parts, at)


def _words(words: Iterable[Word], at: _Place) -> _Found:
    for word in words:
        if word.parts:
            yield from _parts(word.parts, at)


def _parts(parts: tuple[Part, ...], at: _Place) -> _Found:
    for part in parts:
        match part:
            case Parameter() | Arithmetic():
                yield from _parts(part.parts, at)
            case Array():
                yield from _words(part.words, at)
            case _:
                yield from _list(part.body, replace(at, subshell=True, substituted=True))
