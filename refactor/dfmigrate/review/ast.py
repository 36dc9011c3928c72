"""A Dockerfile's tree as text: each item with its lines, what it was read as, and where each part stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dfmigrate.knowledge.languages import is_shell
from dfmigrate.review.visible import visible
from dfmigrate_grammar import BlankLine, Dockerfile, Instruction, Item, Problem
from dfmigrate_grammar.places import Place, nested_place, place, script_place
from dfmigrate_grammar.shell import Placed
from dfmigrate_grammar.traps import Trap, find_traps


class Part(NamedTuple):
    """One line below an instruction."""

    kind: str
    where: str
    text: str = ""


_At = Callable[[int], Place]


def tree_lines(tree: Dockerfile) -> Iterator[str]:
    """The whole tree, line by line."""
    traps = find_traps(tree)
    shells = _foreign_shells(tree)
    width = len(str(tree.source.count("\n") + 1)) * 2 + 1
    if tree.bom:
        yield f"{'1':<{width}}  byte order mark"
    for item in tree.items:
        yield f"{_lines(tree, item):<{width}}  {_head(item)}".rstrip()
        for part in _parts(tree, item, traps, shells.get(id(item))) if isinstance(item, Instruction) else ():
            yield f"{'':<{width}}    {part.kind:<9} {part.where:<13} {visible(part.text)}".rstrip()


def pointed(problem: Problem) -> tuple[str, str]:
    """The line that a problem is in, and a caret under the place, as they look once printed safely."""
    before = visible(problem.source_line[: problem.column - 1])
    return visible(problem.source_line), "".join("\t" if char == "\t" else " " for char in before) + "^"


def _foreign_shells(tree: Dockerfile) -> dict[int, str]:
    """The shells that are none whose language is read, by the identity of the instructions below their SHELL."""
    found: dict[int, str] = {}
    of_stages: dict[str, str | None] = {}
    for stage in tree.stages:
        shell = of_stages.get(stage.image.text)
        for item in stage.instructions:
            if item.name == "SHELL" and item.json:
                shell = None if is_shell(item.json[0].rpartition("/")[2]) else item.json[0]
            elif shell is not None:
                found[id(item)] = shell
        if stage.name is not None:
            of_stages[stage.name] = shell
    return found


def _lines(tree: Dockerfile, item: Item) -> str:
    first, last = tree.line_of(item), tree.end_line_of(item)
    return f"{first}" if first == last else f"{first}-{last}"


def _head(item: Item) -> str:
    if isinstance(item, Instruction):
        return visible(item.name or "(no keyword)")
    if isinstance(item, BlankLine):
        return "blank"
    return f"{type(item).__name__.lower()} {visible(item.source.strip())}"


def _parts(tree: Dockerfile, item: Instruction, traps: tuple[Trap, ...], shell: str | None) -> Iterator[Part]:
    for comment in item.leading:
        yield Part("comment", str(tree.line_of(comment)), comment.source.strip())
    yield from _said(item, shell, lambda at: place(tree, item, at), lambda at: script_place(tree, item, at))
    if item.nested is not None:
        line, column = nested_place(tree, item, None)
        yield Part("keeps", f"{line}:{column}", item.nested.name)
        kept = item.nested
        yield from _said(kept, shell, lambda at: nested_place(tree, item, at), lambda at: script_place(tree, item, at))
    yield from _heredocs(tree, item)
    first, last = tree.line_of(item), tree.end_line_of(item)
    for trap in traps:
        if first <= trap.line <= last:
            yield Part("trap", f"{trap.line}:{trap.column}", f"{trap.message} [{trap.code}]")
    for problem in tree.problems:
        if first <= problem.line <= last:
            yield Part("error", f"{problem.line}:{problem.column}", problem.message)


def _said(item: Instruction, shell: str | None, at: _At, script_at: _At) -> Iterator[Part]:
    """What the instruction says itself: its flags, and its arguments in the form that it has."""
    for flag in item.flags:
        yield Part("flag", _range(at, flag.span), flag.text)
    check = item.healthcheck
    start = item.arguments_start if check is None else check.span[0]
    if check is not None:
        yield Part("type", _range(at, (item.arguments_start, item.arguments_start + len(check.written))), check.type)
    whole = _range(at, (start, len(item.logical)))
    strings = item.json if check is None else check.json
    if strings is not None:
        yield Part("json", whole, json.dumps(strings, ensure_ascii=False))
    elif item.pairs:
        for pair in item.pairs:
            value = "" if pair.value is None else f"={pair.value}"
            yield Part("legacy" if pair.legacy else "pair", _range(at, pair.span), f"{pair.name}{value}")
    elif item.words:
        for word in item.words:
            yield Part("word", _range(at, word.span), word.text)
    elif item.script is None:
        if item.arguments and item.nested is None and check is None:
            yield Part("text", whole, item.arguments)
    else:
        yield Part("shell", whole, item.arguments if check is None else check.rest)
        yield from _script(item, shell, script_at)


def _script(item: Instruction, shell: str | None, at: _At) -> Iterator[Part]:
    script = item.script
    assert script is not None
    # A here-document that names its own program does not meet the shell of the stage.
    if shell is not None and not (item.bodies and script.text.startswith("#!")):
        yield Part("opaque", "", f"not read, because SHELL is {shell}")
        return
    if script.opaque is not None:
        yield Part("opaque", "", script.opaque)
    for command in script.commands:
        start, end = command.span
        yield Part("command", _range(at, command.span), f"{_one_line(script.text[start:end])}{_circumstances(command)}")


def _circumstances(command: Placed) -> str:
    words = [name for name in ("conditional", "piped", "subshell", "substituted") if getattr(command, name)]
    return f"  [{', '.join(words)}]" if words else ""


def _one_line(text: str) -> str:
    first, newline, _ = text.partition("\n")
    return f"{first} ..." if newline else first


def _heredocs(tree: Dockerfile, item: Instruction) -> Iterator[Part]:
    start = tree.line_of(item) + item.head.count("\n")
    for heredoc in item.heredocs:
        lines = heredoc.body.count("\n") + (not heredoc.body.endswith("\n") and heredoc.body != "")
        traits = [
            *([f"fd {heredoc.fd}"] if heredoc.fd else []),
            *(["without leading tabs"] if heredoc.chomp else []),
            "expanded" if heredoc.expand else "literal",
            *([] if lines else ["empty"]),
            *([] if heredoc.terminated else ["unterminated"]),
        ]
        where = f"{start}-{start + lines - 1}" if lines else ""
        yield Part("heredoc", where, f"{heredoc.name} ({', '.join(traits)})")
        start += lines + heredoc.terminated


def _range(at: _At, span: tuple[int, int]) -> str:
    start, end = span
    first = at(start)
    if end <= start:
        return f"{first.line}:{first.column}"
    last = at(end - 1)
    tail = f"{last.column}" if last.line == first.line else f"{last.line}:{last.column}"
    return f"{first.line}:{first.column}-{tail}"
