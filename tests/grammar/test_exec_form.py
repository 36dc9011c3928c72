from __future__ import annotations

import pytest

from .reading import only


@pytest.mark.parametrize(
    ("arguments", "json"),
    [
        ('["a", "b c"]', ("a", "b c")),
        ("[]", ()),
        (' [ "a" , "b" ] ', ("a", "b")),
        ('["a", \\\n "b"]', ("a", "b")),
        ('["\\u00e9\\n\\/"]', ("\u00e9\n/",)),
        ('["\\ud83d\\ude00"]', ("\U0001f600",)),
        ('["\\ud800x"]', ("\ufffdx",)),  # Half a character becomes the replacement character.
        ('["a"]\u00a0', ("a",)),
        # BuildKit takes everything else as plain text, without a word.
        ("['a']", None),
        ('["a",]', None),
        ('["a"] b', None),
        ('["a"', None),
        ('["\\w"]', None),
        ('["a\tb"]', None),
        ('["a" "b"]', None),
        ("[a]", None),
        ("[1e999]", None),  # Go cannot hold the number.
        ("[NaN]", None),
        ("[ -f x ] && y", None),
        ('{"a": 1}', None),
        ('"a"', None),
        ("", None),
    ],
)
@pytest.mark.parametrize("keyword", ["RUN", "CMD", "ENTRYPOINT", "SHELL", "VOLUME", "ADD", "COPY"])
def test_json_form(keyword: str, arguments: str, json: tuple[str, ...] | None) -> None:
    assert only(f"{keyword} {arguments}").json == json


@pytest.mark.parametrize("keyword", ["WORKDIR", "USER", "EXPOSE", "ENV", "MAINTAINER", "FROM", "LABEL", "ARG"])
def test_others_have_no_json_form(keyword: str) -> None:
    assert only(f'{keyword} ["a"]').json is None


def test_words_of_the_json_form_are_decoded() -> None:
    instruction = only('COPY --link ["a\\u0020b", \\\n "c"]')
    assert [word.text for word in instruction.words] == ["a b", "c"]
    assert [instruction.logical[slice(*word.span)] for word in instruction.words] == ['"a\\u0020b"', '"c"']
