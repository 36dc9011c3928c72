from __future__ import annotations

import pytest

from dfmigrate.review.color import use_color

TABLE: list[tuple[str, dict[str, str], bool, bool]] = [
    ("auto", {}, True, True),
    ("auto", {}, False, False),
    ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
    ("never", {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, True, False),
    ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
    ("auto", {"NO_COLOR": ""}, True, True),
    ("auto", {"NO_COLOR": "", "FORCE_COLOR": "1"}, False, True),
    ("auto", {"FORCE_COLOR": "1"}, False, True),
    ("auto", {"FORCE_COLOR": "0"}, True, False),
    ("auto", {"FORCE_COLOR": "0", "CLICOLOR_FORCE": "1"}, True, False),
    ("auto", {"FORCE_COLOR": ""}, False, False),
    ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
    ("auto", {"CLICOLOR_FORCE": "0"}, True, True),
    ("auto", {"CLICOLOR_FORCE": "0"}, False, False),
    ("auto", {"CLICOLOR_FORCE": ""}, False, False),
    ("auto", {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, False, True),
    ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
    ("auto", {"TERM": "dumb"}, True, False),
    ("auto", {"GITHUB_ACTIONS": "true", "TTY_COMPATIBLE": "1"}, False, False),
]


@pytest.mark.parametrize(("choice", "environ", "is_terminal", "expected"), TABLE)
def test_color_table(choice: str, environ: dict[str, str], is_terminal: bool, expected: bool) -> None:
    assert use_color(choice, environ, is_terminal=is_terminal) is expected
