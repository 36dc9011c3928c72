"""A good migration, broken in one way each: the proof must refuse every one of them, with the right code."""

from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.model import interpret
from dfmigrate.proof import Case, Verdict, check
from dfmigrate_grammar import parse

GO_BEFORE = """\
# The shop's web server
FROM golang:1.20
ARG REVISION=none
ENV PORT=8080
WORKDIR /app
COPY . .
RUN go build -o server .
LABEL revision=$REVISION
EXPOSE 8080
HEALTHCHECK CMD ["/app/server", "-check"]
STOPSIGNAL SIGINT
CMD ["./server"]
"""
GO_AFTER = """\
# The shop's web server
FROM golang:1.20 AS builder
ENV PORT=8080
WORKDIR /app
COPY . .
RUN go build -o server .

FROM debian:bookworm-slim
ARG REVISION=none
ENV PORT=8080
WORKDIR /app
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=builder /app/server ./server
COPY --from=builder /app/templates ./templates
LABEL revision=$REVISION
EXPOSE 8080
HEALTHCHECK CMD ["/app/server", "-check"]
STOPSIGNAL SIGINT
CMD ["./server"]
"""
GO_FILES = {
    "go.mod": "module example.com/shop\n\ngo 1.20\n",
    "main.go": 'package main\n\nimport (\n\t"html/template"\n\t"net/http"\n)\n\n'
    'func main() {\n\t_ = template.Must(template.ParseGlob("templates/*.html"))\n'
    '\thttp.ListenAndServe(":8080", nil)\n}\n',
    "templates/index.html": "<p>hello</p>\n",
}

PYTHON_BEFORE = """\
FROM python:3.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
EXPOSE 8000
HEALTHCHECK CMD curl -f http://localhost:8000/
CMD ["python", "app.py"]
"""
PYTHON_AFTER = """\
FROM python:3.11-slim AS builder
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN pip install -r requirements.txt

FROM python:3.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH
COPY --from=builder /opt/venv /opt/venv
COPY . .
EXPOSE 8000
HEALTHCHECK CMD curl -f http://localhost:8000/
CMD ["python", "app.py"]
"""
PYTHON_FILES = {"requirements.txt": "psycopg2==2.9.9\n", "app.py": "import psycopg2\n"}

NODE_BEFORE = """\
FROM node:20
WORKDIR /app
COPY . .
RUN npm ci
EXPOSE 3000
CMD ["node", "server.js"]
"""
NODE_USER = """\
FROM node:20 AS builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci

FROM node:20-slim
WORKDIR /app
RUN chown 1000:1000 /app
COPY --from=builder --chown=1000:1000 /app/node_modules ./node_modules
COPY --chown=1000:1000 . .
USER 1000:1000
EXPOSE 3000
CMD ["node", "server.js"]
"""
NODE_FILES = {
    "package.json": json.dumps(
        {
            "name": "a",
            "version": "1.0.0",
            "dependencies": {"express": "4.0.0"},
            "devDependencies": {"jest": "29.0.0"},
        }
    ),
    "package-lock.json": json.dumps(
        {
            "name": "a",
            "version": "1.0.0",
            "lockfileVersion": 3,
            "packages": {
                "": {"dependencies": {"express": "4.0.0"}, "devDependencies": {"jest": "29.0.0"}},
                "node_modules/express": {"version": "4.0.0"},
                "node_modules/jest": {"version": "29.0.0", "dev": True},
            },
        }
    ),
    "server.js": "const express = require('express');\nexpress().listen(3000);\n",
    ".dockerignore": "node_modules\n",
}

_GO = ("go", GO_BEFORE, GO_AFTER, GO_FILES, frozenset[str]())
_PYTHON = ("python", PYTHON_BEFORE, PYTHON_AFTER, PYTHON_FILES, frozenset({"env:PATH"}))
_NODE = ("node", NODE_BEFORE, NODE_USER, NODE_FILES, frozenset({"user"}))
_Good = tuple[str, str, str, dict[str, str], frozenset[str]]


def _verdict(good: _Good, after: str, files: dict[str, str] | None = None) -> Verdict:
    _name, before, _after, texts, declared = good
    context = Context.of({"Dockerfile": before, **(files if files is not None else texts)})
    return check(Case(interpret(parse(before), context), interpret(parse(after), context), declared))


@pytest.mark.parametrize("good", [_GO, _PYTHON, _NODE], ids=lambda good: good[0])
def test_the_good_migration_holds(good: _Good) -> None:
    assert [(a.code, a.message) for a in _verdict(good, good[2]).open] == []


_BROKEN = [
    # Files
    (_GO, "COPY --from=builder /app/templates ./templates\n", "", "A1"),
    (_GO, "COPY --from=builder /app/server ./server\n", "", "A2"),
    (_GO, "/app/server ./server", "/app/sever ./server", "A6"),
    (_GO, "/app/templates ./templates", "/app/templates ./", "A1"),
    (_GO, "RUN go build -o server .\n\nFROM", "\nFROM", "A2"),
    (_GO, "# The shop's web server\n", "", "COMMENT"),
    (_PYTHON, "COPY --from=builder /opt/venv /opt/venv\n", "", "A2"),
    (_PYTHON, "/opt/venv /opt/venv\n", "/opt/venv /srv/venv\n", "A2"),
    # Configuration
    (
        _GO,
        "\nARG REVISION=none\nENV PORT=8080\nWORKDIR /app\nCOPY --from",
        "\nARG REVISION=none\nWORKDIR /app\nCOPY --from",
        "D1",
    ),
    (_GO, "ARG REVISION=none\nENV", "ENV", "D2"),
    (_GO, "ENV PORT=8080\nWORKDIR /app\nCOPY --from", "ENV PORT=8080\nWORKDIR /srv\nCOPY --from", "D4"),
    (_GO, 'CMD ["./server"]', 'CMD ["./server", "-v"]', "D5"),
    (_GO, "EXPOSE 8080\n", "", "D6"),
    (_GO, "LABEL revision=$REVISION\n", "", "D6"),
    (_GO, 'HEALTHCHECK CMD ["/app/server", "-check"]\n', "", "D6"),
    (_GO, "STOPSIGNAL SIGINT\n", "", "D7"),
    (_PYTHON, "ENV PATH=/opt/venv/bin:$PATH\nCOPY --from", "COPY --from", "A2"),
    # Platform and libraries
    (_GO, "FROM debian:bookworm-slim", "FROM alpine:3.20", "B2"),
    (_GO, "FROM debian:bookworm-slim", "FROM debian:bullseye-slim", "B3"),
    (_GO, "FROM debian:bookworm-slim", "FROM example.org/base", "D11"),
    (_PYTHON, "\nFROM python:3.11-slim\n", "\nFROM python:3.12-slim-bookworm\n", "B7"),
    (_PYTHON, "libpq5 curl", "curl", "B1"),
    # Programs
    (_PYTHON, "libpq5 curl", "libpq5", "C8"),
    # Build steps
    (_PYTHON, "COPY requirements.txt ./\nRUN python", "RUN python", "F4"),
    (_NODE, "COPY package.json package-lock.json ./", "COPY package.json ./", "F4"),
    (_NODE, "RUN npm ci\n", "RUN npm ci && npm prune --omit=dev\n", "A2"),
    # User
    (_NODE, "RUN chown 1000:1000 /app\n", "", "E1"),
    (_NODE, "COPY --chown=1000:1000 . .", "COPY . .", "E2"),
    (_NODE, "USER 1000:1000", "USER 4711:4711", "E9"),
    (_NODE, "USER 1000:1000", "USER node", "E8"),
    (_NODE, "USER 1000:1000\n", "USER 1000:1000\nRUN npm --version\n", "E12"),
]


@pytest.mark.parametrize(
    ("good", "old", "new", "code"),
    _BROKEN,
    ids=[f"{good[0]}-{code}-{number}" for number, (good, _, _, code) in enumerate(_BROKEN)],
)
def test_a_broken_migration_is_refused(good: _Good, old: str, new: str, code: str) -> None:
    assert good[2].count(old) >= 1
    verdict = _verdict(good, good[2].replace(old, new, 1))
    assert code in {answer.code for answer in verdict.open}


_CALLS_GIT = """\
package main

import (
	"net/http"
	"os/exec"
)

func main() {
	exec.Command("git").Run()
	http.ListenAndServe(":8080", nil)
}
"""
_POSTINSTALL = json.dumps({**json.loads(NODE_FILES["package.json"]), "scripts": {"postinstall": "node setup.js"}})
_CONTEXTS = [
    # The same Dockerfiles with a project in which they are wrong.
    (_GO, {"main.go": _CALLS_GIT}, "C10"),
    (_NODE, {"server.js": "require('child_process').exec('git log');\n"}, "C10"),
    (_NODE, {"server.js": "require('fs').writeFileSync('/data/state.json', '{}');\n"}, "E2"),
    (_NODE, {"docker-compose.yml": "services:\n  web:\n    build: .\n    volumes:\n      - ./data:/app/data\n"}, "E3"),
    (_NODE, {"docker-compose.yml": "services:\n  web:\n    build: .\n    command: npx nodemon\n"}, "C13"),
    (_NODE, {".dockerignore": "dist\n"}, "A12"),
    (_NODE, {"package.json": _POSTINSTALL}, "F1"),
]


@pytest.mark.parametrize(("good", "files", "code"), _CONTEXTS, ids=[f"{good[0]}-{code}" for good, _, code in _CONTEXTS])
def test_a_project_that_needs_more_is_refused(good: _Good, files: dict[str, str], code: str) -> None:
    verdict = _verdict(good, good[2], {**good[3], **files})
    assert code in {answer.code for answer in verdict.open}
