from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dfmigrate.review import align
from dfmigrate.review.align import changes

BEFORE = [b"FROM node:18", b"WORKDIR /app", b"ENV A=1", b"COPY . .", b"RUN npm ci", b"CMD node ."]
SPLIT = [
    b"FROM node:18 AS build", b"WORKDIR /app", b"ENV A=1", b"COPY . .", b"RUN npm ci", b"",
    b"FROM node:18", b"WORKDIR /app", b"ENV A=1", b"COPY --from=build /app .", b"CMD node .",
]  # fmt: skip


def test_a_split_adds_a_stage_below_the_first() -> None:
    # difflib would match the three lines of the second stage and show all of the first as new.
    assert changes(BEFORE, SPLIT) == [(0, 1, 0, 1), (5, 5, 5, 10)]


def test_equal_texts_have_no_changes() -> None:
    assert changes(BEFORE, BEFORE) == []
    assert changes([], []) == []


def test_one_text_may_be_empty() -> None:
    assert changes([], BEFORE) == [(0, 0, 0, 6)]
    assert changes(BEFORE, []) == [(0, 6, 0, 0)]


def test_a_blank_line_does_not_hold_a_change_apart() -> None:
    assert changes([b"a", b"", b"b"], [b"b", b"", b"c", b"d", b"b"]) == [(0, 1, 0, 1), (2, 2, 2, 4)]


def test_a_long_run_of_equal_lines_stays_in_one_piece() -> None:
    assert changes([b"x", b"x"], [b"x", b"y", b"x", b"x"]) in ([(0, 0, 0, 2)], [(1, 1, 1, 3)])


LINES = st.lists(st.sampled_from([b"", b"a", b"b", b"c"]), max_size=12)


@given(LINES, LINES)
def test_the_changes_lead_from_one_text_to_the_other(before: list[bytes], after: list[bytes]) -> None:
    built: list[bytes] = []
    at = 0
    for i1, i2, j1, j2 in changes(before, after):
        assert i1 >= at
        assert (i1, j1) != (i2, j2)
        built += before[at:i1] + after[j1:j2]
        assert len(built) == j2
        at = i2
    assert built + before[at:] == after


def test_a_large_text_is_aligned_too() -> None:
    size = align._MAX_CELLS // 500
    before = [b"%d" % (number % 97) for number in range(size)]
    after = [b"new", *before[: size // 2], b"new", *before[size // 2 :], b"new"]
    assert changes(before, after) == [
        (0, 0, 0, 1),
        (size // 2, size // 2, size // 2 + 1, size // 2 + 2),
        (size, size, size + 2, size + 3),
    ]
