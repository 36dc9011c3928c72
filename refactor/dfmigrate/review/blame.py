"""Which step is behind which changed line."""

from __future__ import annotations

from dataclasses import dataclass

from dfmigrate.migration import Migration, Step
from dfmigrate.review.align import changes
from dfmigrate.review.diff import Hunk, Line, hunks, split_lines


@dataclass(frozen=True, slots=True)
class Blamed:
    """A hunk; for each of its lines, the positions of the steps that changed it; and all steps to explain with it."""

    hunk: Hunk
    authors: tuple[tuple[int, ...], ...]
    steps: tuple[int, ...]


CONTEXT = 10
"""More than a patch needs: most Dockerfiles are then shown as a whole."""


def blame(migration: Migration) -> tuple[Blamed, ...]:
    """Follow every line through the steps, as ``git blame`` follows it through commits."""
    before, after = bytes(migration.before), bytes(migration.after)
    removed, written = _trace(before, after, migration.steps)
    own = [_own_lines(step) for step in migration.steps]

    def authors(line: Line) -> tuple[int, ...]:
        if line.sign == b" ":
            return ()
        traced = removed[line.before] if line.before is not None else written[line.after or 0]
        # The whole diff may align repeated lines otherwise than the steps did; then the text decides.
        return tuple(sorted(traced)) or tuple(n for n, lines in enumerate(own) if (line.sign, line.text) in lines)

    found = hunks(before, after, CONTEXT)
    by_line = [tuple(authors(line) for line in hunk.lines) for hunk in found]
    by_hunk = [{step for steps in lines for step in steps} for lines in by_line]
    if by_hunk:
        # A step that left no line of its own is explained at the end: none goes unexplained.
        by_hunk[-1] |= set(range(len(migration.steps))).difference(*by_hunk)
    return tuple(
        Blamed(hunk, lines, tuple(sorted(steps))) for hunk, lines, steps in zip(found, by_line, by_hunk, strict=True)
    )


def _trace(before: bytes, after: bytes, steps: tuple[Step, ...]) -> tuple[list[set[int]], list[set[int]]]:
    """For each line before, the steps that removed it; for each line after, the steps that wrote it."""
    current = split_lines(before)
    removed: list[set[int]] = [set() for _ in current]
    written: list[set[int]] = [set() for _ in current]
    origin: list[int | None] = list(range(len(current)))
    texts = [({number}, bytes(step.after)) for number, step in enumerate(steps)]
    for author, text in [*texts, (set[int](), after)]:
        following = split_lines(text)
        # From the end, so that the positions of the changes before it stay true.
        for i1, i2, j1, j2 in reversed(changes(current, following)):
            for line in origin[i1:i2]:
                if line is not None:
                    removed[line] |= author
            # Who rewrites a line shares it with those who had written it before.
            earlier = list(zip(current[i1:i2], written[i1:i2], strict=True))
            written[i1:i2] = [
                author.union(*(authors for old, authors in earlier if _keyword(old) == _keyword(new)))
                for new in following[j1:j2]
            ]
            origin[i1:i2] = [None] * (j2 - j1)
        current = following
    return removed, written


def _keyword(line: bytes) -> bytes:
    """By the first word one sees which of several rewritten lines became which."""
    return line.split(maxsplit=1)[0].upper() if line.strip() else line


def _own_lines(step: Step) -> frozenset[tuple[bytes, bytes]]:
    own = hunks(bytes(step.before), bytes(step.after))
    return frozenset((line.sign, line.text) for hunk in own for line in hunk.lines if line.sign != b" ")
