from __future__ import annotations

from dfmigrate_grammar import BlankLine, Comment, Dockerfile, Instruction, parse

_LETTERS = {"Directive": "D", "Comment": "C", "BlankLine": "B", "Instruction": "I"}


def only(source: str) -> Instruction:
    """Parse a text that holds exactly one instruction, and return it."""
    (instruction,) = parse(source).instructions
    return instruction


def kinds(tree: Dockerfile) -> str:
    """Return one letter for each item, D, C, B or I, an instruction's own comments in front of it in lower case."""
    return "".join("c" * len(getattr(item, "leading", ())) + _LETTERS[type(item).__name__] for item in tree.items)


def shape(tree: Dockerfile) -> list[tuple[str, ...]]:
    """Return what a tree says, to compare two of them."""
    return [(type(item).__name__, *_parts(item)) for item in tree.items]


def _parts(item: object) -> tuple[str, ...]:
    if isinstance(item, Instruction):
        return (*[comment.source for comment in item.leading], item.head, *[body.source for body in item.bodies])
    return (item.source,) if isinstance(item, Comment | BlankLine) else (str(item),)
