from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from .errors import ExpansionError
from .exec_form import NotStrings, exec_form
from .expansion import Lexing, process
from .flags import split_flags
from .logical import join, split_command

_MARKER = re.compile(r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)")
_WORDS = Lexing(raw_quotes=True, raw_escapes=True, keep_unset=True)
_NAME = Lexing(keep_unset=True)
_RAW_NAME = Lexing(raw_quotes=True, keep_unset=True)
_LARGEST = 2**64 - 1

_CAN_HOLD = frozenset({"ADD", "COPY", "RUN"})


class Marker(NamedTuple):
    """`<<NAME` in a line: which file descriptor, whether leading tabs go, whether the body is expanded."""

    name: str
    fd: int = 0
    chomp: bool = False
    expand: bool = True


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: its marker and its body as written, without the line that ends it."""

    name: str
    fd: int
    chomp: bool
    expand: bool
    body: str
    terminated: bool = True

    @property
    def content(self) -> str:
        """The body as a file or a shell receives it: without leading tabs when the marker is `<<-`."""
        return re.sub(r"^\t+", "", self.body, flags=re.MULTILINE) if self.chomp else self.body


def marker(word: str) -> Marker | None:
    """Read one word as a here-document marker; raises ExpansionError."""
    found = _MARKER.fullmatch(word)
    if found is None or not found[3]:
        return None
    names = process(found[3], {}, _NAME).words
    if len(names) != 1:
        return None
    raw = process(found[3], {}, _RAW_NAME).words[0]
    fd = min(int(found[1][:25] or "0"), _LARGEST)
    return Marker(names[0], fd, found[2] == "-", _quotes(names[0]) == _quotes(raw))


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')


def marker_or_none(word: str) -> Marker | None:
    """The same, with None for a word that cannot be read."""
    try:
        return marker(word) if "<<" in word else None
    except ExpansionError:
        return None


def find_markers(line: str, escape: str) -> tuple[Marker, ...]:
    """Return the here-documents that a joined instruction line opens; raises ExpansionError for a bad name."""
    if "<<" not in line or not _can_hold(line, escape):
        return ()
    try:
        # The escape character is always a backslash here, whatever the directive says.
        words = process(line, {}, _WORDS).words
    except ExpansionError:
        # BuildKit cannot cut the line into words, and then sees no here-document in it.
        return ()
    return tuple([found for word in words if (found := marker(word)) is not None])


def _can_hold(line: str, escape: str) -> bool:
    command = split_command(line)
    keyword = command.keyword.upper()
    arguments = split_flags(command.rest, escape).arguments
    if keyword == "ONBUILD":
        nested = split_command(arguments)
        keyword = nested.keyword.upper()
        arguments = split_flags(nested.rest, escape).arguments
    if keyword not in _CAN_HOLD:
        return False
    try:
        return exec_form(arguments) is None
    except NotStrings:
        return False


def opened_by(text: str, escape: str) -> tuple[Marker, ...]:
    """Return the here-documents opened by the physical text of an instruction."""
    try:
        return find_markers(join(text, escape).line, escape)
    except ExpansionError:
        return ()


def after_body(text: str, position: int, opened: Marker) -> int:
    """Return where the text goes on below the body that starts at `position`, and below the line that ends it."""
    while position < len(text):
        newline = text.find("\n", position)
        after = len(text) if newline < 0 else newline + 1
        line = text[position:after].rstrip("\r\n")
        if opened.chomp:
            line = line.lstrip("\t")
        if line == opened.name:
            return after
        position = after
    return len(text)
