"""The review at a terminal: the diff, and under each hunk what was done, why, and why that is safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dfmigrate.migration import Decline, Evidence, Migration, Proved, Status, Step
from dfmigrate.review.blame import Blamed, blame
from dfmigrate.review.diff import Hunk
from dfmigrate.review.visible import decoded, visible

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PROSE = 100
"""Prose in longer lines is hard to read; only the diff takes the whole width."""
_SIGNS = {b" ": "", b"-": "red", b"+": "green"}


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line what a reader that has left means; rich would exit with 1."""
        raise BrokenPipeError


def console(*, color: bool, stderr: bool = False) -> Console:
    """A stream for people, with the colours that were decided on and nothing that rich would find out for itself."""
    return _Console(
        stderr=stderr,
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def show(console: Console, migration: Migration) -> None:
    """Print the review of one file."""
    console.print(_header(migration))
    steps = _explained(migration)
    told: set[int] = set()
    for number, blamed in enumerate(blame(migration)):
        console.print(_diff(blamed, cut=number > 0))
        console.print()
        for step in blamed.steps:
            if step not in told:
                console.print(steps[step], width=_prose(console))
                console.print()
        again = "".join(_letter(step) for step in blamed.steps if step in told)
        if again:
            console.print(Text(f"{' and '.join(again)}: see above", style="dim"))
            console.print()
        told.update(blamed.steps)
    for renderable in _remarks(migration):
        console.print(renderable, width=_prose(console))
        console.print()


def summary(migrations: Sequence[Migration], *, written: bool) -> Text:
    """What the run came to, in one line."""
    changed = [migration for migration in migrations if migration.changed]
    steps = sum(len(migration.steps) for migration in changed)
    declined = sum(len(migration.declines) for migration in migrations)
    parts = [
        f"{count(len(changed), 'file')} {'changed' if written else 'would change'} ({count(steps, 'step')})"
        if changed
        else "nothing to change",
        *([f"{count(declined, 'thing')} declined"] if declined else []),
    ]
    line = Text(", ".join(parts).capitalize() + ".", style="bold")
    if changed and not written:
        line.append(
            "\nNothing was written. Run it again with -w to write, with -d for the plain patch.", style="not bold dim"
        )
    code = next((one.code for migration in migrations for one in migration.declines), None)
    if code is not None:
        line.append(f"\n`dfmigrate rule {code}` says what the code of a decline means.", style="not bold dim")
    return line


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _header(migration: Migration) -> RenderableType:
    title = Text(visible(migration.path), style="bold")
    if migration.stack:
        title.append(f"  {visible(migration.stack)}", style="not bold cyan")
    if migration.status is Status.UNCHANGED:
        title.append("  nothing to change", style="not bold dim")
    return Rule(title, align="left", style="dim")


def _diff(blamed: Blamed, *, cut: bool) -> RenderableType:
    """The lines of a hunk: number in the old file, letters of the steps, sign, text."""
    numbers = max(line.before or 0 for line in blamed.hunk.lines) + 1
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(justify="right", style="dim", no_wrap=True, width=max(4, len(str(numbers))))
    grid.add_column(style="bold cyan", no_wrap=True, width=max(1, *map(len, blamed.authors)))
    grid.add_column(no_wrap=True, width=1)
    grid.add_column(overflow="fold", ratio=1)
    if cut:
        grid.add_row("...", "", "", "")
    for line, authors in zip(blamed.hunk.lines, blamed.authors, strict=True):
        style = _SIGNS[line.sign]
        number = "" if line.before is None else str(line.before + 1)
        letters = "".join(_letter(author) for author in authors)
        grid.add_row(number, letters, Text(line.sign.decode(), style=style), Text(decoded(line.text), style=style))
    for note in _last_line_notes(blamed.hunk):
        grid.add_row("", "", "", Text(note, style="dim italic"))
    return grid


def _last_line_notes(hunk: Hunk) -> Iterator[str]:
    if any(line.sign != b" " and not line.text.endswith(b"\n") for line in hunk.lines):
        yield "(the last line has no line feed)"


def _explained(migration: Migration) -> list[RenderableType]:
    """What, why, and why it is safe, for each step; what holds for several is said with the first."""
    said: set[tuple[str, str]] = set()
    steps: list[RenderableType] = []
    for number, step in enumerate(migration.steps):
        new = [proof for proof in step.proofs if (proof.obligation, proof.statement) not in said]
        steps.append(_step(step, _letter(number), new, more=len(new) < len(step.proofs)))
        said.update((proof.obligation, proof.statement) for proof in new)
    return steps


def _step(step: Step, letter: str, proofs: list[Proved], *, more: bool) -> RenderableType:
    grid = _labelled()
    title = Text(visible(step.title), style="bold")
    title.append(f"  {step.rule}", style="not bold dim")
    grid.add_row(Text(letter, style="bold cyan"), title)
    grid.add_row("", _said("Why", step.reason, step.evidence))
    labels = chain(["Safe"], repeat(""))
    for proof in proofs:
        grid.add_row("", _said(next(labels), proof.statement, proof.evidence, codes=proof.codes, style="green"))
    if more:
        grid.add_row("", _said(next(labels), "what was proved above still holds", (), style="green"))
    for warning, label in zip(step.warnings, chain(["Note"], repeat("")), strict=False):
        grid.add_row("", _said(label, warning, (), style="yellow"))
    return grid


def _said(
    label: str, text: str, evidence: tuple[Evidence, ...], *, codes: tuple[str, ...] = (), style: str = "bold"
) -> RenderableType:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=4, no_wrap=True)
    grid.add_column(ratio=1)
    said = Text(visible(text))
    if codes:
        said.append(f" [{', '.join(codes)}]", style="dim")
    grid.add_row(Text(label, style=style), said)
    for piece in evidence:
        grid.add_row("", _evidence(piece))
    return grid


def _evidence(evidence: Evidence) -> Text:
    where = visible(evidence.path) if evidence.line is None else f"{visible(evidence.path)}:{evidence.line}"
    return Text(f"{where}  {visible(evidence.text.strip())}", style="dim", no_wrap=True, overflow="ellipsis")


def _remarks(migration: Migration) -> Iterator[RenderableType]:
    if migration.declines:
        grid = _labelled()
        grid.add_row("", Text("Not done", style="bold yellow"))
        width = max(len(decline.code) for decline in migration.declines)
        for decline in migration.declines:
            grid.add_row("", _decline(decline, max(4, width)))
        yield grid
    for note in migration.notes:
        yield Padding(_said("Note", note, (), style="yellow"), (0, 0, 0, 2))


def _decline(decline: Decline, width: int) -> RenderableType:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=width, no_wrap=True)
    grid.add_column(ratio=1)
    message = Text(visible(decline.message))
    where = visible(decline.path) if decline.path else ""
    if decline.line is not None:
        where = f"{where}:{decline.line}" if where else f"line {decline.line}"
    message.append(f" ({f'{where}, ' if where else ''}{decline.rule})", style="dim")
    grid.add_row(Text(decline.code, style="yellow"), message)
    if decline.hint:
        grid.add_row("", Text(f"-> {visible(decline.hint)}", style="dim"))
    return grid


def _labelled() -> Table:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=1, no_wrap=True)
    grid.add_column(ratio=1)
    return grid


def _letter(step: int) -> str:
    return LETTERS[step % len(LETTERS)]


def _prose(console: Console) -> int:
    return min(console.width, PROSE)
