from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pkgutil import get_data
from typing import Any

from .dockerfile import Dockerfile
from .edit import Item
from .instruction import HereBody, Instruction
from .lexer import Lexeme, lex
from .nodes import BlankLine, Comment, Directive

_BOM = "\ufeff"


def parse(source: bytes | str) -> Dockerfile:
    """Read a Dockerfile; never raises, whatever the bytes, and gives every byte back."""
    text = source.decode("utf-8", "surrogateescape") if isinstance(source, bytes) else source
    bom = _BOM if text.startswith(_BOM) else ""
    items: tuple[Item, ...] = _parser().parse(text.removeprefix(_BOM))
    return Dockerfile(bom, items)


@cache
def _parser() -> Any:
    # Importing Lark takes longer than everything else, so it waits for the first file.
    import lark

    from .table import LARK_VERSION, TABLE

    if lark.__version__ != LARK_VERSION:
        return build_parser()
    data, lexer = TABLE["data"], _line_lexer()
    parser = data["parser"]
    loaded = {
        "options": data["options"] | {"lexer": lexer, "transformer": _Builder},
        "parser": parser | {"lexer_conf": parser["lexer_conf"] | {"lexer_type": lexer}},
    }
    return lark.Lark.load({"data": data | loaded, "memo": TABLE["memo"]})


def build_parser() -> Any:
    """Build the parser from the grammar itself."""
    from lark import Lark

    grammar = (get_data(__package__, "dockerfile.lark") or b"").decode()
    return Lark(grammar, parser="lalr", lexer=_line_lexer(), start="dockerfile", transformer=_Builder)


def _line_lexer() -> Any:
    from lark.lexer import Lexer

    class LineLexer(Lexer):
        """Hands our lexemes to Lark."""

        def __init__(self, conf: object) -> None:
            pass

        def lex(self, data: str) -> Iterator[Lexeme]:  # type: ignore[override]
            return lex(data)

    return LineLexer


class _Builder:
    """What the parser makes of each rule of the grammar."""

    @staticmethod
    def dockerfile(children: list[Any]) -> tuple[Item, ...]:
        parts = [_lines(child) if isinstance(child, Lexeme) else child for child in children]
        return tuple(chain.from_iterable(parts))

    @staticmethod
    def instruction(children: list[Lexeme]) -> list[Item]:
        leading: tuple[Any, ...] = ()
        if children[0].type == "COMMENTS":
            leading = tuple(_lines(children.pop(0)))
        head = children[0]
        bodies = tuple([HereBody(body.marker, body.text) for body in children[1:] if body.marker])
        return [Instruction(leading, head.text, bodies, head.escape)]

    @staticmethod
    def gap(children: list[Lexeme]) -> list[Item]:
        return [item for child in children for item in _lines(child)]


_NODES: dict[str, Callable[[str], Item]] = {"DIRECTIVE": Directive, "COMMENTS": Comment, "BLANKS": BlankLine}


def _lines(lexeme: Lexeme) -> list[Item]:
    """Make one node of each line of a lexeme."""
    node = _NODES[lexeme.type]
    *lines, rest = lexeme.text.split("\n")
    nodes: list[Item] = [node(line + "\n") for line in lines]
    return [*nodes, node(rest)] if rest else nodes
