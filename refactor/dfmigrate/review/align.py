"""Which lines of two texts are the same line, as a reader would say.

A split repeats lines: ``WORKDIR /app`` then stands in both stages. difflib takes the longest equal block first, often
the wrong copy, and shows the whole build stage as new. Here the alignment that keeps most lines wins, and among those
the one in fewest pieces; a blank line counts for little.
"""

from __future__ import annotations

Change = tuple[int, int, int, int]
"""before[i1:i2] became after[j1:j2]."""

_TEXT, _BLANK, _JOINED = 8, 2, 1
_MAX_CELLS = 1_000_000
"""About a fifth of a second; beyond that, difflib."""


def changes(before: list[bytes], after: list[bytes]) -> list[Change]:
    """The stretches that differ, in order."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    pairs = _aligned(old, new) if len(old) * len(new) <= _MAX_CELLS else _matched(old, new)
    found: list[Change] = []
    i, j = 0, 0
    for matched_i, matched_j in [*pairs, (len(old), len(new))]:
        if (i, j) != (matched_i, matched_j):
            found.append((i + head, matched_i + head, j + head, matched_j + head))
        i, j = matched_i + 1, matched_j + 1
    return found


def _common(left: list[bytes], right: list[bytes]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _aligned(old: list[bytes], new: list[bytes]) -> list[tuple[int, int]]:
    """The best pairs of equal lines, by dynamic programming from the end."""
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    # What a pair is worth with all that follows it; 0 where the lines differ.
    paired = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        line, worth = old[i], _TEXT if old[i].strip() else _BLANK
        row, below, pairs, pairs_below = best[i], best[i + 1], paired[i], paired[i + 1]
        for j in range(len(new) - 1, -1, -1):
            here = max(below[j], row[j + 1])
            if line == new[j]:
                joined = pairs_below[j + 1]
                pairs[j] = worth + max(below[j + 1], joined + _JOINED if joined else 0)
                here = max(here, pairs[j])
            row[j] = here
    return _walked(best, paired)


def _walked(best: list[list[int]], paired: list[list[int]]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    i, j, joined = 0, 0, False
    while i < len(best) - 1 and j < len(best[0]) - 1:
        if paired[i][j] and (joined or paired[i][j] == best[i][j]):
            pairs.append((i, j))
            joined = bool(paired[i + 1][j + 1]) and paired[i + 1][j + 1] + _JOINED >= best[i + 1][j + 1]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _matched(old: list[bytes], new: list[bytes]) -> list[tuple[int, int]]:
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]
