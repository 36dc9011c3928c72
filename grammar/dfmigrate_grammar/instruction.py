from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from .exec_form import NotStrings, exec_form, exec_words
from .flags import Flag, Split, split_flags
from .heredoc import Heredoc, Marker, marker_or_none, opened_by
from .image import ImageReference
from .keywords import IN_LISTS, JSON_ALLOWED, KEY_VALUES, ONE_STRING, upper_keyword
from .lazy import lazy
from .logical import Command, Joined, join, split_command
from .nodes import Comment
from .splice import edited_head, head_with_arguments
from .words import Pair, Word, legacy_pair, pairs_of, split_first, split_list, split_quoted

if TYPE_CHECKING:
    from .shell import Script

# A body that begins with `#!` is a program for what it names, which may be a shell.
_SHEBANG = re.compile(r"#![ \t]*(?:\S*/env[ \t]+(?:-S[ \t]+)?)?(?:\S*/)?(?:ba|da|a)?sh(?:\s|\Z)")
_KEYWORD = re.compile(r"[ \t]*([A-Za-z]+)[ \t]")


class HereBody(NamedTuple):
    """The text below an instruction that belongs to one here-document, with the line that ends it."""

    marker: Marker
    source: str


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """HEALTHCHECK's type in upper case, `CMD` or `NONE`, and what follows it."""

    type: str
    rest: str
    json: tuple[str, ...] | None
    span: tuple[int, int]  # Of the rest, in the instruction's `logical` text.
    written: str  # The type as it stands in the file.


# Not slotted: the views below are read from the text when they are first asked for, and `lazy` keeps them
# in the instance's dictionary. Most are never asked for in most files.
@dataclass(frozen=True, eq=False)
class Instruction:
    """One instruction with the comment lines right above it and its here-documents; compared by identity."""

    leading: tuple[Comment, ...]
    head: str  # The keyword's line and its continuation lines.
    bodies: tuple[HereBody, ...] = ()
    escape: str = "\\"

    @property
    def source(self) -> str:
        """Every byte of it, with the comments above."""
        return "".join([comment.source for comment in self.leading]) + self.text

    @property
    def text(self) -> str:
        """Every byte of it, without the comments above."""
        if not self.bodies:
            return self.head
        return self.head + "".join([body.source for body in self.bodies])

    @lazy
    def keyword(self) -> str:
        """The keyword as written."""
        found = _KEYWORD.match(self.head)
        return found[1] if found else self._command.keyword

    @lazy
    def name(self) -> str:
        """The keyword in upper case."""
        return upper_keyword(self.keyword)

    @lazy
    def joined(self) -> Joined:
        """The one line that BuildKit makes of the instruction's lines, with the way back to them."""
        return join(self.head, self.escape)

    @lazy
    def _command(self) -> Command:
        return split_command(self.joined.line)

    @property
    def logical(self) -> str:
        """What follows the keyword on the joined line, flags included; spans point into it."""
        return self._command.rest

    @lazy
    def _split(self) -> Split:
        return split_flags(self.logical, self.escape)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The `--name=value` words in front of the arguments."""
        return self._split.flags

    def flag(self, name: str) -> str | None:
        """Return the value of a flag, the last one if it is repeated; empty for a flag without value."""
        for flag in reversed(self.flags):
            if flag.name == name:
                return flag.value or ""
        return None

    @property
    def arguments_start(self) -> int:
        """Where the arguments begin in `logical`."""
        return self._split.start

    @property
    def arguments(self) -> str:
        """What follows the flags on the joined line."""
        return self._split.arguments

    @lazy
    def json(self) -> tuple[str, ...] | None:
        """The strings of the JSON form, for instructions that have one; None when BuildKit takes it as plain text."""
        if self.name not in JSON_ALLOWED or not self.arguments.startswith("["):
            return None
        try:
            return exec_form(self.arguments)
        except NotStrings:
            return None

    @lazy
    def words(self) -> tuple[Word, ...]:
        """The arguments of an instruction that takes a list of them; those of the JSON form are decoded."""
        if self.json is not None:
            return exec_words(self.arguments, self.arguments_start)
        if self.name in IN_LISTS:
            return split_list(self.arguments, self.arguments_start)
        if self.name == "ARG":
            return split_quoted(self.arguments, self.arguments_start, self.escape)
        return ()

    @lazy
    def pairs(self) -> tuple[Pair, ...]:
        """The names and values of ENV, LABEL and ARG; none when BuildKit refuses them."""
        if self.name == "ARG":
            return pairs_of(self.words)
        if self.name not in KEY_VALUES:
            return ()
        words = split_quoted(self.arguments, self.arguments_start, self.escape)
        if not words:
            return ()
        if "=" not in words[0].text:
            legacy = legacy_pair(self.arguments, self.arguments_start)
            return () if legacy is None else (legacy,)
        pairs = pairs_of(words)
        return () if any(pair.value is None for pair in pairs) else pairs

    @property
    def value(self) -> str:
        """The argument of an instruction that takes one string: USER, WORKDIR, STOPSIGNAL, MAINTAINER."""
        return self.arguments if self.name in ONE_STRING else ""

    @property
    def sources(self) -> tuple[str, ...]:
        """What ADD and COPY copy; here-documents are not among them."""
        if self.name not in ("ADD", "COPY"):
            return ()
        return tuple(word.text for word in self.words[:-1] if marker_or_none(word.text) is None)

    @property
    def destination(self) -> str:
        """Where ADD and COPY copy to."""
        return self.words[-1].text if self.name in ("ADD", "COPY") and self.words else ""

    @lazy
    def heredocs(self) -> tuple[Heredoc, ...]:
        """The here-documents, in order."""
        return tuple(_heredoc(body) for body in self.bodies)

    @lazy
    def image(self) -> ImageReference | None:
        """What FROM starts from."""
        return ImageReference(self.words[0].text) if self.name == "FROM" and self.words else None

    @property
    def stage_name(self) -> str | None:
        """The lower-case name that FROM gives its stage."""
        if self.name != "FROM" or len(self.words) != 3 or self.words[1].text.casefold() != "as":
            return None
        return self.words[2].text.lower()

    @property
    def platform(self) -> str | None:
        """The platform that FROM asks for."""
        return self.flag("platform") if self.name == "FROM" else None

    @lazy
    def nested(self) -> Instruction | None:
        """The instruction that ONBUILD keeps for later; its spans are its own."""
        if self.name != "ONBUILD" or not self.arguments:
            return None
        nested = Instruction((), self.arguments, self.bodies, self.escape)
        # The text is already one joined line; what looks like a continuation at its end is none.
        vars(nested)["joined"] = Joined(self.arguments, (0,), (0,))
        return nested

    @lazy
    def healthcheck(self) -> Healthcheck | None:
        """The parts of HEALTHCHECK."""
        if self.name != "HEALTHCHECK" or not self.arguments:
            return None
        written, rest = split_first(self.arguments)
        end = len(self.logical)
        try:
            json = exec_form(rest)
        except NotStrings:
            json = None
        return Healthcheck(written.upper(), rest, json, (end - len(rest), end), written)

    @lazy
    def script(self) -> Script | None:
        """The shell commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK in shell form."""
        from .shell import parse_script

        text = self.script_text
        return None if text is None else parse_script(text)

    @property
    def script_text(self) -> str | None:
        """The text that the shell receives; None when there is no shell."""
        if self.name == "HEALTHCHECK":
            check = self.healthcheck
            return check.rest if check is not None and check.type == "CMD" and check.json is None else None
        if self.name not in ("RUN", "CMD", "ENTRYPOINT") or self.json is not None:
            return None
        if not self.bodies:
            return self.arguments
        return self._heredoc_script

    @property
    def _heredoc_script(self) -> str | None:
        """The body, when the line is nothing but one here-document; else the line with all bodies below it."""
        if marker_or_none(self.arguments) is None:
            bodies = [f"\n{heredoc.body}{heredoc.name}" for heredoc in self.heredocs]
            return self.arguments + "".join(bodies)
        body = self.heredocs[0].content
        return None if body.startswith("#!") and not _SHEBANG.match(body) else body

    def physical_offset(self, at: int | None) -> int:
        """Return where an offset of `logical` stands in `head`; None is the keyword."""
        return self.joined.physical(0 if at is None else self._command.start + at)

    def physical_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span of `head` that holds a span of `logical`."""
        offset = self._command.start
        return self.joined.physical_span(offset + start, offset + end)

    def edit(self, span: tuple[int, int], text: str) -> Instruction:
        """Replace a span of `logical` with `text`; the bytes outside the span stay.

        Only a line in which nothing is left goes too. The text may have lines of its own, which end with the escape
        character; ValueError if it would be read differently in its place.
        """
        head = edited_head(self, span, text)
        return self._with_head(head, self._bodies_below(head, some=not text))

    def with_arguments(self, text: str) -> Instruction:
        """Replace everything after the keyword, flags included; the keyword and the final newline stay."""
        head = head_with_arguments(self, text)
        return self._with_head(head, self._bodies_below(head, some=True))

    def with_leading(self, *comments: Comment) -> Instruction:
        """Give it other comment lines above."""
        return replace(self, leading=comments)

    def _with_head(self, head: str, bodies: tuple[HereBody, ...]) -> Instruction:
        return self if head == self.head else replace(self, head=head, bodies=bodies)

    def _bodies_below(self, head: str, *, some: bool) -> tuple[HereBody, ...]:
        """Return the bodies that a changed head still opens: all of them, or `some` in their order."""
        if not self.bodies and "<<" not in head:
            return ()
        left = list(self.bodies)
        kept: list[HereBody] = []
        for marker in opened_by(head, self.escape):
            while left and left[0].marker != marker:
                left.pop(0)
            if not left:
                raise ValueError(f"the here-document {marker.name!r} would have no body")
            kept.append(left.pop(0))
        if len(kept) < len(self.bodies) and not some:
            raise ValueError("a here-document would lose its marker, and its body would be read as instructions")
        return tuple(kept)


def _heredoc(body: HereBody) -> Heredoc:
    marker = body.marker
    start = body.source.rstrip("\n").rfind("\n") + 1
    last = body.source[start:].rstrip("\r\n")
    terminated = (last.lstrip("\t") if marker.chomp else last) == marker.name
    text = body.source[:start] if terminated else body.source
    return Heredoc(marker.name, marker.fd, marker.chomp, marker.expand, text, terminated)
