from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import lark
import pytest

from dfmigrate_grammar import parse, table
from dfmigrate_grammar.parse import build_parser

from .make_table import table_text


@pytest.mark.skipif(lark.__version__ != table.LARK_VERSION, reason="another version of Lark numbers otherwise")
def test_the_saved_table_is_that_of_the_grammar() -> None:
    assert Path(table.__file__).read_bytes().decode() == table_text()


def test_another_version_of_lark_builds_the_parser_anew() -> None:
    text = "# syntax=a\n# c\nRUN <<E\nE\n\n# d"
    assert [item.source for item in build_parser().parse(text)] == [item.source for item in parse(text).items]


def test_lark_waits_for_the_first_file() -> None:
    code = "import sys, dfmigrate_grammar; sys.exit('lark' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
