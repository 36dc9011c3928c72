"""A patch must turn the old bytes into the new ones, whoever applies it and from wherever."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dfmigrate.review.diff import hunks, patch

OLD = b"FROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD node .\n"
NEW = b"FROM node:18\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY . .\nCMD node .\n"
LONG = b"".join(b"RUN echo %d\n\n" % (n % 7) for n in range(450))

CASES: dict[str, tuple[str, bytes | None, bytes | None]] = {
    "plain": ("Dockerfile", OLD, NEW),
    "subdir": ("services/api/Dockerfile", OLD, NEW),
    "bom": ("Dockerfile", b"\xef\xbb\xbf" + OLD, b"\xef\xbb\xbf# new\n" + NEW),
    "crlf": ("Dockerfile", OLD.replace(b"\n", b"\r\n"), NEW.replace(b"\n", b"\r\n")),
    "mixed-eol": ("Dockerfile", OLD.replace(b"p\n", b"p\r\n"), NEW.replace(b"i\n", b"i\r\n")),
    "no-final-newline-before": ("Dockerfile", OLD[:-1], NEW),
    "no-final-newline-after": ("Dockerfile", OLD, NEW[:-1]),
    "no-final-newline": ("Dockerfile", OLD[:-1], NEW[:-1]),
    "no-final-newline-crlf": ("Dockerfile", OLD.replace(b"\n", b"\r\n")[:-2], NEW.replace(b"\n", b"\r\n")[:-2]),
    "lone-cr": ("Dockerfile", OLD + b"RUN a\rb\n", NEW + b"RUN a\rb\r\n"),
    "vertical-tab": ("Dockerfile", OLD + b"RUN a\x0bb\n", NEW + b"RUN a\x0bc\n"),
    "form-feed": ("Dockerfile", OLD + b"RUN a\x0cb\n", NEW + b"RUN a\x0cc\n"),
    "file-separator": ("Dockerfile", OLD + b"RUN a\x1cb\n", NEW + b"RUN a\x1cc\n"),
    "next-line": ("Dockerfile", OLD + "RUN a\x85b\n".encode(), NEW + "RUN a\x85c\n".encode()),
    "line-separator": ("Dockerfile", OLD + "RUN a\u2028b\n".encode(), NEW + "RUN a\u2028c\n".encode()),
    "latin-1": ("Dockerfile", b"# caf\xe9\n" + OLD, b"# caf\xe9\n" + NEW),
    "space-in-path": ("my app/Docker file", OLD, NEW),
    "tab-in-path": ("my\tapp/Dockerfile", OLD, NEW),
    "unicode-path": ("ünï/Dockerfile.日本", OLD, NEW),
    "quote-in-path": ('a"b\\c/Dockerfile', OLD, NEW),
    "new-file": (".dockerignore", None, b"node_modules\n"),
    "new-file-no-final-newline": (".dockerignore", None, b"node_modules"),
    "deleted-file": ("Dockerfile.old", OLD, None),
    "900-lines": ("Dockerfile", LONG, LONG.replace(b"RUN echo 3\n", b"RUN echo three\n", 9)),
}


def run(arguments: list[str], folder: Path, stdin: bytes = b"") -> bytes:
    done = subprocess.run(arguments, cwd=folder, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout


def git_apply(folder: Path, text: bytes) -> None:
    run(["git", "apply", "-"], folder, text)


def patch_p1(folder: Path, text: bytes) -> None:
    run(["patch", "-p1", "--binary", "--quiet"], folder, text)


APPLIERS = {"git-apply": git_apply, "patch": patch_p1}


def lay(folder: Path, path: str, content: bytes | None) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if content is not None:
        file.write_bytes(content)
    return file


def checkout(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    run(["git", "init", "-q"], folder)
    return folder


def read(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


@pytest.mark.parametrize("apply", APPLIERS.values(), ids=APPLIERS)
@pytest.mark.parametrize("below", [".", "sub/dir"], ids=["root", "sub-directory"])
@pytest.mark.parametrize("case", CASES)
def test_a_patch_gives_the_new_bytes(
    tmp_path: Path, case: str, below: str, apply: Callable[[Path, bytes], None]
) -> None:
    path, before, after = CASES[case]
    here = checkout(tmp_path) / below
    file = lay(here, path, before)
    apply(here, patch(path, before, after))
    assert read(file) == after


@pytest.mark.parametrize("case", CASES)
def test_a_patch_applies_to_the_index(tmp_path: Path, case: str) -> None:
    path, before, after = CASES[case]
    here = checkout(tmp_path)
    lay(here, path, before)
    if before is not None:
        run(["git", "add", "."], here)
    run(["git", "apply", "--cached", "-"], here, patch(path, before, after))
    if after is not None:
        assert run(["git", "cat-file", "blob", f":{path}"], here) == after
    else:
        assert run(["git", "ls-files"], here) == b""


# What a naive writer or reader of diffs would take for its own syntax is here ordinary content.
LINES = st.sampled_from(
    [
        b"", b"RUN a", b"RUN a\r", b"--- a/Dockerfile", b"+++ b/Dockerfile", b"@@ -1 +1 @@", b"-- x", b"++ x", b"\t",
        b"\\ No newline at end of file", b"diff --git a/x b/x", b"+", b"-", b" ", b"\xff\xfe", b"\x0c", b"x" * 300,
        "\u2028".encode(), b"index 0..1", b"rename from x",
    ]
)  # fmt: skip
TEXTS = st.builds(
    lambda lines, end: b"\n".join(lines) + end, st.lists(LINES, min_size=1), st.sampled_from([b"", b"\n"])
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("apply", APPLIERS.values(), ids=APPLIERS)
@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TEXTS, after=TEXTS)
@example(before=b"x", after=b"x\n")
@example(before=b"\n", after=b"\n\n")
def test_any_text_becomes_any_other(
    scratch: Path, apply: Callable[[Path, bytes], None], before: bytes, after: bytes
) -> None:
    # An empty text stands for a file that is not there; both programs remove a file that becomes empty.
    if before == after or not before or not after:
        return
    file = lay(scratch, "deep/er/Dockerfile", before)
    apply(file.parent, patch("Dockerfile", before, after))
    assert file.read_bytes() == after


def test_no_change_is_an_empty_patch() -> None:
    assert patch("Dockerfile", OLD, OLD) == b""
    assert hunks(OLD, OLD) == ()


def test_headers_are_plain_and_have_no_time() -> None:
    assert patch("web/Dockerfile", b"a\n", b"b\n") == (
        b"--- a/web/Dockerfile\n+++ b/web/Dockerfile\n@@ -1 +1 @@\n-a\n+b\n"
    )


def test_headers_end_in_a_line_feed_whatever_the_file_uses() -> None:
    head = patch("Dockerfile", b"a\r\n", b"b\r\n").split(b"\n")[:3]
    assert not any(line.endswith(b"\r") for line in head)


def test_a_name_that_is_not_utf8_keeps_its_bytes() -> None:
    assert patch(os.fsdecode(b"caf\xe9"), b"a\n", b"b\n").startswith(b"--- a/caf\xe9\n")


def test_changes_seven_lines_apart_are_two_hunks() -> None:
    text = b"".join(b"%d\n" % n for n in range(9))
    first = text.replace(b"0\n", b"x\n")
    assert len(hunks(text, first.replace(b"7\n", b"x\n"))) == 1
    assert len(hunks(text, first.replace(b"8\n", b"x\n"))) == 2


def test_the_lines_of_a_hunk_know_their_places() -> None:
    (hunk,) = hunks(b"a\nb\nc\n", b"a\nx\ny\nc\n")
    assert [(line.sign, line.before, line.after) for line in hunk.lines] == [
        (b" ", 0, 0),
        (b"-", 1, None),
        (b"+", None, 1),
        (b"+", None, 2),
        (b" ", 2, 3),
    ]
