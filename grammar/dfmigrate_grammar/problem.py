from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """Why BuildKit refuses a file, in its own words: the text cannot be read, or an instruction makes no sense."""

    kind: Literal["parse", "instruction"]
    message: str
    line: int
    column: int
    source_line: str
    start_line: int  # The first line of the instruction; `line` is where in it the problem stands.

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"

    def pointed(self) -> str:
        """Return the source line with a caret under the place."""
        before = self.source_line[: self.column - 1]
        padding = "".join(["\t" if char == "\t" else " " for char in before])
        return f"{self.source_line}\n{padding}^"
