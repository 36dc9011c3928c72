"""Which blocks a fixed NODE_ENV leaves out, and where that is not sure."""

from __future__ import annotations

import pytest

from dfmigrate.context.node_branches import sets_mode, without_untaken
from dfmigrate.context.source_text import Source

IF = "if (process.env.NODE_ENV === 'production') { live() } else { dead() }\n"
CLEANS = """\
if (process.env.NODE_ENV !== 'production') { a = VALUE }
const live = require('morgan')
{ b = VALUE }
"""


def left(text: str, mode: str = "production") -> str:
    return without_untaken(Source("a.js", "node", text), mode)


@pytest.mark.parametrize(
    "text",
    [
        IF,
        "if (process.env.NODE_ENV !== 'production') {\n  dead()\n}\nlive()\n",
        'if (process.env["NODE_ENV"] != "production") { dead() } else { live() }\n',
        "if (process.env.NODE_ENV == 'development') { if (x) { dead('}') } } live()\n",
        "if (process.env.NODE_ENV === 'test') { dead(`}`) } else if (y) { live() }\n",
        "if (process.env.NODE_ENV === 'test') { dead(x.replace(/[{]/g, '')) }\nlive(`${x}/${y}`)\n",
        "if (process.env.NODE_ENV === 'test') { dead(a / b) }\nlive('x')\n",
    ],
)
def test_what_does_not_run_is_blank(text: str) -> None:
    found = left(text)
    assert "dead" not in found and "live" in found and len(found) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        IF.replace("process.env.NODE_ENV", "env.NODE_ENV"),
        IF.replace("'production'", "mode"),
        IF.replace("'production')", "'production' || debug)"),
        IF.replace("{ dead() }", "dead()"),
        IF + "(",
        IF.replace("dead()", "dead(" + "x, " * 10_000 + ")"),
        CLEANS.replace("VALUE", "x.replace(/`/g, '')"),
        CLEANS.replace("VALUE", "/[/`]/.test(x)"),
        CLEANS.replace("VALUE", "if (x) /`/.test(x)"),
        CLEANS.replace("VALUE", "if (x) /[/]`/.test(x)"),
        CLEANS.replace("VALUE", "f(`a ${g(`it's`)} 'b'`)"),
        CLEANS.replace("VALUE", "<p>it's {x}</p>"),
    ],
    ids=[
        "another object",
        "computed",
        "more than that",
        "no block",
        "brackets that do not pair",
        "too long",
        "a quote in a regular expression",
        "in a set",
        "behind a bracket",
        "behind a set",
        "templates in templates",
        "text of a page",
    ],
)
def test_where_it_is_not_sure_all_of_it_runs(text: str) -> None:
    assert left(text) == text


def test_the_other_mode_takes_the_other_branch() -> None:
    assert "live" not in left(IF, "test") and "dead" in left(IF, "test")


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        ("process.env.NODE_ENV = 'test'\n", True),
        ("process.env['NODE_ENV'] ??= 'test'\n", True),
        ("process.env = {}\n", True),
        ("Object.assign(process.env, settings)\n", True),
        ("process.env[name] = value\n", True),
        ("require('dotenv').config({ override: true })\n", True),
        ("const mode = process.env.NODE_ENV || 'test'\n", False),
        ("if (process.env.NODE_ENV == 'test') {}\n", False),
    ],
)
def test_a_file_may_set_the_mode(text: str, sets: bool) -> None:
    assert sets_mode(Source("a.js", "node", text)) is sets


def test_many_blocks_take_no_time() -> None:
    assert "dead" not in left(IF * 2_000)
