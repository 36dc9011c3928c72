"""Lists that the full images bring and the slim ones lack, where the sources of the project ask for them."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

PYTHON = (
    "FROM python:3.12-bookworm\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
    'CMD ["gunicorn", "app:app"]\n'
)
NODE = 'FROM node:20-bookworm\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "dist/a.js"]\n'
GO = 'FROM golang:1.22-bookworm\nWORKDIR /src\nCOPY . .\nRUN go build -o /server .\nCMD ["/server"]\n'
LOCK = (
    '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/express": {"version": "4.0.0"}, '
    '"node_modules/typescript": {"version": "5.0.0", "dev": true}}}'
)


def _python(source: str) -> tuple[str, dict[str, str]]:
    return PYTHON, {"requirements.txt": "flask==3.0.0\ngunicorn==22.0.0\n", "app.py": f"import flask\n{source}"}


def _node(source: str) -> tuple[str, dict[str, str]]:
    manifest = (
        '{"name": "a", "scripts": {"build": "tsc"}, "dependencies": {"express": "4.0.0"}, '
        '"devDependencies": {"typescript": "5.0.0"}}'
    )
    return NODE, {
        "package.json": manifest,
        "package-lock.json": LOCK,
        "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}',
        "src/a.ts": f"import express from 'express'\n{source}",
    }


def _go(source: str) -> tuple[str, dict[str, str]]:
    # What is linked against C's library is not moved to an image without it.
    text = f'package main\n\nimport (\n\t"mime"\n\t"net"\n\t"net/http"\n)\n\nfunc main() {{\n\t{source}\n}}\n'
    return GO, {"go.mod": "module example.com/s\n\ngo 1.22\n", "main.go": text}


def _runtime(dockerfile: str, files: dict[str, str]) -> str:
    context = Context.of({"Dockerfile": dockerfile, ".dockerignore": "node_modules\n", **files})
    done = migrate(dockerfile.encode(), path="Dockerfile", context=context)
    text = bytes(done.after).decode()
    assert text.count("FROM ") == 2, (text, done.declines)
    return text[text.rindex("FROM ") :]


@pytest.mark.parametrize(
    ("project", "package"),
    [
        (_python("import mimetypes\nmimetypes.guess_type('a.xlsx')\n"), "media-types"),
        (_python("flask.send_file('a.xlsx')\n"), "media-types"),
        (_node("import dns from 'dns'\ndns.lookupService('127.0.0.1', 8008, () => {})\n"), "netbase"),
    ],
)
def test_what_the_sources_ask_for_is_installed(project: tuple[str, dict[str, str]], package: str) -> None:
    assert package in _runtime(*project)


@pytest.mark.parametrize(
    "project",
    [
        _python("import socket\nsocket.getservbyname('http-alt')\n"),
        _python("app = flask.Flask(__name__)\n"),
        _python("# mimetypes\n"),
        _node("express().listen(3000)\n"),
    ],
)
def test_nothing_is_installed_that_is_there_or_not_asked_for(project: tuple[str, dict[str, str]]) -> None:
    runtime = _runtime(*project)
    assert "netbase" not in runtime and "media-types" not in runtime


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ('net.Listen("tcp", ":http-alt")', "netbase"),
        ('http.ListenAndServe(":http-alt", nil)', "netbase"),
        ('mime.TypeByExtension(".xlsx")', "media-types"),
        ('http.Handle("/", http.FileServer(http.Dir("/srv")))', "media-types"),
        ('net.Listen("tcp", ":8080")', ""),
        ('net.Dial("ip4:icmp", "a")', ""),
        ('http.ListenAndServe(":http", nil)', ""),
    ],
)
def test_go_finds_them_on_debian_and_on_distroless(source: str, package: str) -> None:
    runtime = _runtime(*_go(source))
    there = "distroless" in runtime.splitlines()[0]
    for each in ("netbase", "media-types"):
        assert (each in runtime) == (each == package and not there), runtime


def test_a_release_whose_package_is_not_known_keeps_the_full_image() -> None:
    dockerfile, files = _python("import mimetypes\n")
    dockerfile = dockerfile.replace("bookworm", "buster").replace("3.12", "3.9")
    context = Context.of({"Dockerfile": dockerfile, ".dockerignore": "x\n", **files})
    done = migrate(dockerfile.encode(), path="Dockerfile", context=context)
    assert bytes(done.after).count(b"FROM ") == 1
    assert any(decline.rule == "split-stages" for decline in done.declines)
