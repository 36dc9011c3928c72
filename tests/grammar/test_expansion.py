from __future__ import annotations

import pytest

from dfmigrate_grammar import ExpansionError, expand, variables

_VALUES = {"A": "aabab", "PATH": "/usr/bin:/bin", "EMPTY": "", "FILE": "x.tar.gz", "STAR": "a*b", "é": "e"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("$A", "aabab"),
        ("${A}", "aabab"),
        ("x$A/y", "xaabab/y"),
        ("$A$A", "aababaabab"),
        ("$UNSET.", "."),
        ("${UNSET}.", "."),
        ("$é", "e"),
        ("$", "$"),
        ("a$ b", "a$ b"),
        ("$/x", "$/x"),
        ("\\$A", "$A"),
        ("\\\\$A", "\\aabab"),
        ("a\\b", "ab"),
        ("a\\", "a"),
        ("'$A'", "$A"),
        ("'\\'", "\\"),
        ('"$A"', "aabab"),
        ('"\\$A"', "$A"),
        ('"\\a\\""', '\\a"'),
        ("\"a\"'b'c", "abc"),
        ("a  b", "a  b"),
        ("$1x$@", "x"),
        ("$12x", "x"),
        ("<<A", "<<A"),
        ("\ufeffa", "a"),
        # With a default, or something else instead
        ("${A:-x}", "aabab"),
        ("${EMPTY:-x}", "x"),
        ("${EMPTY-x}", ""),
        ("${UNSET-x}", "x"),
        ("${UNSET:-$A}", "aabab"),
        ("${UNSET:-${EMPTY:-deep}}", "deep"),
        ("${UNSET:-'}'}", "}"),
        ('${UNSET:-"a b"}', "a b"),
        ("${UNSET:-\\}}", "}"),
        ("${A:+x}", "x"),
        ("${EMPTY:+x}", ""),
        ("${EMPTY+x}", "x"),
        ("${UNSET+x}", ""),
        ("${A:?m}", "aabab"),
        ("${EMPTY?m}", ""),
        # Without a beginning or an end
        ("${A#a}", "abab"),
        ("${A#a*b}", "ab"),
        ("${A##a*b}", ""),
        ("${A#b}", "aabab"),
        ("${A%b}", "aaba"),
        ("${A%a*b}", "aab"),
        ("${A%%a*b}", ""),
        ("${FILE%.*}", "x.tar"),
        ("${FILE%%.*}", "x"),
        ("${FILE#*.}", "tar.gz"),
        ("${FILE##*.}", "gz"),
        ("${A#?}", "abab"),
        ("${STAR#a\\*}", "b"),
        ("${STAR%\\*b}", "a"),
        ("${UNSET#a}", ""),
        # Replaced
        ("${A/a/x}", "xabab"),
        ("${A//a/x}", "xxbxb"),
        ("${A//a*/x}", "x"),
        ("${A//*/x}", "x"),
        ("${A//?/x}", "xxxxx"),
        ("${A/q/x}", "aabab"),
        ("${A/a/}", "abab"),
        ("${PATH//\\//_}", "_usr_bin:_bin"),
        ("${PATH//:/ }", "/usr/bin /bin"),
        ("${A//b/$EMPTY}", "aaa"),
        ("${A//ab/[\\$0]}", "a[\\ab][\\ab]"),  # Go takes the replacement for a template.
        ("${UNSET/a/b}", ""),
    ],
)
def test_expand(text: str, expected: str) -> None:
    assert expand(text, _VALUES) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("'a", "unexpected end of statement while looking for matching single-quote"),
        ('"a', "unexpected end of statement while looking for matching double-quote"),
        ("${", "syntax error: missing '}'"),
        ("${}", "syntax error: bad substitution"),
        ("${:a}", "syntax error: bad substitution"),
        ("${{a}}", "syntax error: bad substitution"),
        ("${A:-x", "syntax error: missing '}'"),
        ("${A/x}", "syntax error: missing '/' in ${}"),
        ("${A/x/y", "syntax error: missing '}'"),
        ("${A:=x}", "unsupported modifier (:=) in substitution"),
        ("${A:#x}", "unsupported modifier (:#) in substitution"),
        ("${A[0]}", "unsupported modifier ([) in substitution"),
        ("${A", "unsupported modifier (\ufffd) in substitution"),
        ("${UNSET?}", "UNSET: is not allowed to be unset"),
        ("${UNSET:?tell}", "UNSET: tell"),
        ("${EMPTY:?}", "EMPTY: is not allowed to be empty"),
        ("${A#\\a}", "invalid pattern (\\a) in substitution: invalid escape '\\a'"),
    ],
)
def test_what_cannot_be_expanded(text: str, message: str) -> None:
    with pytest.raises(ExpansionError) as raised:
        expand(text, _VALUES)
    assert str(raised.value).endswith(f": {message}")


def test_the_message_quotes_the_text() -> None:
    with pytest.raises(ExpansionError, match=r'^failed to process "\\"a\\t": unexpected'):
        expand('"a\t', {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("`$A", "$A"), ("\\$A", "\\aabab"), ('"`$A"', "$A"), ("C:\\dir", "C:\\dir"), ("a``b", "a`b")],
)
def test_another_escape_character(text: str, expected: str) -> None:
    assert expand(text, _VALUES, "`") == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", set()),
        ("$A-${B}", {"A", "B"}),
        ("${A:-$B}", {"A", "B"}),
        ("${A:+${B:-$C}}", {"A", "B", "C"}),
        ("${A#$B}${C/$D/$E}", {"A", "B", "C", "D", "E"}),
        ("'$A' \\$B \"$C\"", {"C"}),
        ("$1 $@", {"1", "@"}),
    ],
)
def test_variables(text: str, names: set[str]) -> None:
    assert variables(text) == names


def test_variables_of_a_text_that_cannot_be_read() -> None:
    with pytest.raises(ExpansionError):
        variables("${A[0]}")
