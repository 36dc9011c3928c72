from __future__ import annotations

import pytest

from dfmigrate_grammar import parse

_KEYS = "Must be of the form: name=value"
_ARRAY = "when using JSON array syntax, arrays must be comprised of strings only"
_NO_DESTINATION = "requires at least two arguments, but only one was provided. Destination could not be determined"


def _first(source: str) -> tuple[str, str] | None:
    problems = parse(source).problems
    return (problems[0].kind, problems[0].message) if problems else None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "file with no instructions"),
        ("# only\n\n", "file with no instructions"),
        ("# escape=x\nFROM a", "invalid escape token 'x' does not match ` or \\"),
        ("# escape=`\n# escape=`\nFROM a", "only one escape parser directive can be used"),
        ("# syntax=a\n# SYNTAX=b\nFROM a", "only one syntax parser directive can be used"),
        ("ENV A", "ENV must have two arguments"),
        ("LABEL a", "LABEL must have two arguments"),
        ('ENV A=1 b"c', f'Syntax error - can\'t find = in "b\\"c". {_KEYS}'),
        ("LABEL a=b # c", f'Syntax error - can\'t find = in "#". {_KEYS}'),
        ("ONBUILD ENV A", "ENV must have two arguments"),
        ('RUN ["a", 1]', _ARRAY),
        ("COPY [[]]", _ARRAY),
        ("HEALTHCHECK CMD [null]", _ARRAY),
        ("ONBUILD CMD [true]", _ARRAY),
        ("RUN <<E", "unterminated heredoc"),
        ("RUN <<E\nF\n", "unterminated heredoc"),
        ("ONBUILD COPY <<E /x\n", "unterminated heredoc"),
        (f"FROM a\nRUN {'x' * 65_532}\n", "dockerfile line greater than max allowed size of 65535"),
        (f"RUN {'x' * 65_532}\n", "file with no instructions"),  # BuildKit has read nothing before that line.
        (f"FROM a\nRUN <<E\n{'x' * 65_536}\nE\n", "unterminated heredoc"),
    ],
)
def test_what_the_parser_refuses(source: str, message: str) -> None:
    assert _first(source) == ("parse", message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("FROBNICATE a", "unknown instruction: FROBNICATE"),
        ("RUM a", "unknown instruction: RUM (did you mean RUN?)"),
        ("rum a", "unknown instruction: rum (did you mean run?)"),
        ("COPPY a b", "unknown instruction: COPPY (did you mean COPY?)"),
        ("&& a", "unknown instruction: &&"),
        ("\\", "unknown instruction: "),
        ("ADD a", f"ADD {_NO_DESTINATION}"),
        ('COPY ["a"]', f"COPY {_NO_DESTINATION}"),
        ("COPY a <<E\nE", "COPY cannot accept a heredoc as a destination"),
        ('COPY ["a", "<<E"]', "COPY cannot accept a heredoc as a destination"),
        ("ADD <<E <<F\nE\nF", "ADD cannot accept a heredoc as a destination"),
        ("ARG", "ARG requires at least one argument"),
        ("ARG =b", "ARG names can not be blank"),
        ("ARG A = b", "ARG names can not be blank"),
        ("ENV", "ENV requires at least one argument"),
        ("ENV =b", "ENV names can not be blank"),
        ("LABEL", "LABEL requires at least one argument"),
        ("EXPOSE", "EXPOSE requires at least one argument"),
        ("VOLUME", "VOLUME requires at least one argument"),
        ("VOLUME []", "VOLUME requires at least one argument"),
        ('VOLUME ["/a", " "]', "VOLUME specified can not be an empty string"),
        ("USER", "USER requires exactly one argument"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("MAINTAINER", "MAINTAINER requires exactly one argument"),
        ("STOPSIGNAL", "STOPSIGNAL requires exactly one argument"),
        ("SHELL", "SHELL requires at least one argument"),
        ("SHELL []", "SHELL requires at least one argument"),
        ("SHELL /bin/sh -c", "SHELL requires the arguments to be in JSON form"),
        ("FROM", "FROM requires either one or three arguments"),
        ("FROM a b", "FROM requires either one or three arguments"),
        ("FROM a to b", "FROM requires either one or three arguments"),
        ("FROM a # c", "FROM requires either one or three arguments"),
        (
            "FROM a as 0x",
            'invalid name for build stage: "0x", name can\'t start with a number or contain symbols',
        ),
        (
            "FROM a as b/c",
            'invalid name for build stage: "b/c", name can\'t start with a number or contain symbols',
        ),
        ("ONBUILD", "ONBUILD requires at least one argument"),
        ("ONBUILD ONBUILD RUN a", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
        ("ONBUILD from a", "FROM isn't allowed as an ONBUILD trigger"),
        ("ONBUILD MAINTAINER a", "MAINTAINER isn't allowed as an ONBUILD trigger"),
        ("HEALTHCHECK", "HEALTHCHECK requires at least one argument"),
        ("HEALTHCHECK CURL x", 'Unknown type "CURL" in HEALTHCHECK (try CMD)'),
        ("HEALTHCHECK NONE a", "HEALTHCHECK NONE takes no arguments"),
        ("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"),
        ("HEALTHCHECK CMD []", "Missing command after HEALTHCHECK CMD"),
        ("HEALTHCHECK --interval=1us CMD a", 'Interval "interval" cannot be less than 1ms'),
        ("HEALTHCHECK --start-period=-1s CMD a", 'Interval "start-period" cannot be less than 1ms'),
        ("HEALTHCHECK --timeout=5 CMD a", 'time: missing unit in duration "5"'),
        ("HEALTHCHECK --timeout=x CMD a", 'time: invalid duration "x"'),
        ("HEALTHCHECK --timeout=. CMD a", 'time: invalid duration "."'),
        ("HEALTHCHECK --timeout=- CMD a", 'time: invalid duration "-"'),
        ("HEALTHCHECK --timeout=1d CMD a", 'time: unknown unit "d" in duration "1d"'),
        ("HEALTHCHECK --timeout=9999999h CMD a", 'time: invalid duration "9999999h"'),
        ("HEALTHCHECK --retries=-1 CMD a", "--retries cannot be negative (-1)"),
        ("HEALTHCHECK --retries=x CMD a", 'strconv.ParseInt: parsing "x": invalid syntax'),
        ("HEALTHCHECK --retries=3000000000 CMD a", 'strconv.ParseInt: parsing "3000000000": value out of range'),
        ("RUN --network=foo a", 'invalid network mode "foo"'),
        ("RUN --security=foo a", 'security "foo" is not valid'),
        ("RUN --mount=from=$x a", "'from' doesn't support variable expansion, define alias stage instead"),
        (
            'RUN --mount=a\\"b a',
            'failed to parse csv mounts: parse error on line 1, column 2: bare " in non-quoted-field',
        ),
        (
            "RUN --mount='\"a\"b' c",
            'failed to parse csv mounts: parse error on line 1, column 3: extraneous or missing " in quoted-field',
        ),
        (
            "RUN --mount='\"a' c",
            'failed to parse csv mounts: parse error on line 1, column 2: extraneous or missing " in quoted-field',
        ),
        ("RUN --mount= a", "failed to parse csv mounts: EOF"),
        ("RUN --device=a,b c", "invalid field 'b' must be a key=value pair"),
        ("RUN --device=name=a,name=b c", "device name already set to a"),
        ("RUN --device=a,required=maybe c", "invalid value for required: maybe"),
        ("RUN --device=a,requird=1 c", "unexpected key 'requird' in 'requird=1' (did you mean required?)"),
        # Flags
        ("CMD --foo", "unknown flag: --foo"),
        ("COPY --form=a b c", "unknown flag: --form (did you mean from?)"),
        ("COPY --chown=a --chown=b c d", "duplicate flag specified: --chown"),
        ("COPY --chown a b", "missing a value on flag: --chown"),
        ("COPY --link= a b", "missing a value on flag: --link"),
        ("COPY --link=yes a b", "expecting boolean value for flag --link, not: yes"),
        ("COPY --keep-git-dir a b", "unknown flag: --keep-git-dir"),
        ("ADD --parents a b", "unknown flag: --parents"),
        ("FROM --platfrom=x a", "unknown flag: --platfrom (did you mean platform?)"),
        ("ENV --a=b c=d", "unknown flag: --a"),
        ("USER --a b", "unknown flag: --a"),
        ("ONBUILD --a RUN b", "unknown flag: --a"),
    ],
)
def test_what_an_instruction_may_not_say(line: str, message: str) -> None:
    assert _first(f"FROM base\n{line}\n") == ("instruction", message)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "run a",
        "RUN",
        "CMD",
        "CMD []",
        "ENTRYPOINT []",
        "USER a b",
        "ENV A=1 B=2",
        "ENV A b c",
        "ARG A B=1",
        "ARG --foo A",  # ARG, STOPSIGNAL and HEALTHCHECK NONE do not look at flags.
        "STOPSIGNAL --foo 9",
        "HEALTHCHECK --foo NONE",
        "HEALTHCHECK --interval=1m30s --timeout=0 --start-interval=1.5s --retries=3 CMD a",
        "HEALTHCHECK --interval=+1h CMD a",
        'SHELL ["/bin/sh", "-c"]',
        "COPY --from=a --link --parents=FALSE --exclude=b --exclude=c d e",
        "ADD --checksum=sha256:0 --unpack=true --keep-git-dir=true a b",
        "RUN --mount=type=cache,target=/x --mount=type=tmpfs,target=$y --network=none --security=insecure a",
        "RUN --mount=type=nonsense a",  # Looked at only when variables are expanded.
        "RUN --mount='\"target=/a,b\",type=cache' c",
        'RUN --mount=\'"a""b"\' c',
        "RUN --mount=from=a$ b",
        "RUN --device=vendor.com/gpu=all,required a",
        "ONBUILD FOO a",  # What ONBUILD keeps is looked at when it runs.
        "ONBUILD COPY a",
        "FROM a as b-c_d.e",
        "COPY <<E /x\nE",
        "RUN cat <<A <<B\nA\nB",
    ],
)
def test_what_buildkit_accepts(line: str) -> None:
    assert parse(f"FROM base\n{line}\n").problems == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("RUN a\nFROM b\n", "no build stage in current context"),
        ("ARG A\nENV B=1\nFROM b\n", "no build stage in current context"),
        ("ARG A\nFROM b\n", None),
        ("FROBNICATE a\nFROM b\n", "unknown instruction: FROBNICATE"),
        ("ARG A\n", None),
    ],
)
def test_only_arg_may_stand_before_from(source: str, expected: str | None) -> None:
    assert _first(source) == (None if expected is None else ("instruction", expected))


def test_all_problems_are_told_those_of_the_parser_first() -> None:
    tree = parse("FROM a\nFOO\nENV A\nBAR\nRUN <<E\n")
    assert [(problem.kind, problem.line) for problem in tree.problems] == [
        ("parse", 3),
        ("parse", 5),
        ("instruction", 2),
        ("instruction", 4),
    ]


@pytest.mark.parametrize(
    ("source", "line", "pointed"),
    [
        ("FROM a\n  FOOBAR b\n", "line 2: unknown instruction: FOOBAR", "  FOOBAR b\n  ^"),
        ("FROM a\nCOPY \\\n\t--lnk b c\r\n", "line 3: unknown flag: --lnk (did you mean link?)", "\t--lnk b c\n\t^"),
        ("FROM a\nENV A=1 \\\n # c\n B\n", None, " B\n ^"),
        ("# check=a\n# check=b\n", "line 2: only one check parser directive can be used", "# check=b\n^"),
        ("", "line 1: file with no instructions", "\n^"),
    ],
)
def test_a_problem_points_at_its_place(source: str, line: str | None, pointed: str) -> None:
    problem = parse(source).problems[0]
    assert line is None or str(problem) == line
    assert problem.pointed() == pointed
