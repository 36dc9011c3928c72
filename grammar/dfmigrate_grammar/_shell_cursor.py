"""Where the reading of a shell script stands: the text, the token ahead, and the heredocs still to come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ._shell_tree import Bashism, List_

# A token is matched together with the blanks, line continuations and comment before it.
# Exactly one group takes part, so `lastindex` is the kind of the token.
WORD, CONTROL, REDIRECT, NEWLINE, PAREN, BRACE, END, OTHER = range(1, 9)

_TOKEN = re.compile(
    r"""
    (?:[ \t]++|\\\n)*+ (?:\#[^\n]*+)?
    (?: (?!\d++[<>]) ([A-Za-z0-9_./:@%+,^=-]++) (?= [ \t\n;&|)] | [<>](?!\() | (?<![+@=])\( | \\\n[ \t\n;&|)] | \Z )
      | ( \|\| | \|& | \| | && | ;;& | ;& | ;; | ; | &(?!>) )
      | ( (?:\d++|\{[A-Za-z_]\w*\})? (?: <<< | <<- | << | <> | <& | <(?!\() | >> | >& | >\| | >(?!\() ) | &>> | &> )
      | ( \n )
      | ( [()] )
      | ( [{}!] ) (?= [ \t\n;&|()<>] | \\\n[ \t\n;&|)] | \Z )
      | ( \Z )
      | ( ) )
    """,
    re.VERBOSE,
)

# Words that begin a command of their own kind, and words that end a list where a command could begin.
OPENING_WORDS = frozenset({"if", "for", "select", "while", "until", "case", "function"})
CLOSING_WORDS = frozenset({"then", "do", "done", "fi", "esac", "elif", "else"})

# Deeper than the scripts that people write, and shallow enough for the interpreter's stack.
DEEPEST = 24


class Opaque(Exception):
    """The script holds something that cannot be read with certainty."""


@dataclass(slots=True)
class Cursor:
    """The state of one reading; words need `read_list` for the commands inside a substitution."""

    text: str
    read_list: Callable[[Cursor], List_ | None]
    token: re.Match[str]
    # Nothing from here on is seen: a backquoted part ends before its closing backquote, whatever it holds.
    limit: int
    depth: int = 0
    # The newline after which the heredocs of this line lie, and where they end; -1 when there are none.
    heredoc_line: int = -1
    heredoc_end: int = -1
    bashisms: list[Bashism] = field(default_factory=list)

    def advance(self, position: int) -> None:
        """Look at the token at or after this position."""
        self.token = next_token(self.text, position, self.limit)  # type: ignore[assignment]

    def deeper(self) -> None:
        """Enter one more level."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Opaque("nested too deeply")

    def skip_newline(self) -> None:
        """Step over the newline ahead, and over the heredocs that follow its line."""
        end = self.token.end()
        if self.heredoc_line >= 0:
            if self.heredoc_line != end - 1:
                raise Opaque("the line of a heredoc runs on over a newline")
            end = self.heredoc_end
            self.heredoc_line = self.heredoc_end = -1
        self.advance(end)

    def skip_newlines(self) -> None:
        """Step over all newlines ahead."""
        while self.token.lastindex == NEWLINE:
            self.skip_newline()


# There always is a token, if only the end.
next_token = _TOKEN.match
