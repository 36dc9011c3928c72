from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .instruction import Instruction
from .nodes import BlankLine, Comment
from .whitespace import INLINE


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written, and new nodes written alike."""

    newline: str = "\n"
    keyword_case: Literal["upper", "lower"] = "upper"
    continuation: str = "\\"
    indent: str = "    "
    leading_and: bool = True  # `&&` begins a continuation line; else it ends the line before.

    def instruction(self, keyword: str, arguments: str, *, comments: Sequence[str] = ()) -> Instruction:
        """Write an instruction; `comments` are texts without `# `, one line each."""
        cased = keyword.lower() if self.keyword_case == "lower" else keyword.upper()
        text = arguments.replace("\r\n", "\n").replace("\n", self.newline)
        head = f"{cased} {text}".rstrip(" ") + self.newline
        return Instruction(tuple([self.comment(comment) for comment in comments]), head, (), self.continuation)

    def comment(self, text: str) -> Comment:
        """Write a comment line."""
        return Comment(f"# {text}".rstrip(" ") + self.newline)

    def blank(self) -> BlankLine:
        """Write a blank line."""
        return BlankLine(self.newline)

    def run(self, commands: Sequence[str]) -> Instruction:
        """Write one RUN of commands that must all succeed, each on a line of its own."""
        if self.leading_and:
            separator = f" {self.continuation}\n{self.indent}&& "
        else:
            separator = f" && {self.continuation}\n{self.indent}"
        return self.instruction("RUN", separator.join(commands))


def learn(instructions: Sequence[Instruction], newline: str, escape: str) -> Style:
    """Return the style that most of the instructions have; the default where none shows one."""
    lower = sum(instruction.keyword.islower() for instruction in instructions)
    lines = list(_continuation_lines(instructions))
    # Lines that `&&` begins say how commands are laid out; those of a package list are often set deeper.
    commands = [line for line in lines if line.lstrip(INLINE).startswith("&&")]
    indents = Counter(line[: len(line) - len(line.lstrip(INLINE))] for line in commands or lines)
    indents.pop("", None)
    leading = sum(line.lstrip(INLINE).startswith("&&") for line in lines)
    trailing = sum(_ends_with_and(line, escape) for line in _continued_lines(instructions))
    return Style(
        newline,
        "lower" if lower * 2 > len(instructions) else "upper",
        escape,
        indents.most_common(1)[0][0] if indents else "    ",
        leading >= trailing,
    )


def _continuation_lines(instructions: Iterable[Instruction]) -> Iterable[str]:
    for instruction in instructions:
        for line in instruction.head.split("\n")[1:]:
            bare = line.strip(INLINE)
            if bare and bare[0] != "#":
                yield line


def _continued_lines(instructions: Iterable[Instruction]) -> Iterable[str]:
    for instruction in instructions:
        yield from instruction.head.split("\n")[:-1]


def _ends_with_and(line: str, escape: str) -> bool:
    return line.rstrip(INLINE).removesuffix(escape).rstrip(INLINE).endswith("&&")
