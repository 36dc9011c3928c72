from __future__ import annotations

import pytest

from dfmigrate_grammar import Pair

from .reading import only

Flags = list[tuple[str, str | None]]


@pytest.mark.parametrize(
    ("source", "keyword", "name"),
    [
        ("from a", "from", "FROM"),
        ("Run a", "Run", "RUN"),
        ("EXPOSE", "EXPOSE", "EXPOSE"),
        ("frobnicate a", "frobnicate", "FROBNICATE"),
        ("&& a", "&&", "&&"),
        ("RUN: a", "RUN:", "RUN:"),
        ("RUN\u00a0a", "RUN\u00a0a", "RUN\u00a0A"),  # A wide space does not end a keyword.
        ("RUN\va", "RUN", "RUN"),
        ("WOR\u212aDIR a", "WOR\u212aDIR", "WORKDIR"),  # The Kelvin sign is a k.
        ("\\", "", ""),
    ],
)
def test_keywords(source: str, keyword: str, name: str) -> None:
    assert (only(source).keyword, only(source).name) == (keyword, name)


@pytest.mark.parametrize(
    ("source", "flags", "arguments"),
    [
        ("COPY --from=a b c", [("from", "a")], "b c"),
        ("COPY --link --chown=1:2  b c", [("link", None), ("chown", "1:2")], "b c"),
        ("COPY --link= b c", [("link", "")], "b c"),
        ("COPY b --from=a c", [], "b --from=a c"),
        ('COPY "--from=a" b c', [], '"--from=a" b c'),
        ("COPY --chown=\"a b\":'c d' e f", [("chown", "a b:c d")], "e f"),
        ("COPY --chown=a\\ b c d", [("chown", "a b")], "c d"),
        (
            "RUN --mount=type=cache,target=/x --mount=type=ssh a",
            [("mount", "type=cache,target=/x"), ("mount", "type=ssh")],
            "a",
        ),
        ("CMD --foo", [("foo", None)], ""),
        ("RUN -- --a", [], "--a"),
        ("RUN --network=none -- --a", [("network", "none")], "--a"),
        ("RUN - a", [], "- a"),
        ("RUN --- a", [("-", None)], "a"),
        ("RUN --=x a", [("", "x")], "a"),
        ("RUN --a='b", [("a", "b")], ""),
        ("RUN --a=b\\", [("a", "b")], ""),
        ("COPY \\\n --from=a \\\n b c", [("from", "a")], "b c"),
        ("COPY --chown=\u00e9 a b", [("chown", "\u00c3\u00a9")], "a b"),  # Flags are read byte by byte.
        ("COPY --chown=\u00e0b c d", [("chown", "\u00c3")], "b c d"),  # The second byte of \u00e0 is white space.
        ("ONBUILD --a RUN b", [("a", None)], "RUN b"),
        ("ENV --a=b c=d", [("a", "b")], "c=d"),
    ],
)
def test_flags(source: str, flags: Flags, arguments: str) -> None:
    instruction = only(source)
    assert [(flag.name, flag.value) for flag in instruction.flags] == flags
    assert instruction.arguments == arguments


def test_flag_by_name() -> None:
    instruction = only("COPY --link --from=a --exclude=x --exclude=y b c")
    assert [instruction.flag(name) for name in ("from", "link", "exclude", "chown")] == ["a", "", "y", None]
    (start, end) = instruction.flags[1].span
    assert instruction.logical[start:end] == "--from=a"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("FROM a as b", ["a", "as", "b"]),
        ("FROM  a\t as\v b ", ["a", "as", "b"]),
        ("EXPOSE 80 443/tcp $PORT", ["80", "443/tcp", "$PORT"]),
        ("COPY 'a b' c", ["'a", "b'", "c"]),  # Plain lists know no quotes.
        ("COPY a\u00a0b c", ["a\u00a0b", "c"]),
        ("VOLUME /a /b", ["/a", "/b"]),
        ("ADD", []),
        ("ARG A B=1 C='x y'", ["A", "B=1", "C='x y'"]),
        ("ARG A=\\ x", ["A=\\ x"]),
        ("RUN a b", []),
        ("USER a b", []),
    ],
)
def test_words(source: str, words: list[str]) -> None:
    instruction = only(source)
    assert [word.text for word in instruction.words] == words
    assert [instruction.logical[slice(*word.span)] for word in instruction.words] == words


@pytest.mark.parametrize(
    ("source", "pairs"),
    [
        ("ENV A=1", [("A", "1")]),
        ("ENV A=1 B=2", [("A", "1"), ("B", "2")]),
        ("ENV A=1   \\\n  B=2", [("A", "1"), ("B", "2")]),
        ("ENV A=\"x y\" B='z w'", [("A", '"x y"'), ("B", "'z w'")]),
        ("ENV A=x\\ y", [("A", "x\\ y")]),
        ('ENV A="x\\" y" B=', [("A", '"x\\" y"'), ("B", "")]),
        ("ENV A=a=b", [("A", "a=b")]),
        ('ENV "A B"=c', [('"A B"', "c")]),
        ("ENV A='it\\' B=2", [("A", "'it\\'"), ("B", "2")]),  # No escape inside single quotes.
        ('ENV A="open B=2', [("A", '"open B=2')]),
        ("ENV A=1\\", [("A", "1")]),
        ("ENV A=1\u00a0B=2", [("A", "1"), ("B", "2")]),
        ("ENV A b  c=d", [("A", "b  c=d")]),
        ("ENV A 'b c'", [("A", "'b c'")]),
        ("ENV A\tb", [("A", "b")]),
        ("LABEL a.b=c 'd e'=f", [("a.b", "c"), ("'d e'", "f")]),
        ("LABEL a b c", [("a", "b c")]),
        ("ARG A", [("A", None)]),
        ("ARG A= B=1 C", [("A", ""), ("B", "1"), ("C", None)]),
        ("ENV A", []),
        ("ENV A=1 b", []),  # BuildKit refuses it.
        ("ENV", []),
        ("RUN A=1", []),
    ],
)
def test_pairs(source: str, pairs: list[tuple[str, str | None]]) -> None:
    instruction = only(source)
    assert [(pair.name, pair.value) for pair in instruction.pairs] == pairs
    for pair in instruction.pairs:
        assert instruction.logical[slice(*pair.value_span)] == (pair.value or "")


def test_the_legacy_form_is_marked() -> None:
    assert only("ENV A b c").pairs == (Pair("A", "b c", (0, 5), (2, 5), legacy=True),)
    assert only("ENV A=b").pairs == (Pair("A", "b", (0, 3), (2, 3), legacy=False),)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("USER a b", "a b"),
        ("WORKDIR /a b # c", "/a b # c"),
        ('WORKDIR ["/a"]', '["/a"]'),
        ("STOPSIGNAL  9 ", "9"),
        ("MAINTAINER A <a@example.org>", "A <a@example.org>"),
        ("USER", ""),
        ("RUN a", ""),
    ],
)
def test_one_string(source: str, value: str) -> None:
    assert only(source).value == value


@pytest.mark.parametrize(
    ("source", "sources", "destination"),
    [
        ("COPY a b c/", ("a", "b"), "c/"),
        ("ADD --chown=1 a b", ("a",), "b"),
        ('COPY ["a b", "c"]', ("a b",), "c"),
        ("COPY <<X y /z\nX\n", ("y",), "/z"),
        ("COPY a", (), "a"),
        ("COPY", (), ""),
        ("RUN a b", (), ""),
    ],
)
def test_sources_and_destination(source: str, sources: tuple[str, ...], destination: str) -> None:
    assert (only(source).sources, only(source).destination) == (sources, destination)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("HEALTHCHECK NONE", ("NONE", "", None)),
        ("HEALTHCHECK none", ("NONE", "", None)),
        ("HEALTHCHECK --interval=5s CMD curl -f x", ("CMD", "curl -f x", None)),
        ('HEALTHCHECK CMD ["curl", "x"]', ("CMD", '["curl", "x"]', ("curl", "x"))),
        ("HEALTHCHECK CMD ['curl']", ("CMD", "['curl']", None)),
        ("HEALTHCHECK cmd \\\n  a", ("CMD", "a", None)),
        ("HEALTHCHECK CURL x", ("CURL", "x", None)),
        ("HEALTHCHECK CMD", ("CMD", "", None)),
    ],
)
def test_healthcheck(source: str, expected: tuple[str, str, tuple[str, ...] | None]) -> None:
    instruction = only(source)
    check = instruction.healthcheck
    assert check is not None
    assert (check.type, check.rest, check.json) == expected
    assert instruction.logical[slice(*check.span)] == check.rest


def test_healthcheck_without_arguments() -> None:
    assert only("HEALTHCHECK").healthcheck is None
    assert only("RUN a").healthcheck is None


@pytest.mark.parametrize(
    ("source", "name", "logical"),
    [
        ("ONBUILD RUN a", "RUN", "a"),
        ("ONBUILD copy --from=a b c", "COPY", "--from=a b c"),
        ("ONBUILD \\\n RUN \\\n a", "RUN", "a"),
        ("ONBUILD ONBUILD RUN a", "ONBUILD", "RUN a"),
        ("ONBUILD RUN a\\\u00a0", "RUN", "a\\"),  # Already one line: this continues nothing.
    ],
)
def test_onbuild(source: str, name: str, logical: str) -> None:
    nested = only(source).nested
    assert nested is not None
    assert (nested.name, nested.logical) == (name, logical)


def test_onbuild_of_nothing() -> None:
    assert only("ONBUILD").nested is None
    assert only("RUN a").nested is None
