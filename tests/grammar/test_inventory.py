"""What the other tables leave out of the language, in the order of its parts: files, directives, comments, lines,
here-documents, flags, variables, stages, and what an instruction may not say.
"""

from __future__ import annotations

import pytest

from dfmigrate_grammar import parse
from dfmigrate_grammar.rows import rows

_LONG = "x" * 65_531
_KEYS = "Must be of the form: name=value"


def _last(source: str | bytes) -> list[str]:
    """Return the flags and the arguments of the last instruction, as BuildKit lists them."""
    row = rows(parse(source))["instructions"][-1]
    return [*row["flags"], *row["args"]]


def _error(source: str) -> str | None:
    problems = parse(source).problems
    return problems[0].message if problems else None


@pytest.mark.parametrize(
    ("source", "arguments"),
    [
        # The physical file
        (b"FROM a\nRUN b\x00c\n", ["b\x00c"]),
        (b"FROM a\nRUN \xe9\n", ["\ufffd"]),
        (b"FROM a\nLABEL a=\xef\xbb\xbfb\n", ["a", "\ufeffb", "="]),
        (b"FROM a\r\r\nRUN b\r\r\n", ["b"]),
        (b"FROM a\n\xc2\x85RUN b\n", ["b"]),
        (b"FROM a\nRUN b\xe2\x80\x80\xe3\x80\x80\n", ["b"]),
        (b"FROM a\nRUN b\x1c\n", ["b\x1c"]),
        (b"\x0b\x0cFROM\x0ca\n", ["a"]),
        (f"FROM a\nRUN {_LONG}\n".encode(), [_LONG]),
        (b"FROM a\nRUN \\\n" + b"x" * 65_533 + b"\\\n" + b"y" * 65_535, ["x" * 65_533 + "y" * 65_535]),
        # Directives
        ("# escape=`\nFROM a\nCOPY c:\\d \\\n", ["c:\\d", "\\"]),
        ("# escape=`\n# check=skip=all\nFROM a\nRUN b `\n c\n", ["b  c"]),
        ("# foo=bar\n# escape=`\nFROM a\nRUN b `\n", ["b `"]),
        ("FROM a\n# escape=`\nRUN b \\\n c\n", ["b  c"]),
        # Comments and continuations
        ("FROM a\nRUN b#c\n", ["b#c"]),
        ("FROM a\nRUN b \\\n# c \\\n\n# d\n e\n", ["b  e"]),
        ("FROM a\nRUN b \\\n \\\n c\n", ["b   c"]),
        ("FROM a\nENV A=1 \\\n#B=2 \\\n C=3\n", ["A", "1", "=", "C", "3", "="]),
        ("FROM a\nRUN echo '\\\n# in the quote\nb'\n", ["echo 'b'"]),
        ("FROM a\nRUN echo \\\n\\# b\n", ["echo \\# b"]),
        ('FROM a\nCMD ["b", \\\n# c\n "d"]\n', ["b", "d"]),
        # Keywords and the shapes of arguments
        ("fRoM a\nwOrKdIr b c\n", ["b c"]),
        ("FROM a\nRUN\n", []),
        ("FROM a\nEXPOSE 80   443\n", ["80", "443"]),
        ("FROM a\nEXPOSE [80]\n", ["[80]"]),
        ('FROM a\nUSER ["b"]\n', ['["b"]']),
        ('FROM a\nSTOPSIGNAL "9"\n', ['"9"']),
        ("FROM a\nMAINTAINER b <c> d\n", ["b <c> d"]),
        ("FROM a\nVOLUME b  c\n", ["b", "c"]),
        ("FROM a\nVOLUME ['b']\n", ["['b']"]),
        ('FROM a\nADD ["b c", "d"]\n', ["b c", "d"]),
        ('FROM a\nADD "b c" d\n', ['"b', 'c"', "d"]),
        ('FROM a\nENTRYPOINT ["b"] c\n', ['["b"] c']),
        ('FROM a\nENTRYPOINT ["\\x"]\n', ['["\\x"]']),
        ("FROM a\nENV A\u00a0b c\n", ["A\u00a0b", "c", ""]),
        ("FROM a\nENV A  'b  c' d\n", ["A", "'b  c' d", ""]),
        ("FROM a\nENV A=\\\n1 B=2\n", ["A", "1", "=", "B", "2", "="]),
        ("FROM a\nLABEL \"b c\"='d e'\n", ['"b c"', "'d e'", "="]),
        ("FROM a\nARG A B='c d'\n", ["A", "B='c d'"]),
        ("FROM a\nONBUILD ADD b c\n", ["SUB:ADD", "b", "c"]),
        ("FROM a\nONBUILD env A b\n", ["SUB:env", "A", "b", ""]),
        ("FROM a\nHEALTHCHECK none\n", ["none"]),
        ('FROM a\nHEALTHCHECK CMD ["b", "c"]\n', ["CMD", "b", "c"]),
        # Here-documents
        ("FROM a\nRUN <<E b <<F\nE\nF\n", ["<<E b <<F"]),
        ("FROM a\nCOPY <<E b c/\nE\n", ["<<E", "b", "c/"]),
        ("FROM a\nRUN b \\\n <<E\n# kept\nE\n", ["b  <<E"]),
        ("FROM a\nRUN <<E\n\\\nE\n", ["<<E"]),
        ("FROM a\nRUN <<E\nFROM b\nE\nRUN c\n", ["c"]),
        # Flags
        ("FROM --platform=b a\n", ["--platform=b", "a"]),
        ("FROM a\nRUN --mount=b --mount=c --network=host d\n", ["--mount=b", "--mount=c", "--network=host", "d"]),
        ("FROM a\nRUN --security=sandbox --device=b c\n", ["--security=sandbox", "--device=b", "c"]),
        (
            "FROM a\nCOPY --chmod=u+x --parents --exclude=*.b c d\n",
            ["--chmod=u+x", "--parents", "--exclude=*.b", "c", "d"],
        ),
        ("FROM a\nADD --checksum=sha256:0 --unpack=false b c\n", ["--checksum=sha256:0", "--unpack=false", "b", "c"]),
        ("FROM a\nHEALTHCHECK --timeout=1s NONE\n", ["--timeout=1s", "NONE"]),
        ("FROM a\nCOPY -- --b c\n", ["--b", "c"]),
        ("FROM a\nCOPY --chown='b c' d e\n", ["--chown=b c", "d", "e"]),
        ("FROM a\nRUN \\\n # b\n --network=none \\\n c\n", ["--network=none", "c"]),
        # Stages
        ("FROM a AS b.c_d-0\n", ["a", "AS", "b.c_d-0"]),
        ("ARG A=b\nFROM ${A}:c@sha256:0\n", ["${A}:c@sha256:0"]),
        ("FROM a AS b\nFROM c AS b\n", ["c", "AS", "b"]),
        ("FROM scratch\n", ["scratch"]),
    ],
)
def test_arguments_as_buildkit_lists_them(source: str | bytes, arguments: list[str]) -> None:
    assert _error(source if isinstance(source, str) else source.decode("utf-8", "surrogateescape")) is None
    assert _last(source) == arguments


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"RUN {_LONG}x", "dockerfile line greater than max allowed size of 65535"),
        ("\ufeffRUN a", "unknown instruction: \ufeffRUN (did you mean RUN?)"),
        ("RUN\u00a0a", "unknown instruction: RUN\u00a0a (did you mean run?)"),
        ("ENV A='b' # c", f'Syntax error - can\'t find = in "#". {_KEYS}'),
        ("LABEL a", "LABEL must have two arguments"),
        ("ARG A= =b", "ARG names can not be blank"),
        ("CMD ['a', 1]", None),
        ('CMD ["a", {}]', "when using JSON array syntax, arrays must be comprised of strings only"),
        ("RUN echo ${A[@]} <<E\nE", "unknown instruction: E (did you mean ENV?)"),
        ("RUN cat<<E\nE", "unknown instruction: E (did you mean ENV?)"),
        ("COPY <<E <<F\nE\nF", "COPY cannot accept a heredoc as a destination"),
        ("RUN <<E\n E", "unterminated heredoc"),
        ("RUN <<-E\n E", "unterminated heredoc"),
        ("EXPOSE --a 80", "unknown flag: --a"),
        ("VOLUME --a /b", "unknown flag: --a"),
        ('SHELL --a ["b"]', "unknown flag: --a"),
        ("WORKDIR --a /b", "unknown flag: --a"),
        ("MAINTAINER --a b", "unknown flag: --a"),
        ("LABEL --a b=c", "unknown flag: --a"),
        ("ENTRYPOINT --a", "unknown flag: --a"),
        ("RUN --network=a --network=b c", "duplicate flag specified: --network"),
        ("HEALTHCHECK --interval CMD a", "missing a value on flag: --interval"),
        ("ADD --keep-git-dir=maybe a b", "expecting boolean value for flag --keep-git-dir, not: maybe"),
        # These are looked at only by a build, when variables are known.
        ("RUN --mount=type=x a", None),
        ("RUN --mount=type=cache,foo=bar a", None),
        ("COPY --from=$A b c", None),
        ("COPY --from=99 a b", None),
        ("COPY https://example.org/a b", None),
        ("COPY --chmod=9999 a b", None),
        ("ADD --checksum=a b c d", None),
        ("ENV A=${B:=c}", None),
        ("FROM $A", None),
        ("FROM --platform= a", None),
    ],
)
def test_what_is_refused(line: str, message: str | None) -> None:
    assert _error(f"FROM base\n{line}\n") == message


@pytest.mark.parametrize(
    "keyword",
    [
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    ],
)
def test_every_keyword_is_known_in_any_case(keyword: str) -> None:
    arguments = {"ENV": "a=b", "LABEL": "a=b", "SHELL": '["a"]', "HEALTHCHECK": "NONE", "ONBUILD": "RUN a"}
    line = f"{keyword.title()} {arguments.get(keyword, 'a' if keyword == 'FROM' else 'a b')}"
    assert _error(f"FROM base\n{line}\n") is None
    assert _error(f"FROM base\n{line.replace(keyword.title(), keyword + 'X')}\n") is not None
