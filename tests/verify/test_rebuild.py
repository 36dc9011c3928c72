"""Which file is touched, and what the base of a final stage is built from."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.model import interpret
from dfmigrate.verify.rebuild import source_to_touch
from dfmigrate.verify.run import base_dockerfile
from dfmigrate_grammar import parse


@pytest.mark.parametrize(
    ("files", "touched"),
    [
        (("package.json", "src/index.js", "src/deep/a.js", "app.py"), "src/index.js"),
        (("gunicorn.conf.py", "setup.py", "notes.py"), "notes.py"),
        (("vite.config.ts", "tests/a.ts", "src/main.ts"), "src/main.ts"),
        (("README.md", "index.html"), None),
    ],
)
def test_a_source_of_the_main_language_is_touched(files: tuple[str, ...], touched: str | None) -> None:
    assert source_to_touch(Context.of(dict.fromkeys(files, ""))) == touched


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("FROM node:20\nRUN x\n", b"FROM node:20\n"),
        ("FROM go AS b\nFROM scratch\nCOPY --from=b /a /a\n", None),
        (
            "ARG V=20\nFROM node:$V AS b\nFROM --platform=linux/amd64 node:$V-slim\n",
            b"ARG V=20\nFROM --platform=linux/amd64 node:$V-slim\n",
        ),
        ("FROM alpine AS one\nFROM one AS two\nFROM two\n", b"FROM alpine\n"),
    ],
)
def test_the_base_is_the_last_stages_root(text: str, base: bytes | None) -> None:
    assert base_dockerfile(interpret(parse(text.encode()), None)) == base
