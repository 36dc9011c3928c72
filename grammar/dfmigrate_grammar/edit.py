from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .instruction import HereBody, Instruction
from .lexer import read_directive
from .logical import open_end
from .nodes import BlankLine, Comment, Directive

Item = Directive | Comment | BlankLine | Instruction


def spliced(items: tuple[Item, ...], start: int, end: int, new: tuple[Item, ...], newline: str) -> tuple[Item, ...]:
    """Replace items[start:end], and keep lines apart, the end of the file as it was, and directives what they were."""
    before, after = items[:start], items[end:]
    if before and (new or after):
        before = (*before[:-1], _followed(before[-1], newline))
    if new and after:
        new = tuple([_followed(item, newline) for item in new])
    elif new:
        new = (*[_followed(item, newline) for item in new[:-1]], _last(new[-1], items, newline))
    return _without_new_directives((*before, *new, *after), newline)


def first_free(items: tuple[Item, ...], at: int) -> int:
    """Return the first place from `at` on that is below the directives."""
    while at < len(items) and isinstance(items[at], Directive):
        at += 1
    return at


def _last(item: Item, items: tuple[Item, ...], newline: str) -> Item:
    """Make an item the last one of the file: it ends with a newline if the file did."""
    if not items or items[-1].source.endswith("\n"):
        return _ended(item, newline)
    if isinstance(item, BlankLine) or not item.source.endswith("\n"):
        return item
    return _with_tail(item, lambda line: line.rstrip("\r\n"))


def _followed(item: Item, newline: str) -> Item:
    """Make an item one that another can follow; if it is so already, it stays the same object."""
    if isinstance(item, Instruction) and not item.bodies:
        item = _closed(item)
    return _ended(item, newline)


def _ended(item: Item, newline: str) -> Item:
    return item if item.source.endswith("\n") else _with_tail(item, lambda line: line + newline)


def _closed(instruction: Instruction) -> Instruction:
    """Drop a continuation character at the end of the file, which would swallow what comes to stand below it."""
    span = open_end(instruction.head, instruction.escape)
    if span is None:
        return instruction
    head = instruction.head
    return replace(instruction, head=head[: span[0]].rstrip(" \t") + head[span[1] :])


def _with_tail(item: Item, change: Callable[[str], str]) -> Item:
    """Change the text at the end of an item."""
    if not isinstance(item, Instruction):
        return replace(item, source=change(item.source))
    if not item.bodies:
        return replace(item, head=change(item.head))
    last = item.bodies[-1]
    return replace(item, bodies=(*item.bodies[:-1], HereBody(last.marker, change(last.source))))


def _without_new_directives(items: tuple[Item, ...], newline: str) -> tuple[Item, ...]:
    """Put a blank line above a comment that would become a directive where it now stands."""
    top = first_free(items, 0)
    if top == len(items):
        return items
    item = items[top]
    first = item.leading[0] if isinstance(item, Instruction) and item.leading else item
    if not isinstance(first, Comment) or read_directive(first.source) is None:
        return items
    return (*items[:top], BlankLine(newline), *items[top:])
