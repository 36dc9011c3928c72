"""An explanation as text: plain lines for a pipe, wrapped and coloured for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dfmigrate.review.explain import Section

_WIDEST_LABEL = 28


def plain_lines(sections: Iterable[Section]) -> Iterator[str]:
    """One line for each thing that is said."""
    for section in sections:
        yield f"{section.line}  {section.title}" if section.line is not None else f"\n{section.title}"
        for said in section.said:
            yield f"    {'? ' if said.open else ''}{said.label}: {said.text}"


def print_sections(console: Console, sections: Iterable[Section]) -> None:
    """Print for people: a title, and under it what is said, with what is open marked."""
    for section in sections:
        title = Text(style="bold")
        if section.line is not None:
            title.append(f"{section.line:>3}  ", style="not bold dim")
        else:
            console.print()
        title.append(section.title)
        console.print(title)
        if section.said:
            console.print(_grid(section), width=console.width)


def _grid(section: Section) -> Table:
    width = min(_WIDEST_LABEL, max(len(said.label) for said in section.said))
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=3)
    grid.add_column(width=1)
    grid.add_column(width=width, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    for said in section.said:
        mark = Text("?" if said.open else "", style="bold yellow")
        grid.add_row("", mark, Text(said.label, style="cyan"), Text(said.text, style="yellow" if said.open else ""))
    return grid
