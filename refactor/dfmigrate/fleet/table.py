"""The table at the end of ``codemod``: file, what changed, what was declined and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dfmigrate.fleet.outcome import Digest, Exit, Problem, exit_of
from dfmigrate.review.pretty import console, count
from dfmigrate.review.visible import sentence, visible

PIPE_WIDTH = 160
"""A pipe has no width; a table for people and grep alike must not be folded at 80."""


def show_table(outcomes: Sequence[Digest | Problem], *, written: bool, color: bool, to_stderr: bool) -> None:
    """Print a row for each file that has something to say, and one line that counts all."""
    target = console(color=color and not to_stderr, stderr=to_stderr)
    if not target.file.isatty():
        target.width = PIPE_WIDTH
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("File", overflow="fold", ratio=3)
    table.add_column("Changed" if written else "Would change", ratio=2)
    table.add_column("Not done, and why", ratio=5)
    for outcome in outcomes:
        row = _row(outcome)
        if row is not None:
            table.add_row(*row)
    if table.row_count:
        target.print(table)
        target.print()
    _sum_up(target, outcomes, written=written)


def _row(outcome: Digest | Problem) -> tuple[Text, Text, Text] | None:
    if isinstance(outcome, Problem):
        style = "yellow" if outcome.code is Exit.REFUSED else "red"
        return (
            _place(outcome.path, outcome.line),
            Text("-"),
            Text(sentence(outcome.text), style),
        )
    if not outcome.changed and not outcome.declines:
        return None
    changed = Text(", ".join(outcome.rules) or "-", style="green" if outcome.changed else "")
    declined = Text("\n").join(
        Text.assemble((decline.code, "yellow"), _line(decline.line), f" {sentence(decline.message)}")
        for decline in outcome.declines
    )
    return _place(outcome.path, None), changed, declined


def _place(path: str, line: int | None) -> Text:
    return Text(visible(path) if line is None else f"{visible(path)}:{line}")


def _line(number: int | None) -> str:
    return "" if number is None else f" line {number}:"


def _sum_up(target: Console, outcomes: Sequence[Digest | Problem], *, written: bool) -> None:
    codes = [exit_of(outcome) for outcome in outcomes]
    words = {
        Exit.WOULD_CHANGE: "changed" if written else "would change",
        Exit.DONE: "left as it is",
        Exit.REFUSED: "refused",
        Exit.INVALID: "not a valid Dockerfile",
        Exit.FAILED: "failed",
    }
    parts = [f"{codes.count(code)} {word}" for code, word in words.items() if code in codes]
    if not codes:
        target.print(Text("No Dockerfile was found.", style="bold"))
        return
    target.print(Text(f"{count(len(codes), 'file')}: {', '.join(parts)}.", style="bold"))
