from __future__ import annotations

import pytest

from dfmigrate.review.visible import decoded, sentence, visible


@pytest.mark.parametrize("text", ["RUN echo [bold]x[/bold] :smile:", "a\tb", "日本 é ünï", "emoji 🐳", ""])
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jx", "\\x1b[2Jx"),
        ("a\rb", "a\\rb"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("a\u2028b", "a\\u2028b"),
        ("\udce9", "\\udce9"),
    ],
)
def test_what_steers_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_line_is_shown_without_its_end() -> None:
    assert decoded(b"RUN a\r\n") == "RUN a"
    assert decoded(b"caf\xe9") == "caf\\xe9"


def test_a_sentence_is_one_line_without_its_full_stop() -> None:
    assert sentence("Two\n lines.\n") == "Two lines"
