from __future__ import annotations

import pytest

from dfmigrate_grammar import parse
from dfmigrate_grammar.traps import explain, find_traps


def _codes(source: str) -> list[tuple[str, int, int]]:
    return [(trap.code, trap.line, trap.column) for trap in find_traps(parse(source))]


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ('CMD ["a"] # why', "trailing-text", 10),
        ('CMD ["a", "b"]]', "trailing-text", 15),
        ('ENTRYPOINT ["a"];', "trailing-text", 17),
        ('RUN ["a"] && b', "trailing-text", 10),
        ('RUN --network=none ["a"] b', "trailing-text", 25),
        ('HEALTHCHECK CMD ["a"] b', "trailing-text", 22),
        ('VOLUME ["/a"] /b', "trailing-text", 14),
        ('COPY ["a", "b"] c', "trailing-text", 16),
        ('ONBUILD CMD ["a"] b', "trailing-text", 18),
        ("CMD ['a', 'b']", "single-quotes", 5),
        ("CMD [ 'a' ]", "single-quotes", 5),
        ("ENTRYPOINT [\"a\", 'b']", "single-quotes", 12),
        ("RUN ['a',]", "single-quotes", 5),
        ("RUN ['a'] && b", "single-quotes", 5),
        ("VOLUME ['/a']", "single-quotes", 8),
        ("SHELL ['a']", "single-quotes", 7),
        ("HEALTHCHECK CMD ['a']", "single-quotes", 17),
        ("ENV A=b # c", "no-comment", 9),
        ("ENV A=b #c", "no-comment", 9),
        ("ENV A b # c", "no-comment", 9),
        ("LABEL a=b # c", "no-comment", 11),
        ("FROM a # c", "no-comment", 8),
        ("FROM a #c", "no-comment", 8),
        ("WORKDIR /a # c", "no-comment", 12),
        ("EXPOSE 80 # web", "no-comment", 11),
        ("COPY a b # c", "no-comment", 10),
        ("ARG A=1 # c", "no-comment", 9),
        ("ONBUILD ENV A=b # c", "no-comment", 17),
        ("RUN cat<<E", "no-heredoc", 8),
        ("RUN a && cat<<-'E' >x", "no-heredoc", 13),
        ("RUN (cat)<<E", "no-heredoc", 10),
        ("RUN <<- E", "no-heredoc", 5),
        ("RUN echo don't <<E", "no-heredoc", 16),
        ("RUN echo ${A[@]} <<E", "no-heredoc", 18),
        ("ONBUILD RUN cat<<E", "no-heredoc", 16),
        ("RUN --mount=from=0,target=/x a", "mount-index", 5),
        ("RUN --mount=type=bind,FROM=12,target=/x a", "mount-index", 5),
        ("ONBUILD RUN --mount=from=0 a", "mount-index", 13),
        ("RUN \\\n  --mount=from=0 a", "mount-index", 3),
    ],
)
def test_traps_of_one_instruction(line: str, code: str, column: int) -> None:
    breaks = line.count("\n")
    assert _codes(f"FROM base\n{line}\nE\n") == [(code, 2 + breaks, column)]


@pytest.mark.parametrize(
    "line",
    [
        'CMD ["a", "b"]',
        'CMD ["a"]  ',
        "CMD []",
        'RUN [ "$A" ] && b',  # A test of the shell, which was meant.
        "RUN [ '$A' ] || b",
        "RUN [ -f a ] && b",
        "RUN [ \"a\" = 'b' ]",
        "RUN [[ 'a' ]]",
        "HEALTHCHECK CMD [ -e a ] || exit 1",
        'RUN ["a", 1] b',
        "CMD echo ['a']",
        'WORKDIR ["/a"] b',
        "USER ['a']",
        "ENV A=b#c",
        "ENV A='b # c'",
        "ENV COLOR #fff",
        'ENV A "b # c"',
        "ENV A=1 #B=2",
        "LABEL a one # two",
        "RUN a # c",
        "CMD a # c",
        'COPY ["#", "# "]',
        "COPY a#b c",
        "MAINTAINER a # b",
        "RUN cat <<E\nE",
        "RUN cat 3<<E\nE",
        "RUN <<E\ncat<<X\nX\nE",
        "RUN cat<<<E",
        "RUN echo 'a<<E'",
        'RUN echo "a<<E"',
        "RUN echo a\\<<E",
        "RUN a=$((1<<b))",
        "RUN ((a=1<<b))",
        "RUN a<<1",
        'RUN ["a<<E"]',
        "CMD cat<<E",  # Nobody expects lines below it.
        "ENV A=a<<E",
        "RUN --mount=from=base a",
        "RUN --mount=from=0x a",
        "RUN --mount=id=0 a",
        'RUN --mount=a"b a',
        "RUN echo --mount=from=0",
        "COPY --from=0 a b",
        "ONBUILD",
        "ONBUILD ONBUILD CMD ['a']",
        "FOO ['a'] # b",
    ],
)
def test_no_trap(line: str) -> None:
    assert _codes(f"FROM base\n{line}\n") == []


@pytest.mark.parametrize(
    ("source", "traps"),
    [
        ("FROM a AS build\nFROM Build", [("stage-case", 2, 6)]),
        ("FROM a AS Build\nFROM --platform=x Build AS c", [("stage-case", 2, 19)]),
        ("FROM a AS Build\nFROM build", []),
        ("FROM Build\nFROM a AS build", []),  # The stage comes too late to be meant.
        ("FROM a AS build\nFROM Other", []),
        ("FROM a AS build\nFROM b\nCOPY --from=BUILD a b", []),  # COPY does not mind.
        ("FROM $Build\nFROM", []),
    ],
)
def test_stage_in_the_wrong_case(source: str, traps: list[tuple[str, int, int]]) -> None:
    assert _codes(source) == traps


@pytest.mark.parametrize(
    ("source", "traps"),
    [
        ("FROM a\nENV E=1\nARG E=9\n", [("arg-over-env", 3, 5)]),
        ("FROM a\nENV E 1\nARG A E\n", [("arg-over-env", 3, 7)]),
        ("FROM a AS p\nENV E=1\nFROM p\nARG E=9\n", [("arg-over-env", 4, 5)]),
        ("FROM a AS p\nENV E=1\nFROM p AS q\nFROM q\nARG E=9\n", [("arg-over-env", 5, 5)]),
        ("FROM a AS p\nENV E=1\nFROM b\nARG E=9\n", []),
        ("FROM a\nARG E=9\nENV E=1\n", []),
        ("FROM a\nENV E=1\nARG F=9\n", []),
        ("ARG E=9\nFROM a\nENV E=1\n", []),
        ("FROM a\nENV E=1\nONBUILD ARG E=9\n", []),
    ],
)
def test_arg_that_overrides_env(source: str, traps: list[tuple[str, int, int]]) -> None:
    assert _codes(source) == traps


def test_an_arg_without_value_may_override() -> None:
    messages = [trap.message for trap in find_traps(parse("FROM a\nENV E=1 F=1\nARG E=9\nARG F\n"))]
    assert messages == [
        "ARG E overrides the ENV of line 2 for the RUNs below; the image keeps the ENV",
        "ARG F, when it has a value, overrides the ENV of line 2 for the RUNs below; the image keeps the ENV",
    ]


def test_traps_come_in_the_order_of_the_file() -> None:
    traps = find_traps(parse("FROM a AS b\nENV A=1\nARG A=2\nCMD ['a']\nFROM B\nWORKDIR /a # b\n"))
    assert [trap.line for trap in traps] == [3, 4, 5, 6]
    assert str(traps[1]) == "line 4: JSON needs double quotes; with single quotes this is shell form"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("FROM a\nENV A=b # c\n", "no-comment"),
        ("FROM a\nENV A=1 \\\n B=2 # c \\\n C=3\n", "no-comment"),
        ("FROM a # c\n", "no-comment"),
        ("FROM a\nSHELL ['a']\n", "single-quotes"),
        ("FROM a\nRUN cat<<E\nx y\nE\n", "no-heredoc"),
        ("FROM a\nRUN cat<<E\nENV\nE\n", None),  # What ENV lacks says enough.
        ("FROM a\nCMD ['a']\nENV A\n", None),
        ("FROM a\nENV A\n", None),
        ("", None),
        ("# escape=x\nFROM a\n", None),
    ],
)
def test_a_problem_is_explained_by_the_trap_it_fell_into(source: str, code: str | None) -> None:
    tree = parse(source)
    trap = explain(tree, tree.problems[0])
    assert (None if trap is None else trap.code) == code


@pytest.mark.parametrize(
    "line",
    [
        "CMD [" + "'a'," * 20_000,
        "CMD ['a'" + " " * 50_000,
        "CMD [ 'a'" + " " * 50_000 + "] x",
        "RUN " + "((" * 30_000,
        "RUN " + "a<<" * 20_000,
        "RUN <<E " + "<<E " * 15_000 + "\nE",
        "RUN " + '"\\' * 30_000,
        "CMD " + "[" * 60_000,
    ],
)
def test_long_lines_are_searched_in_time(line: str) -> None:
    find_traps(parse(f"FROM a\n{line}\n"))
