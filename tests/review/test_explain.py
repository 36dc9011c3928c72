"""What `explain` says: each instruction's meaning with its evidence, and what is unknown, in so many words."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.review.explain import Section, explain
from dfmigrate.review.explain_text import plain_lines


def sections(text: str, files: dict[str, str] | None = None) -> list[Section]:
    context = Context.of({"Dockerfile": text, **(files or {})})
    return list(explain(migrate(text.encode(), path="Dockerfile", context=context)))


def said(text: str, files: dict[str, str] | None = None) -> str:
    return "\n".join(plain_lines(sections(text, files)))


def of_line(found: list[Section], line: int) -> dict[str, str]:
    return {one.label: one.text for section in found if section.line == line for one in section.said}


def test_a_base_image_is_told_with_its_release_runtimes_and_source() -> None:
    base = of_line(sections("FROM golang:1.22-bookworm\nCMD /app\n"), 1)
    assert base["image"] == "golang 1.22 on debian bookworm (glibc)"
    assert "debian:bookworm-slim can run what it builds (T3)" in base["runtime"]
    assert "docker-library/golang" in base["source"]


def test_an_unknown_base_image_is_said_to_be_unknown() -> None:
    (first, *_) = sections("FROM registry.example/x:1\nCMD /app\n")
    assert [(one.label, one.open) for one in first.said] == [("unknown", True)]


def test_a_copy_lists_what_it_brings() -> None:
    found = sections("FROM node:20\nWORKDIR /app\nCOPY . .\nCMD node a.js\n", {"a.js": "", "b.js": ""})
    assert of_line(found, 3)["writes"] == "/app/Dockerfile, /app/a.js, /app/b.js"


def test_each_package_is_told_with_what_becomes_of_it() -> None:
    text = "FROM python:3.11-bookworm\nRUN apt-get install -y gcc libpq-dev imagemagick\nCMD python a.py\n"
    (told,) = of_line(sections(text, {"a.py": ""}), 2).values()
    assert "gcc for building only" in told
    assert "libpq-dev for building, libpq5 at run time" in told
    assert "imagemagick stays" in told


def test_a_script_of_package_json_is_shown_with_its_text() -> None:
    files = {"package.json": '{"scripts": {"build": "tsc -p ."}}', "tsconfig.json": "{}", "a.ts": ""}
    found = sections("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm run build\nCMD node a.js\n", files)
    assert "package.json says `tsc -p .`" in of_line(found, 4)["npm run build"]


def test_an_unknown_command_is_marked_with_the_reason() -> None:
    found = sections(
        "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN ./setup.sh\nCMD node a.js\n", {"setup.sh": "#!/bin/sh\n"}
    )
    (section,) = (section for section in found if section.line == 4)
    assert [one.open for one in section.said] == [True]
    assert "`setup.sh` is not a command whose effects are known" in section.said[0].text


def test_what_the_process_calls_is_told_with_its_place() -> None:
    files = {"a.py": "import subprocess\nsubprocess.run(['git', 'log'])\n", "requirements.txt": "flask\n"}
    text = "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python a.py\n"
    told = said(text, files)
    assert "calls: git (a.py:2)" in told
    assert "libraries: flask (requirements.txt)" in told


def test_a_decline_is_told_with_its_code_place_and_what_lifts_it() -> None:
    told = said('FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["npx", "nodemon", "a.js"]\n', {"a.js": ""})
    assert "? split-stages: not done [C2] (line 4): " in told
    assert "; start the built application instead" in told


def test_a_file_that_is_refused_as_a_whole_has_nothing_to_explain() -> None:
    assert sections("FROM mcr.microsoft.com/windows/servercore:ltsc2022\n") == []


def test_text_of_others_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in said('FROM node:20\nENV A="\x1b[31mred"\nRUN echo \'\x1b[2J\' > /a\x1bb\nCMD ["node"]\n')


@pytest.mark.parametrize(
    ("base", "install", "files", "behind"),
    [
        ("php:8.3-apache", "composer install", {"composer.json": "{}", "index.php": ""}, "Dockerfile"),
        ("golang:1.22", "go build -o /app .", {"go.mod": "module a", "main.go": ""}, "Dockerfile, go.mod, main.go"),
        ("node:20", "npm install", {"package.json": "{}", "yarn.lock": "", "a.ts": ""}, "Dockerfile, yarn.lock"),
        ("node:20", "npx tsc", {"package.json": "{}", "a.ts": ""}, "Dockerfile, a.ts"),
    ],
)
def test_what_only_a_build_reads_follows_from_the_commands(
    base: str, install: str, files: dict[str, str], behind: str
) -> None:
    told = said(f'FROM {base}\nWORKDIR /a\nCOPY . .\nRUN {install}\nCMD ["/app"]\n', files)
    assert f"may be read; only a build reads {behind}\n" in told


@pytest.mark.parametrize(("before", "told"), [("", True), ("USER node\n", False), ("ENV HOME=/app\n", False)])
def test_a_cache_at_home_is_told_of_root_alone(before: str, told: bool) -> None:
    text = said(f"FROM node:20\nWORKDIR /app\nCOPY . .\n{before}RUN npm install\n", {"package.json": "{}"})
    assert ("caches by default in /root/.npm" in text) is told


def test_a_command_of_a_pipeline_is_not_said_to_be_conditional() -> None:
    text = said("FROM debian:bookworm\nRUN echo a | tee /x\n")
    assert "echo a: inspection; under a condition, in a pipeline or in a subshell" in text


def test_a_language_that_is_not_read_is_not_said_to_compute_names() -> None:
    text = said('FROM perl:5.38\nWORKDIR /a\nCOPY . .\nCMD ["perl", "a.pl"]\n', {"a.pl": "print 1;\n"})
    assert "? unknown: what else it calls: not all of it can be read in the text" in text
