from __future__ import annotations

import time

import pytest

from dfmigrate.context.ignore_file import parse_ignore_file

IGNORED = [
    ("node_modules", "node_modules"),
    ("node_modules", "node_modules/left-pad/index.js"),
    ("node_modules/", "node_modules/a"),
    ("/dist", "dist/app.js"),
    ("./dist", "dist"),
    ("a/../dist", "dist"),
    ("  *.log  ", "server.log"),
    ("*/temp*", "a/temporary.txt"),
    ("*/*/temp*", "a/b/temp"),
    ("temp?", "tempa"),
    ("**/*.go", "main.go"),
    ("**/*.go", "a/b/c.go"),
    ("**/node_modules", "apps/web/node_modules/x"),
    ("a/**/z", "a/z"),
    ("a/**/z", "a/b/c/z"),
    ("a/**", "a/b"),
    ("**", "anything/at/all"),
    ("**/", "x"),
    ("**/**/x", "x"),
    ("**.pyc", "pkg/m.pyc"),
    ("build**", "build-output/x"),
    ("[a-c].txt", "b.txt"),
    ("[^a].txt", "b.txt"),
    ("\\*.txt", "*.txt"),
    ("\ufeff*.md", "README.md"),
    ("*.md\n!README.md\nREADME.*", "README.md"),
    ("*\n!src", "other/src"),
    ("*\n!src\nsrc/secret", "src/secret/key"),
    ("a.b", "a.b"),
    ("*.md\r\n*.txt\r\n", "note.md"),
    (".git", ".git/config"),
    # The exception could not change the outcome for `docs` itself, so it is not counted for what lies below.
    ("*/*.md\n!docs", "docs/a.md"),
]

SENT = [
    ("# node_modules", "node_modules"),
    ("", "x"),
    ("\n \n", "x"),
    ("node_modules", "apps/node_modules"),
    ("*.log", "logs/server.log"),
    ("*/temp*", "temp"),
    ("temp?", "temp"),
    ("a/**", "a"),
    ("a/**/z", "az"),
    ("**/foo", "xfoo"),
    ("a.b", "axb"),
    ("*.md\n!README.md", "README.md"),
    ("*\n!src", "src/main.go"),
    ("*\n!src/**", "src/a/main.go"),
    ("*\n!/src/", "src/main.go"),
    ("*\n! src", "src/main.go"),
    ("node_modules\n!node_modules/keep", "node_modules/keep/x"),
    ("\\!important", "important"),
    ("*.txt\n!*.txt", "x.txt"),
    ("[^b].txt", "b.txt"),
    ("Dist", "dist"),
    ("../x", "x"),
    ("/", "x"),
    (".", "x"),
    (" # not a comment", "not"),
]


@pytest.mark.parametrize(("text", "path"), IGNORED)
def test_ignored(text: str, path: str) -> None:
    assert parse_ignore_file(".dockerignore", text).ignores(path)


@pytest.mark.parametrize(("text", "path"), SENT)
def test_sent(text: str, path: str) -> None:
    ignore = parse_ignore_file(".dockerignore", text)
    assert ignore.error is None
    assert not ignore.ignores(path)


@pytest.mark.parametrize("text", ["!", "a\n!", "[", "[a", "[]", "a\\", "x[-]", "a**b*c", "a|b*", "\\d*"])
def test_what_is_malformed_or_accidental_is_an_error(text: str) -> None:
    ignore = parse_ignore_file(".dockerignore", text)
    assert ignore.error is not None
    assert ignore.patterns == ()


def test_lines_are_remembered() -> None:
    ignore = parse_ignore_file(".dockerignore", "# first\n\n*.md\n!a.md\n")
    assert [(pattern.text, pattern.line, pattern.exception) for pattern in ignore.patterns] == [
        ("*.md", 3, False),
        ("a.md", 4, True),
    ]


def test_a_hostile_pattern_takes_no_time() -> None:
    started = time.monotonic()
    ignore = parse_ignore_file(".dockerignore", "/".join(["**", "*a*a*a*a*a*a*a*a*a*b"] * 30))
    assert not ignore.ignores("/".join(["a" * 250] * 40))
    assert time.monotonic() - started < 2
