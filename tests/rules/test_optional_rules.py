"""Optional rules: selected by name, each on the files that it must leave alone, and all of them together."""

from __future__ import annotations

import pytest

from dfmigrate.answers import answers
from dfmigrate.context import Context
from dfmigrate.migrate import RULE_NAMES, migrate
from dfmigrate.migration import Migration
from dfmigrate.rules import RULES
from dfmigrate.settings import Answers, Settings
from dfmigrate_grammar import parse

OPTIONAL = tuple(rule.name for rule in RULES if rule.optional)
DEFAULT = frozenset(rule.name for rule in RULES if not rule.optional)
PYTHON = {"requirements.txt": "flask==3.0.0\n", "app.py": "import flask\n"}
GO = {
    "go.mod": "module example.com/a\n\ngo 1.22\n\nrequire example.com/b v1.0.0\n",
    "go.sum": "",
    "main.go": "package main\n\nfunc main() {}\n",
}


def migrated(text: str, files: dict[str, str] | None = None, *select: str, guards: bool = False) -> Migration:
    """Only the rules that are named, with the file's context; None as files: without a context."""
    context = None if files is None else Context.of({"Dockerfile": text, **files})
    given = Answers(select=frozenset(select), ignore=DEFAULT, guards=guards or None)
    return migrate(text.encode(), path="Dockerfile", context=context, settings=Settings(answers=given))


def after(text: str, files: dict[str, str] | None = None, *select: str, guards: bool = False) -> str:
    migration = migrated(text, files, *select, guards=guards)
    assert migration.error is None
    result = bytes(migration.after).decode()
    again = migrated(result, files, *select, guards=guards)
    assert not again.changed, "a second run changes something"
    return result


def codes(migration: Migration) -> set[str]:
    return {decline.code for decline in migration.declines}


def test_nothing_optional_runs_unasked() -> None:
    text = "FROM alpine:3.20\nMAINTAINER a\nENV B c\nADD d.txt /d\nCMD sleep 9\n"
    assert after(text, {"d.txt": ""}) == text


@pytest.mark.parametrize("name", OPTIONAL)
def test_a_rule_that_is_ignored_does_not_run_though_it_is_selected(name: str) -> None:
    given = answers({"select": [name], "ignore": [*DEFAULT, name]}, RULE_NAMES)
    text = "FROM alpine:3.20\nMAINTAINER a\nENV B c\nADD d.txt /d\nCMD sleep 9\n"
    assert not migrate(text.encode(), path="D", context=None, settings=Settings(answers=given)).changed


def test_a_rule_is_selected_in_the_file_too() -> None:
    text = "# dfmigrate: select=maintainer-to-label\nFROM alpine:3.20\nMAINTAINER a\n"
    assert 'LABEL org.opencontainers.image.authors="a"' in after(text)


def test_a_manual_rule_only_tells() -> None:
    text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm install\n"
    migration = migrated(text, {"package.json": "{}"}, "dockerignore")
    assert not migration.changed and "MANUAL" in codes(migration)
    ignored = migrated(text, {"package.json": "{}", ".dockerignore": "node_modules\n"}, "dockerignore")
    assert "MANUAL" not in codes(ignored)


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("ENV A b", "ENV A=b"),
        ("ENV A  b c", 'ENV A="b c"'),
        ('ENV A "b c"', 'ENV A="b c"'),
        ("ENV A 'b $C'", "ENV A='b $C'"),
        ("ENV A $B:/c", "ENV A=$B:/c"),
        ("ENV A ${B:-x y}", 'ENV A="${B:-x y}"'),
        ("env A b=c", "env A=b=c"),
        ("ENV A \\\n    b", None),
        ("LABEL a b c", 'LABEL a="b c"'),
        ('ENV A b "c d"', None),
        ("ENV A b\\ c", "ENV A=b\\ c"),
        ("ENV A it's", None),
    ],
)
def test_pairs_keep_their_values(before: str, value: str | None) -> None:
    text = f"FROM alpine:3.20\n{before}\n"
    if parse(text).problems:
        pytest.skip("BuildKit refuses it")
    result = after(text, None, "pairs-with-equals")
    if value is not None:
        assert result == f"FROM alpine:3.20\n{value}\n"
    old, new = (migrated(one).understood for one in (text, result))
    assert old is not None and new is not None
    assert dict(old.final.final.environment) == dict(new.final.final.environment)
    assert dict(old.final.final.labels) == dict(new.final.final.labels)


@pytest.mark.parametrize(
    "line",
    [
        "ADD http://example.com/a /a",
        "ADD git@github.com:a/b.git /a",
        "ADD a.tar.gz /a/",
        "ADD $FILE /a",
        "ADD *.tgz /a/",
        "ADD * /a/",
        "ADD unknown /a",
        "ADD --checksum=sha256:00 a.txt /a",
    ],
)
def test_an_add_that_may_do_more_stays(line: str) -> None:
    text = f"FROM alpine:3.20\n{line}\n"
    migration = migrated(text, None, "add-to-copy")
    assert not migration.changed


@pytest.mark.parametrize("line", ["ADD . /a", "add src/ /a/", "ADD a.py b.py /a/", "ADD target/*.jar /app.jar"])
def test_an_add_of_files_becomes_a_copy(line: str) -> None:
    text = f"FROM alpine:3.20\n{line}\n"
    copied = line.replace("ADD", "COPY").replace("add", "copy")
    assert after(text, None, "add-to-copy") == f"FROM alpine:3.20\n{copied}\n"


@pytest.mark.parametrize(
    "tail",
    [
        "CMD node $A",
        "CMD node a.js > /log",
        "CMD node a.js && true",
        "CMD node *.js",
        'CMD node "a b.js"',
        "CMD A=b node a.js",
        "CMD exec node a.js",
        "CMD cd /app",
        "CMD ./start",
        'ENTRYPOINT ["/tini", "--"]\nCMD node a.js',
        "ENTRYPOINT node a.js\nCMD b",
        'SHELL ["/bin/bash", "-lc"]\nCMD node a.js',
        "COPY start /usr/local/bin/start\nCMD start",
    ],
)
def test_a_command_that_needs_its_shell_keeps_it(tail: str) -> None:
    text = f"FROM node:20-slim\nWORKDIR /app\nCOPY . .\n{tail}\n"
    migration = migrated(text, {"a.js": "", "start": "node a.js\n"}, "exec-form")
    assert not migration.changed and "H4" in codes(migration)


def test_a_command_that_needs_no_shell_loses_it() -> None:
    text = "FROM node:20-slim\nWORKDIR /app\nCOPY . .\nCMD   npm  start\n"
    assert after(text, {"a.js": ""}, "exec-form").endswith('\nCMD   ["npm", "start"]\n')


def test_lists_are_removed_in_the_style_of_the_run() -> None:
    text = "FROM debian:bookworm\nRUN apt-get update \\\n && apt-get install -y \\\n      curl\n"
    assert after(text, None, "apt-lists-cleanup") == f"{text[:-1]} \\\n && rm -rf /var/lib/apt/lists/*\n"


@pytest.mark.parametrize(
    "run",
    [
        "apt-get update; apt-get install -y curl",
        "apt-get update && apt-get install -y curl # tools",
        "apt-get update && apt-get install -y curl || true",
        "--mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl",
        "apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
        "apt-get update",
    ],
)
def test_lists_stay_where_nothing_can_be_added(run: str) -> None:
    text = f"FROM debian:bookworm\nRUN {run}\n"
    assert after(text, None, "apt-lists-cleanup") == text


def test_a_child_stage_may_need_the_lists() -> None:
    text = (
        "FROM debian:bookworm AS a\nRUN apt-get update && apt-get install -y curl\nFROM a\nRUN apt-get install -y git\n"
    )
    assert "H2" in codes(migrated(text, None, "apt-lists-cleanup"))


def test_go_modules_are_mounted_for_every_command_that_reads_them() -> None:
    text = 'FROM golang:1.22\nWORKDIR /a\nCOPY . .\nRUN go mod download\nRUN go build -o a .\nCMD ["./a"]\n'
    result = after(text, GO, "cache-mounts")
    assert result.count("--mount=type=cache,target=/go/pkg/mod ") == 2


@pytest.mark.parametrize(
    "tail",
    [
        "RUN ./build",
        'RUN go build -o a .\nCMD ["go", "run", "."]',
        "RUN cp -r /go/pkg/mod /mod",
        "FROM alpine:3.20\nCOPY --from=0 /go /go",
        "ENV GOFLAGS=-modcacherw MODS=/go/pkg/mod",
    ],
)
def test_a_cache_that_somebody_reads_stays_in_the_image(tail: str) -> None:
    text = f"FROM golang:1.22\nWORKDIR /a\nCOPY . .\nRUN go mod download\n{tail}\n"
    migration = migrated(text, {**GO, "build": "go build .\n"}, "cache-mounts")
    assert b"target=/go/pkg/mod" not in bytes(migration.after) and "G3" in codes(migration)


@pytest.mark.parametrize(
    ("head", "run"),
    [
        ("USER 1000\n", "pip install -r requirements.txt"),
        ("", "pip install --no-cache-dir -r requirements.txt"),
        ("", "pip install -r requirements.txt && rm -rf /root/.cache/pip"),
        ("", "--mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt"),
        ("COPY pip.cache /root/.cache/pip/\n", "pip install -r requirements.txt"),
    ],
)
def test_a_cache_that_is_none_is_not_mounted(head: str, run: str) -> None:
    text = f"FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt ./\n{head}RUN {run}\n"
    assert after(text, {**PYTHON, "pip.cache": ""}, "cache-mounts") == text


def test_a_syntax_without_mounts_declines_and_stays_first() -> None:
    text = "# syntax=docker/dockerfile:{}\nFROM python:3.11-slim\nCOPY . .\nRUN pip install -r requirements.txt\n"
    assert "D13" in codes(migrated(text.format("1.1"), PYTHON, "cache-mounts"))
    assert after(text.format("1.4"), PYTHON, "cache-mounts").startswith("# syntax=docker/dockerfile:1.4\nFROM")


def test_stage_numbers_become_names_that_nobody_has() -> None:
    text = "FROM alpine:3.20\nFROM alpine:3.20 as builder\nFROM alpine:3.20\nCOPY --from=0 /a /a\nCOPY --from=1 /b /b\n"
    assert after(text, None, "stage-names") == (
        "FROM alpine:3.20 AS build\nFROM alpine:3.20 as builder\nFROM alpine:3.20\n"
        "COPY --from=build /a /a\nCOPY --from=builder /b /b\n"
    )


GUARDED = "FROM {} AS builder\nWORKDIR /app\nCOPY . .\nRUN {}\n\nFROM {}\nWORKDIR /app\n"


def test_guards_stand_ahead_of_user_and_are_added_once() -> None:
    text = GUARDED.format("golang:1.22-bookworm", "go build -o server .", "debian:bookworm-slim")
    text += 'RUN useradd app\nCOPY --from=builder /app/server ./\nUSER app\nCMD ["./server"]\n'
    lines = after(text, GO, guards=True).split("\n")
    at = lines.index("USER app")
    assert lines[at - 2 : at] == [
        "RUN test -x /app/server \\",
        "    && ! ldd /app/server 2>&1 | grep -q -e 'not found' -e 'Error loading'",
    ]


def test_guards_and_a_user_go_together() -> None:
    text = (
        "FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n"
        'CMD ["node", "server.js"]\n'
    )
    files = {
        "Dockerfile": text,
        "package.json": '{"name": "a", "dependencies": {"express": "4.0.0"}}',
        "package-lock.json": '{"lockfileVersion": 3, "packages": {"node_modules/express": {"version": "4.0.0"}}}',
        "server.js": "const express = require('express')\n",
    }
    settings = Settings(answers=Answers(guards=True))
    migration = migrate(text.encode(), path="Dockerfile", context=Context.of(files), settings=settings)
    result = bytes(migration.after).decode()
    assert "require.resolve('express')" in result
    assert "\nUSER 1000:1000\n" in result


def test_guards_look_for_the_libraries_of_what_make_made() -> None:
    text = (
        "FROM debian:bookworm AS builder\nWORKDIR /app\nCOPY . .\nRUN make\n\nFROM debian:bookworm-slim\n"
        'WORKDIR /app\nCOPY --from=builder /app/server ./server\nCMD ["./server"]\n'
    )
    files = {"Makefile": "server: server.c\n\tcc -o server server.c\n", "server.c": "int main() { return 0; }\n"}
    assert "! ldd /app/server" in after(text, files, guards=True)


def test_guards_know_python_node_and_php() -> None:
    text = GUARDED.format("python:3.11", "pip install -r requirements.txt", "python:3.11-slim")
    text += 'COPY --from=builder /app /app\nCMD ["python", "app.py"]\n'
    result = after(text, {**PYTHON, "requirements.txt": "psycopg2==2.9.9\n"}, guards=True)
    assert 'command -v python >/dev/null \\\n    && python -B -c "import psycopg2"\n' in result
    text = GUARDED.format("node:20", "npm ci", "node:20-slim") + "COPY . .\nCOPY --from=builder /app/node_modules ./\n"
    files = {
        "package.json": '{"dependencies": {"express": "4"}}',
        "server.js": "const fs = require('fs');\nconst express = require('express');\n",
    }
    result = after(f'{text}CMD ["node", "server.js"]\n', files, guards=True)
    assert "node -e \"require.resolve('express')\"\n" in result
    text = "FROM composer:2 AS vendor\n\nFROM php:8.2-apache\nRUN docker-php-ext-install gd opcache\n"
    result = after(f"{text}COPY --from=vendor /usr/bin/composer /usr/bin/composer\n", {}, guards=True)
    assert "RUN php -m | grep -qix 'gd'\n" in result


@pytest.mark.parametrize("final", ["scratch", "gcr.io/distroless/static-debian12", "registry.example/unknown"])
def test_no_guard_where_none_can_run(final: str) -> None:
    text = GUARDED.format("golang:1.22-bookworm", "CGO_ENABLED=0 go build -o server .", final)
    text += 'COPY --from=builder /app/server /server\nCMD ["/server"]\n'
    assert after(text, GO, guards=True) == text


def test_all_of_them_together_change_nothing_twice() -> None:
    text = (
        "FROM golang:1.22\nMAINTAINER joe\nENV A b c\nWORKDIR /app\nADD . .\n"
        "RUN apt-get update && apt-get install -y curl\nRUN go mod download\nRUN go build -o server .\nCMD ./server\n"
    )
    given = Settings(answers=Answers(select=frozenset(OPTIONAL), guards=True))
    context = Context.of({"Dockerfile": text, **GO})
    first = migrate(text.encode(), path="D", context=context, settings=given)
    assert {step.rule for step in first.steps} >= {"split-stages", "cache-mounts", "exec-form", "build-guards"}
    assert not migrate(bytes(first.after), path="D", context=context, settings=given).changed
