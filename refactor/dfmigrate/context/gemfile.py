"""Bundler's ``Gemfile``, read as text: what stands there as plain literals; a Gemfile is a program."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dfmigrate.context.build_context import Context
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source, literal_at

_MAX_LINES = 5_000
_CALL = re.compile(
    r"(gem|group|source|git|path|platforms?|gemspec|ruby|eval_gemfile|git_source|plugin|install_if)\b\s*\(?\s*"
)
_OPENS = re.compile(r"\b(?:if|unless|case|begin|def|while|until)\b.*")
_SYMBOL = re.compile(r":(\w+)|:?\"(\w+)\"|'(\w+)'")


class GemSource(Enum):
    """Where Bundler gets a gem from."""

    SERVER = "server"
    GIT = "git"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class DeclaredGem:
    """One ``gem`` line."""

    name: str
    groups: frozenset[str]
    """``default`` when nothing else is said."""
    source: GemSource
    location: str | None
    """Path or URL as written."""
    platforms: frozenset[str]
    """Only on these, when not empty."""
    line: int


@dataclass(frozen=True, slots=True)
class Gemfile:
    """One file with those that it evaluates."""

    path: str
    gems: tuple[DeclaredGem, ...]
    gemspec: bool
    """Whether it takes the dependencies of a ``.gemspec`` beside it."""
    ruby: str | None
    """The version asked of Ruby, as written; None when nothing is asked, or it is computed."""
    reads: tuple[str, ...]
    """Further files that evaluating it reads, as context paths: the version file, evaluated Gemfiles."""
    complete: bool
    """False when a line's meaning is computed: there may be more gems, or other groups."""
    optional: frozenset[str] = frozenset()
    """Groups that are left out unless they are asked for."""

    def without(self, groups: frozenset[str]) -> frozenset[str]:
        """Names of the gems that are asked for when these groups are left out."""
        return frozenset(gem.name for gem in self.gems if not gem.groups <= groups)


@dataclass(slots=True)
class _Reading:
    """What is collected, and the blocks that are open: groups, platforms and source of each."""

    gems: list[DeclaredGem]
    reads: list[str]
    blocks: list[tuple[frozenset[str], frozenset[str], GemSource | None, str | None]]
    gemspec: bool = False
    ruby: str | None = None
    complete: bool = True
    optional: frozenset[str] = frozenset()


@remembered
def gemfile(context: Context, path: str = "Gemfile") -> Gemfile | None:
    """Read a Gemfile; None when it is not there or no text."""
    text = context.read(path)
    if text is None:
        return None
    reading = _Reading([], [], [])
    _read(context, path, text, reading, 0)
    return Gemfile(
        path=path,
        gems=tuple(reading.gems),
        gemspec=reading.gemspec,
        ruby=reading.ruby,
        reads=tuple(dict.fromkeys(reading.reads)),
        complete=reading.complete and not reading.blocks,
        optional=reading.optional,
    )


def _read(context: Context, path: str, text: str, reading: _Reading, depth: int) -> None:
    source = Source(path, "ruby", text.replace("\r\n", "\n"))
    for number, line in _logical_lines(source.code):
        if number > _MAX_LINES:
            reading.complete = False
            return
        if line == "end":
            if reading.blocks:
                reading.blocks.pop()
            else:
                reading.complete = False
            continue
        found = _CALL.match(line)
        if found is None:
            _other(line, reading)
        elif found[1] == "eval_gemfile":
            _evaluated(context, path, line[found.end() :], reading, depth)
        else:
            _call(context, path, found[1], line, found.end(), number, reading)


def _logical_lines(code: str) -> Iterator[tuple[int, str]]:
    """Lines joined after a trailing comma, with the number of their first line."""
    joined, start = "", 0
    for number, line in enumerate(code.split("\n"), start=1):
        stripped = line.strip()
        start = start or number
        joined = f"{joined} {stripped}".strip()
        if joined.endswith((",", "(")) and len(joined) < 4000:
            continue
        if joined:
            yield start, joined
        joined, start = "", 0


def _other(line: str, reading: _Reading) -> None:
    if line in ("else", "ensure", "rescue", "}") or line.startswith(("elsif ", "when ")):
        return
    opens = _OPENS.fullmatch(line) is not None or re.search(r"\bdo(?:\s*\|[^|]*\|)?$", line) is not None
    if opens and not re.search(r"\bend$", line):
        # What is in a condition may or may not count: it is listed, and the whole is not complete.
        reading.blocks.append((frozenset(), frozenset(), None, None))
    if not re.fullmatch(r"[A-Za-z_]\w*\s*=\s*[^=].*|require.*|\".*\"|'.*'", line):
        reading.complete = False


def _call(context: Context, path: str, name: str, line: str, at: int, number: int, reading: _Reading) -> None:
    block = re.search(r"\bdo(?:\s*\|[^|]*\|)?$", line) is not None
    rest = line[at:]
    if name == "gem":
        _gem(line, at, number, reading)
    elif name == "ruby":
        _ruby(context, path, line, at, reading)
    elif name == "gemspec":
        reading.gemspec = True
    if not block:
        if name in ("group", "install_if"):
            reading.complete = False
        return
    literal = literal_at(line, at, "ruby")
    location = None if literal is None else literal.value
    named = re.sub(r",\s*:?optional\s*(?:=>|:)\s*(?:true|false)", "", rest)
    groups = frozenset(_symbols(named)) if name == "group" else frozenset()
    if name == "group" and re.search(r"\boptional\s*(?:=>|:)\s*true\b", rest):
        reading.optional |= groups
    platforms = frozenset(_symbols(rest)) if name in ("platform", "platforms") else frozenset()
    kind = {"git": GemSource.GIT, "path": GemSource.PATH}.get(name)
    if name in ("install_if",) or (name == "group" and not groups):
        reading.complete = False
    reading.blocks.append((groups, platforms, kind, location if kind is not None else None))


def _gem(line: str, at: int, number: int, reading: _Reading) -> None:
    literal = literal_at(line, at, "ruby")
    if literal is None or literal.value is None:
        reading.complete = False
        return
    options = dict(_options(line, literal.end))
    groups = frozenset(_symbols(options.get("group", "") + options.get("groups", "")))
    platforms = frozenset(_symbols(options.get("platform", "") + options.get("platforms", "")))
    kind, location = GemSource.SERVER, None
    for _, outer_platforms, outer_kind, outer_location in reading.blocks:
        platforms |= outer_platforms
        kind, location = (kind, location) if outer_kind is None else (outer_kind, outer_location)
    groups |= frozenset(group for outer, *_ in reading.blocks for group in outer)
    for option, chosen in (("git", GemSource.GIT), ("github", GemSource.GIT), ("path", GemSource.PATH)):
        if option in options:
            written = literal_at(options[option], 0, "ruby")
            kind, location = chosen, None if written is None else written.value
    conditional = re.search(r"\s(?:if|unless)\s", line[literal.end :]) is not None or "install_if" in options
    reading.complete = reading.complete and not conditional
    name = literal.value
    reading.gems.append(DeclaredGem(name, groups or frozenset({"default"}), kind, location, platforms, number))


def _options(line: str, at: int) -> Iterator[tuple[str, str]]:
    """``name: value`` and ``:name => value`` pairs; a value runs to the next pair."""
    found = list(re.finditer(r"[,(]\s*:?(\w+)\s*(?:=>|:(?!:))\s*", line[at:]))
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(line) - at
        yield match[1], line[at + match.end() : at + end]


def _symbols(text: str) -> list[str]:
    words = [one or two or three for one, two, three in _SYMBOL.findall(text)]
    listed = re.findall(r"%[iw][\[(]([\w\s]*)[\])]", text)
    return words + [word for part in listed for word in part.split()]


def _ruby(context: Context, path: str, line: str, at: int, reading: _Reading) -> None:
    literal = literal_at(line, at, "ruby")
    if literal is not None and literal.value is not None:
        reading.ruby = literal.value
        return
    option = re.match(r"file:\s*|:file\s*=>\s*", line[at:])
    named = None if option is None else literal_at(line, at + option.end(), "ruby")
    if named is not None and named.value is not None:
        where = posixpath.normpath(posixpath.join(posixpath.dirname(path), named.value))
        reading.reads.append(where)
        reading.ruby = _version_in(context, where)


def _version_in(context: Context, path: str) -> str | None:
    text = context.read(path) or ""
    found = re.search(r"(?m)^\s*(?:ruby[- ])?v?(\d+(?:\.\w+)*)\s*$", text)
    return None if found is None else found[1]


def _evaluated(context: Context, path: str, rest: str, reading: _Reading, depth: int) -> None:
    literal = literal_at(rest, 0, "ruby")
    name = None if literal is None else literal.value
    where = "" if name is None else posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    text = context.read(where) if where else None
    if text is None or depth >= 3 or where in reading.reads:
        reading.complete = False
        return
    reading.reads.append(where)
    _read(context, where, text, reading, depth + 1)
