from __future__ import annotations

from dataclasses import dataclass

from .lexer import read_directive
from .whitespace import SPACE

# Nodes are compared by identity: two equal comment lines at two places of a file are two nodes.


@dataclass(frozen=True, slots=True, eq=False)
class Directive:
    """A parser directive, `# syntax=...`, `# escape=...` or `# check=...`, at the top of the file."""

    source: str

    @property
    def name(self) -> str:
        """The lower-case name."""
        return (read_directive(self.source) or ("", ""))[0]

    @property
    def value(self) -> str:
        """The value as written."""
        return (read_directive(self.source) or ("", ""))[1]


@dataclass(frozen=True, slots=True, eq=False)
class Comment:
    """One comment line with its newline."""

    source: str

    @property
    def text(self) -> str:
        """What the comment says, without `#` and the white space around it."""
        return self.source.strip(SPACE).removeprefix("#").strip(SPACE)

    @property
    def attached_text(self) -> str:
        """The text as BuildKit attaches it to an instruction: an indented comment keeps its `#`.

        BuildKit cuts off one byte, which can be the first one of a wide space.
        """
        first, rest = self.source[:1], self.source[1:]
        cut = first.encode("utf-8", "surrogatepass")[1:].decode("utf-8", "surrogateescape")
        return (cut + rest).strip(SPACE)


@dataclass(frozen=True, slots=True, eq=False)
class BlankLine:
    """One line of nothing but white space."""

    source: str
