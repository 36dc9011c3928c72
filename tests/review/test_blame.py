from __future__ import annotations

from samples import BEFORE, REORDERED, SPLIT, full, migration

from dfmigrate.migration import Migration
from dfmigrate.review.blame import blame


def told(subject: Migration) -> list[list[tuple[str, str]]]:
    """For each hunk the changed lines, each with the letters of its steps."""
    return [
        [
            ("".join("ABC"[step] for step in steps), (line.sign + line.text).decode().rstrip("\n"))
            for line, steps in zip(blamed.hunk.lines, blamed.authors, strict=True)
            if line.sign != b" "
        ]
        for blamed in blame(subject)
    ]


def test_every_changed_line_has_its_step() -> None:
    assert told(full()) == [
        [
            ("B", "-FROM node:18"),
            ("B", "+FROM node:18 AS build"),
            ("A", "-COPY . ."),
            ("A", "+COPY package.json ./"),
            ("A", "+COPY . ."),
            ("B", "+"),
            ("B", "+FROM node:18"),
            ("B", "+WORKDIR /app"),
            ("B", "+COPY --from=build /app ./"),
            ("C", "+USER node"),
        ]
    ]


def test_a_line_that_two_steps_wrote_names_both() -> None:
    first = b"FROM a\nCOPY a .\nCMD x\n"
    second = b"FROM a\nCOPY --chown=1 a .\nCMD x\n"
    subject = migration(b"FROM a\nCOPY . .\nCMD x\n", ("one", first), ("two", second))
    assert told(subject) == [[("A", "-COPY . ."), ("AB", "+COPY --chown=1 a .")]]


def test_a_line_that_came_with_a_rewritten_one_is_the_later_steps_alone() -> None:
    first = b"FROM a AS b\nCMD x\n"
    second = b"ARG V\nFROM ${V} AS b\nCMD x\n"
    subject = migration(b"FROM a\nCMD x\n", ("one", first), ("two", second))
    assert told(subject) == [[("A", "-FROM a"), ("B", "+ARG V"), ("AB", "+FROM ${V} AS b")]]


def test_far_apart_changes_are_explained_where_they_are() -> None:
    middle = b"".join(b"RUN %d\n" % number for number in range(30))
    before, after = b"FROM a\n" + middle + b"CMD a\n", b"FROM b\n" + middle + b"CMD a\n"
    last = after.replace(b"CMD a", b"CMD b")
    first, second = blame(migration(before, ("one", after), ("two", last)))
    assert (first.steps, second.steps) == ((0,), (1,))


def test_a_step_that_another_undid_is_still_explained() -> None:
    before = b"FROM a\nCMD x\n"
    subject = migration(before, ("one", b"FROM b\nCMD x\n"), ("two", before), ("three", b"FROM a\nCMD y\n"))
    (only,) = blame(subject)
    assert only.steps == (0, 1, 2)


def test_steps_and_letters_for_a_file_that_a_step_repeats() -> None:
    assert [blamed.steps for blamed in blame(migration(BEFORE, ("one", REORDERED), ("two", SPLIT)))] == [(0, 1)]


def test_no_change_no_hunk() -> None:
    assert blame(migration(BEFORE)) == ()
