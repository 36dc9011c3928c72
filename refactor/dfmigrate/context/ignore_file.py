"""``.dockerignore``, matched as the client that sends the context to BuildKit matches it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dfmigrate.context.glob_pattern import PatternError, compile_segment

_MAX_PATTERNS = 2000

Verdicts = tuple[bool, ...]
"""For each pattern of the file, whether it has matched a path or one of the folders above it."""


@dataclass(frozen=True, slots=True)
class IgnorePattern:
    """One line: what it matches, and whether it takes paths back in (``!``)."""

    text: str
    """As the matcher sees it: cleaned, without ``!`` and leading slash."""
    line: int
    exception: bool
    segments: tuple[re.Pattern[str] | None, ...]
    """One expression per path segment; None stands for ``**``. Empty when ``prefix`` or ``suffix`` decides."""
    prefix: str | None = None
    suffix: str | None = None

    def matches(self, path: str) -> bool:
        """Whether this very path matches; the folders above it are the caller's business."""
        if self.prefix is not None:
            return path.startswith(self.prefix)
        if self.suffix is not None:
            return path.endswith(self.suffix)
        return _segments_match(self.segments, path.split("/"))


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """All patterns of one ignore file, in order: the last one that matches decides."""

    path: str
    patterns: tuple[IgnorePattern, ...]
    error: str | None = None
    """Why the builder would refuse the file, or why its meaning is not known; ``patterns`` is then empty."""

    @property
    def has_exceptions(self) -> bool:
        return any(pattern.exception for pattern in self.patterns)

    def decide(self, path: str, above: Verdicts) -> tuple[bool, Verdicts]:
        """Whether ``path`` is left out, given the verdicts for its parent folder (empty at the root).

        A pattern that could not have changed the outcome for the folder is not counted as matching it, exactly as in
        the client's walk: ``*/f`` then ``!d`` leaves ``d/f`` out.
        """
        ignored = False
        verdicts: list[bool] = []
        for index, pattern in enumerate(self.patterns):
            hit = bool(above) and above[index]
            if not hit and pattern.exception == ignored:
                hit = pattern.matches(path)
            verdicts.append(hit)
            if hit:
                ignored = not pattern.exception
        return ignored, tuple(verdicts)

    def ignores(self, path: str) -> bool:
        """Whether the builder leaves this path out."""
        ignored = False
        above: Verdicts = ()
        for folder in _with_parents(path):
            ignored, above = self.decide(folder, above)
        return ignored


def parse_ignore_file(path: str, text: str) -> IgnoreFile:
    """Read the text of an ignore file."""
    patterns: list[IgnorePattern] = []
    try:
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
            pattern = _parse_line(line, number)
            if pattern is not None:
                patterns.append(pattern)
    except PatternError as error:
        return IgnoreFile(path, (), f"line {number}: {error}")
    if len(patterns) > _MAX_PATTERNS:
        return IgnoreFile(path, (), "too many patterns")
    return IgnoreFile(path, tuple(patterns))


def ignore_patterns(texts: Sequence[str]) -> IgnoreFile:
    """The patterns of COPY's ``--exclude`` and ``--parents``, which the builder matches in the same way."""
    try:
        found = [_pattern(text, number) for number, text in enumerate(texts, start=1)]
    except PatternError as error:
        return IgnoreFile("", (), str(error))
    return IgnoreFile("", tuple(pattern for pattern in found if pattern is not None))


def _parse_line(line: str, number: int) -> IgnorePattern | None:
    return None if line.startswith("#") else _pattern(line, number)


def _pattern(written: str, number: int) -> IgnorePattern | None:
    text = written.strip()
    if not text:
        return None
    exception = text.startswith("!")
    if exception:
        text = text[1:].strip()
        if not text:
            raise PatternError("a lone exclamation mark")
    text = _clean(text)
    if len(text) > 1:
        text = text.removeprefix("/")
    return _compiled(text, number, exception)


def _compiled(text: str, number: int, exception: bool) -> IgnorePattern:
    parts = text.split("/")
    if any("**" in part and part != "**" for part in parts):
        return _glued_pattern(text, number, exception)
    collapsed = [part for at, part in enumerate(parts) if part != "**" or at == 0 or parts[at - 1] != "**"]
    segments = tuple(None if part == "**" else _segment(part) for part in collapsed)
    return IgnorePattern(text, number, exception, segments)


def _glued_pattern(text: str, number: int, exception: bool) -> IgnorePattern:
    """``**`` that is not a whole segment: ``**.pyc`` and ``build**`` have a plain meaning, others are an accident."""
    rest = text.replace("**", "", 1)
    if _is_plain(rest):
        if text.startswith("**"):
            return IgnorePattern(text, number, exception, (), suffix=rest)
        if text.endswith("**"):
            return IgnorePattern(text, number, exception, (), prefix=rest)
    raise PatternError(f"the meaning of {text!r} is not documented")


def _segment(part: str) -> re.Pattern[str]:
    # Docker turns these into a regular expression without escaping them once the pattern has a wildcard.
    if not _is_plain(part) and re.search(r"\\[0-9A-Za-z]|[|]|\{\d|(?<!\[)\^", part):
        raise PatternError(f"the meaning of {part!r} is not documented")
    return compile_segment(part)


def _is_plain(text: str) -> bool:
    return not any(char in "*?[]\\" for char in text)


def _segments_match(pattern: tuple[re.Pattern[str] | None, ...], path: list[str]) -> bool:
    """Greedy matching with one place to step back to: the last ``**`` seen."""
    at = here = 0
    retry: tuple[int, int] | None = None
    while here < len(path):
        expected = pattern[at] if at < len(pattern) else _NOTHING
        if expected is None:
            if at == len(pattern) - 1:
                return True
            retry = (at + 1, here)
            at += 1
        elif expected.match(path[here]):
            at += 1
            here += 1
        elif retry is not None:
            at, here = retry[0], retry[1] + 1
            retry = (at, here)
        else:
            return False
    return at == len(pattern)


_NOTHING = re.compile(r"(?!)")


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _with_parents(path: str) -> Iterator[str]:
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        yield "/".join(parts[:end])
