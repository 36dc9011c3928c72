from __future__ import annotations

from collections.abc import Callable

import pytest

from dfmigrate_grammar import BlankLine, Comment, Dockerfile, Instruction, Item, parse

from .reading import kinds, only, shape


@pytest.mark.parametrize(
    ("source", "old", "new", "expected"),
    [
        ("RUN a b c\n", "b", "x y", "RUN a x y c\n"),
        ("RUN a \\\n  b \\\n  c\n", "b", "x", "RUN a \\\n  x \\\n  c\n"),
        ("RUN a \\\r\n\tb\r\n", "b", "x", "RUN a \\\r\n\tx\r\n"),
        ("RUN a \\\n # c\n  b\n", "a ", "x ", "RUN x \\\n # c\n  b\n"),
        ("RUN ab\\\ncd\n", "bc", "x", "RUN axd\n"),  # What spans two lines takes what is between them.
        ("RUN a \\\n # c\n b\n", "a  b", "x", "RUN x\n"),
        ("FROM  a  AS b\n", "a", "c:1", "FROM  c:1  AS b\n"),
        ("COPY --from=a b c", "--from=a ", "", "COPY b c"),
        ("  run   a  \n", "a", "b", "  run   b  \n"),
        ("\\\nRUN a\n", "a", "b", "\\\nRUN b\n"),
        ("RU\\\nN a\n", "a", "b", "RU\\\nN b\n"),
        ("RUN <<E\na\nE\n", "<<E", "<<E cat", "RUN <<E cat\na\nE\n"),
        ("# doc\nRUN a\n", "a", "b", "# doc\nRUN b\n"),
        ("RUN a \\", "a", "b", "RUN b \\"),
        ("# escape=`\nRUN a `\n b\n", " b", " c", "RUN a `\n c\n"),
        ("RUN caf\u00e9 \\\n x\n", "\u00e9", "e", "RUN cafe \\\n x\n"),
        ("RUN a\n", "a", " x \\\n  b \\\n  c", "RUN  x \\\n  b \\\n  c\n"),
        ("RUN a\n", "a", "a \\\n  && b", "RUN a \\\n  && b\n"),
        # A word that is taken away takes its line with it.
        ("RUN a \\\n  b \\\n  c\n", "b", "", "RUN a \\\n  c\n"),
        ("RUN a \\\n  b \\\n  c\n", "  b ", "", "RUN a \\\n  c\n"),
        ("RUN a \\\n  b \\\n  # about c\n  c\n", "b", "", "RUN a \\\n  # about c\n  c\n"),
        ("RUN a \\\n  b \\\n  c\n", "c", "", "RUN a \\\n  b\n"),
        ("RUN a \\\r\n  b\r\n", "b", "", "RUN a\r\n"),
        ("RUN a \\\n  b c \\\n  d\n", "b ", "", "RUN a \\\n  c \\\n  d\n"),
        ('RUN a "x \\\n  b \\\n  y"\n', "b ", "", 'RUN a "x \\\n  \\\n  y"\n'),  # Not where the white space may count.
        ("RUN a b\n", "b", "", "RUN a \n"),
        ("RUN a \\\n  # about b\n  b\n", "b", "", "RUN a\n"),  # So that the next instruction is not swallowed.
        ("RUN a \\\n  b", "b", "", "RUN a"),
    ],
)
def test_edit(source: str, old: str, new: str, expected: str) -> None:
    instruction = only(source)
    start = instruction.logical.index(old)
    edited = instruction.edit((start, start + len(old)), new)
    assert edited.source.removeprefix("# escape=`\n") == expected


def test_edit_of_the_whole_and_of_nothing() -> None:
    instruction = only("RUN a \\\n b\n")
    assert instruction.edit((0, len(instruction.logical)), "c").source == "RUN c\n"
    assert instruction.edit((0, 0), "x ").source == "RUN x a \\\n b\n"
    assert instruction.edit((1, 1), "x").source == "RUN ax \\\n b\n"
    assert instruction.edit((0, 1), "a") is instruction


@pytest.mark.parametrize(
    ("source", "span", "text"),
    [
        ("RUN a\n", (0, 2), "x"),
        ("RUN a\n", (-1, 0), "x"),
        ("RUN a\n", (1, 0), "x"),
        ("RUN a\n", (0, 1), "a\nb"),  # A newline would begin another instruction,
        ("RUN a\n", (0, 1), "a \\"),  # a last backslash would swallow the next one.
        ("RUN a\n", (0, 1), "a\n \\\nb"),
    ],
)
def test_edits_that_would_be_read_differently_are_refused(source: str, span: tuple[int, int], text: str) -> None:
    with pytest.raises(ValueError, match=r"span|read as|continuation"):
        only(source).edit(span, text)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("RUN a \\\n # c\n b\n", "x", "RUN x\n"),
        ("# doc\nrun  a\r\n", "x \\\r\n y", "# doc\nrun  x \\\r\n y\r\n"),
        ("CMD a", '["x"]', 'CMD ["x"]'),
        ("CMD\n", "x", "CMD x\n"),
        ("CMD", "x", "CMD x"),
        ("CMD \\\n", "x", "CMD x\n"),
        ("COPY --from=a b c\n", "d e", "COPY d e\n"),
    ],
)
def test_with_arguments(source: str, text: str, expected: str) -> None:
    assert only(source).with_arguments(text).source == expected


def test_a_heredoc_goes_with_its_marker() -> None:
    instruction = only("COPY <<A <<B /x/\n1\nA\n2\nB\n")
    assert instruction.edit((0, 4), "").source == "COPY <<B /x/\n2\nB\n"
    assert instruction.with_arguments("<<A /y").source == "COPY <<A /y\n1\nA\n"
    assert instruction.with_arguments("a b").source == "COPY a b\n"


@pytest.mark.parametrize(
    ("source", "span", "text"),
    [
        ("RUN a\n", (1, 1), " <<E"),
        ("RUN <<E\nE\n", (0, 3), "<<F"),
        ("RUN <<E\nE\n", (0, 3), "a"),
        ("RUN <<E\nE\n", (3, 3), " don't"),
    ],
)
def test_no_edit_parts_a_marker_from_its_body(source: str, span: tuple[int, int], text: str) -> None:
    with pytest.raises(ValueError, match="here-document"):
        only(source).edit(span, text)


def test_with_leading() -> None:
    instruction = only("# old\nRUN a\n")
    assert instruction.with_leading(Comment("# new\n"), Comment("# two\n")).source == "# new\n# two\nRUN a\n"
    assert instruction.with_leading().source == "RUN a\n"


def _command(text: str, *leading: str) -> Instruction:
    return Instruction(tuple(Comment(line) for line in leading), text)


_CMD = _command("CMD c\n")
_COMMENT = Comment("# x\n")


def _after(at: int, *new: Item) -> Callable[[Dockerfile], Dockerfile]:
    return lambda tree: tree.insert_after(tree.items[at], *new)


def _before(at: int, *new: Item) -> Callable[[Dockerfile], Dockerfile]:
    return lambda tree: tree.insert_before(tree.items[at], *new)


def _instead(at: int, *new: Item) -> Callable[[Dockerfile], Dockerfile]:
    return lambda tree: tree.replace(tree.items[at], *new)


def _without(at: int) -> Callable[[Dockerfile], Dockerfile]:
    return lambda tree: tree.remove(tree.items[at])


@pytest.mark.parametrize(
    ("source", "change", "expected"),
    [
        ("FROM a\nRUN b\nRUN c\n", _without(1), "FROM a\nRUN c\n"),
        ("FROM a\n# doc\nRUN b\nRUN c\n", _without(1), "FROM a\nRUN c\n"),
        ("FROM a\nRUN b\n", _instead(1, _command("RUN x\n"), _CMD), "FROM a\nRUN x\nCMD c\n"),
        ("FROM a\nRUN b\n", _before(1, _command("ARG x\n", "# why\n")), "FROM a\n# why\nARG x\nRUN b\n"),
        ("FROM a\nRUN b\n", _after(0, BlankLine("\n")), "FROM a\n\nRUN b\n"),
        # The end of the file stays as it was.
        ("FROM a\nRUN b", _after(1, _CMD), "FROM a\nRUN b\nCMD c"),
        ("FROM a\nRUN b", _instead(1, _CMD), "FROM a\nCMD c"),
        ("FROM a\r\nRUN b", _after(1, _command("CMD c\r\n")), "FROM a\r\nRUN b\r\nCMD c"),
        ("FROM a\nRUN b", _without(1), "FROM a\n"),
        ("FROM a\n", _after(0, _command("CMD c")), "FROM a\nCMD c\n"),
        ("FROM a\nRUN b", _before(1, _command("CMD c")), "FROM a\nCMD c\nRUN b"),
        ("FROM a\nRUN <<E\nE", _after(1, _CMD), "FROM a\nRUN <<E\nE\nCMD c"),
        # A continuation at the end would swallow what comes below.
        ("FROM a\nRUN b \\\n", _after(1, _CMD), "FROM a\nRUN b\nCMD c\n"),
        ("FROM a\nRUN b \\", _after(1, _CMD), "FROM a\nRUN b\nCMD c"),
        ("FROM a\nRUN b \\\n# d\n", _after(1, _CMD), "FROM a\nRUN b\n# d\nCMD c\n"),
        # Directives stay first, and no comment becomes one.
        ("# escape=`\nFROM a\n", _before(0, _COMMENT), "# escape=`\n# x\nFROM a\n"),
        ("# escape=`\nFROM a\n", _before(1, _COMMENT), "# escape=`\n# x\nFROM a\n"),
        ("# syntax=a\n# check=b\nFROM a\n", _after(0, _COMMENT), "# syntax=a\n# check=b\n# x\nFROM a\n"),
        ("FROM a\n# escape=`\nRUN b\n", _without(0), "\n# escape=`\nRUN b\n"),
        ("\n# escape=`\n\nRUN b\n", _without(0), "\n# escape=`\n\nRUN b\n"),
        ("# y\nFROM a\n", _instead(0, _command("FROM a\n", "# escape=`\n")), "\n# escape=`\nFROM a\n"),
        ("\ufeffFROM a\n", _before(0, _COMMENT), "\ufeff# x\nFROM a\n"),
    ],
)
def test_edit_of_a_file(source: str, change: Callable[[Dockerfile], Dockerfile], expected: str) -> None:
    changed = change(parse(source))
    assert changed.source == expected
    assert shape(parse(expected))[-1][-1] == shape(changed)[-1][-1]


def test_untouched_items_stay_the_same_objects() -> None:
    tree = parse("# syntax=a\n\n# doc\nFROM a\nRUN b\nCMD c\n")
    run = tree.instructions[1]
    changed = tree.replace(run, run.edit((0, 1), "x"))
    assert [one is other for one, other in zip(tree.items, changed.items, strict=True)] == [
        True,
        True,
        True,
        False,
        True,
    ]


def test_unchanged_is_the_same_file() -> None:
    tree = parse("FROM a\n")
    assert tree.replace(tree.items[0], tree.items[0]) is tree
    assert tree.insert_after(tree.items[0]) is tree


def test_a_stranger_is_no_place_to_edit() -> None:
    stranger: Item = parse("FROM a\n").items[0]
    with pytest.raises(KeyError):
        parse("FROM a\n").remove(stranger)


def test_comments_travel_with_their_instruction() -> None:
    tree = parse("FROM a\n# check=skip=JSONArgsRecommended\nCMD b\nRUN c\n")
    command = tree.instructions[1]
    moved = tree.remove(command).insert_after(tree.instructions[2], command)
    assert moved.source == "FROM a\nRUN c\n# check=skip=JSONArgsRecommended\nCMD b\n"
    assert kinds(moved) == "IIcI"


def test_equal_nodes_are_told_apart() -> None:
    tree = parse("RUN a\nRUN a\nRUN b\n")
    assert tree.remove(tree.instructions[1]).instructions[0] is tree.instructions[0]
