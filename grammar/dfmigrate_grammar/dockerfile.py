from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from .edit import Item, first_free, spliced
from .frontend import detect_frontend
from .image import ImageReference
from .instruction import Instruction
from .lazy import lazy
from .nodes import Directive
from .style import Style, learn

if TYPE_CHECKING:
    from .problem import Problem


_DOCKERS_OWN = re.compile(r"(?:(?:registry-1\.)?docker\.io/)?docker/dockerfile(?:-upstream)?(?:[:@]|\Z)")


@dataclass(frozen=True, slots=True)
class Stage:
    """A FROM and the instructions below it, up to the next one."""

    index: int
    from_: Instruction
    name: str | None
    image: ImageReference
    instructions: tuple[Instruction, ...]


# Not slotted: see Instruction.
@dataclass(frozen=True, eq=False)
class Dockerfile:
    """A Dockerfile in which every byte belongs to exactly one item; compared by identity."""

    bom: str
    items: tuple[Item, ...]

    @property
    def source(self) -> str:
        """The whole text; bytes that are no UTF-8 are surrogate escapes."""
        return self.bom + "".join([item.source for item in self.items])

    def __bytes__(self) -> bytes:
        return self.source.encode("utf-8", "surrogateescape")

    @lazy
    def directives(self) -> Mapping[str, str]:
        """The parser directives by lower-case name; the first of each name counts."""
        found: dict[str, str] = {}
        for item in self.items:
            if not isinstance(item, Directive):
                break
            found.setdefault(item.name, item.value)
        return MappingProxyType(found)

    @property
    def escape(self) -> str:
        """The escape character, a backslash unless the directive says otherwise."""
        return "`" if self.directives.get("escape") == "`" else "\\"

    @lazy
    def newline(self) -> str:
        """The line ending that most lines have."""
        source = self.source
        crlf = source.count("\r\n")
        return "\r\n" if crlf * 2 > source.count("\n") else "\n"

    @lazy
    def instructions(self) -> tuple[Instruction, ...]:
        """All instructions in order."""
        return tuple([item for item in self.items if isinstance(item, Instruction)])

    @lazy
    def global_args(self) -> tuple[Instruction, ...]:
        """The ARGs before the first FROM, which only FROM can use."""
        found: list[Instruction] = []
        for instruction in self.instructions:
            if instruction.name == "FROM":
                break
            if instruction.name == "ARG":
                found.append(instruction)
        return tuple(found)

    @lazy
    def stages(self) -> tuple[Stage, ...]:
        """The stages in order."""
        starts = [at for at, instruction in enumerate(self.instructions) if instruction.name == "FROM"]
        ends = [*starts[1:], len(self.instructions)]
        # Without a FROM there is an end but no start.
        return tuple(self._stage(index, *bounds) for index, bounds in enumerate(zip(starts, ends, strict=False)))

    def _stage(self, index: int, start: int, end: int) -> Stage:
        from_ = self.instructions[start]
        image = from_.image or ImageReference("")
        return Stage(index, from_, from_.stage_name, image, self.instructions[start + 1 : end])

    @lazy
    def _lines(self) -> dict[int, tuple[int, int]]:
        """The first and last line of every node, by the node's identity."""
        lines: dict[int, tuple[int, int]] = {}
        line = 1
        for item in self.items:
            for part in item.leading if isinstance(item, Instruction) else ():
                lines[id(part)] = (line, line)
                line += 1
            text = item.text if isinstance(item, Instruction) else item.source
            breaks = text.count("\n")
            lines[id(item)] = (line, line + breaks - text.endswith("\n"))
            line += breaks
        return lines

    def line_of(self, node: Item) -> int:
        """Return the 1-based line of a node, for an instruction that of its keyword; KeyError if it is not here."""
        return self._lines[id(node)][0]

    def end_line_of(self, node: Item) -> int:
        """Return the 1-based last line of a node; KeyError if it is not here."""
        return self._lines[id(node)][1]

    @lazy
    def problems(self) -> tuple[Problem, ...]:
        """Why BuildKit refuses the file, the reason it would give first; empty when it accepts it."""
        from .problems import find_problems

        return find_problems(self)

    @property
    def frontend(self) -> str | None:
        """The image that `# syntax=` asks to read this file, None when it asks for none."""
        return detect_frontend(self.source.removeprefix(self.bom))

    @property
    def is_foreign(self) -> bool:
        """Whether another frontend than Docker's own reads this file, so that it may be no Dockerfile at all."""
        frontend = self.frontend
        return frontend is not None and not _DOCKERS_OWN.match(frontend)

    @lazy
    def style(self) -> Style:
        """How this file is written, to write new instructions alike."""
        return learn(self.instructions, self.newline, self.escape)

    def replace(self, node: Item, *new: Item) -> Dockerfile:
        """Put other items in the place of one; every item that has no need to change stays the same object."""
        at = self._index(node)
        return self if new == (node,) else self._spliced(at, at + 1, new)

    def remove(self, node: Item) -> Dockerfile:
        """Take one item away."""
        return self.replace(node)

    def insert_before(self, node: Item, *new: Item) -> Dockerfile:
        """Put items before one; what is no directive goes below the directives."""
        at = self._index(node)
        if not all(isinstance(item, Directive) for item in new):
            at = first_free(self.items, at)
        return self._spliced(at, at, new)

    def insert_after(self, node: Item, *new: Item) -> Dockerfile:
        """Put items after one; what is no directive goes below the directives."""
        at = self._index(node) + 1
        if not all(isinstance(item, Directive) for item in new):
            at = first_free(self.items, at)
        return self._spliced(at, at, new)

    def _index(self, node: Item) -> int:
        for at, item in enumerate(self.items):
            if item is node:
                return at
        raise KeyError(node)

    def _spliced(self, start: int, end: int, new: tuple[Item, ...]) -> Dockerfile:
        if start == end and not new:
            return self
        return replace(self, items=spliced(self.items, start, end, new, self.newline))
