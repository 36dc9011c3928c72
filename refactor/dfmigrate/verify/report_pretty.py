"""A verification at a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dfmigrate.review.visible import visible
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.report_text import MOST, TITLES, change, headline, measures, of_weight, parts, statement
from dfmigrate.verify.verification import Verdict, Verification

_VERDICTS = {Verdict.EQUAL: "bold green", Verdict.BROKEN: "bold red", Verdict.NO_ORIGINAL: "bold yellow"}
_STYLES = {Weight.BROKEN: "red", Weight.INCOMPARABLE: "yellow", Weight.DECLARED: "cyan", Weight.NOTE: "dim"}


def show(console: Console, answer: Verification) -> None:
    """Print the whole report: verdict last, where the eye is."""
    title = Text(visible(answer.path), style="bold")
    title.append(f"  {visible(answer.engine)}", style="not bold dim")
    console.print(Rule(title, align="left", style="dim"))
    for weight in (Weight.NOTE, Weight.DECLARED, Weight.INCOMPARABLE, Weight.BROKEN):
        found = of_weight(answer, weight)
        if found:
            console.print(_findings(weight, found))
            console.print()
    for limit in answer.limits:
        console.print(Text(f"Not compared: {visible(limit)}", style="yellow"))
    console.print(_measures(answer))
    console.print()
    console.print(Text(f"{headline(answer)}.", style=_VERDICTS[answer.verdict]))


def _findings(weight: Weight, findings: tuple[Finding, ...]) -> Table:
    table = Table(
        title=f"{TITLES[weight]} ({len(findings)})",
        title_justify="left",
        title_style="bold",
        box=None,
        expand=True,
        pad_edge=False,
    )
    table.add_column("code", style=_STYLES[weight], no_wrap=True, width=4)
    table.add_column("line", justify="right", no_wrap=True, width=4)
    table.add_column("what", ratio=1, overflow="fold")
    for finding in findings[:MOST]:
        line = "" if finding.line is None else str(finding.line)
        table.add_row(finding.code, line, _what(finding))
    if len(findings) > MOST:
        table.add_row("", "", Text(f"and {len(findings) - MOST} more", style="dim"))
    return table


def _what(finding: Finding) -> Text:
    text = Text(statement(finding))
    changed = change(finding)
    if changed is not None:
        text.append(f"\n{changed}", style="dim")
    if finding.hint:
        text.append(f"\n-> {visible(finding.hint)}", style="dim")
    return text


def _measures(answer: Verification) -> Padding:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column("before", justify="right", no_wrap=True)
    table.add_column("after", justify="right", no_wrap=True)
    for row in measures(answer):
        table.add_row(*row)
    for name, size in parts(answer.after):
        table.add_row(Text(f"  {name}", style="dim"), "", Text(size, style="dim"))
    return Padding(table, (0, 0))
