"""Migrations of images that a Procfile and compose services start, and how to break them: for ``test_mutations``."""

from __future__ import annotations

from good_migrations import Good

_BEFORE = """\
FROM python:3.12
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
"""
_AFTER = """\
FROM python:3.12 AS builder
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN pip install -r requirements.txt

FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH
COPY --from=builder /opt/venv /opt/venv
COPY . .
"""
_FILES = {
    "requirements.txt": "flask==3.0.3\ngunicorn==22.0.0\n",
    "app.py": "import flask\n",
    "Procfile": "web: gunicorn app:app -b 0.0.0.0:$PORT\nrelease: curl -f http://database/ready && python app.py\n",
    "compose.yaml": "services:\n  worker:\n    build: .\n    command: python /app/app.py worker\n",
}
_STATIC_BEFORE = """\
FROM golang:1.22
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /server .
CMD ["/server"]
"""
_STATIC_AFTER = """\
FROM golang:1.22 AS builder
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /server .

FROM gcr.io/distroless/static-debian12
WORKDIR /src
COPY --from=builder /server /server
CMD ["/server"]
"""
_STATIC_FILES = {
    "go.mod": "module example.com/server\n\ngo 1.22\n",
    "main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("up") }\n',
    "fly.toml": '[processes]\nweb = "/server"\n',
}

PYTHON = Good("started by others", _BEFORE, _AFTER, _FILES, frozenset({"env:PATH"}))
STATIC = Good("static, started by others", _STATIC_BEFORE, _STATIC_AFTER, _STATIC_FILES)
GOOD = (PYTHON, STATIC)

BROKEN = [
    # A tool that only the release phase calls; a file that only a worker names
    (PYTHON, "--no-install-recommends curl", "--no-install-recommends wget", "C10"),
    (PYTHON, "COPY . .\n", "COPY requirements.txt ./\n", "A1"),
    (PYTHON, "COPY --from=builder /opt/venv /opt/venv\n", "", "A2"),
    (STATIC, "COPY --from=builder /server /server\n", "", "A2"),
    (STATIC, 'CMD ["/server"]\n', "", "D5"),
]
CONTEXTS = [
    # Tools and a shell that the runtime lacks
    (PYTHON, {"Procfile": "web: gunicorn app:app\nworker: git daemon\n"}, "C10"),
    (STATIC, {"fly.toml": '[processes]\nweb = ["sh", "-c", "exec /server"]\n'}, "C9"),
    (STATIC, {"fly.toml": "[processes]\nweb = \"sh -c 'exec /server'\"\n"}, "C9"),
    (
        STATIC,
        {"compose.yaml": "services:\n  web:\n    build: .\n    entrypoint: [/bin/sh, -c]\n    command: [/server]\n"},
        "C9",
    ),
    # What cannot be served
    (PYTHON, {"compose.yaml": "services:\n  web:\n    build: .\n    command: gunicorn --reload app:app\n"}, "C13"),
    (PYTHON, {"compose.yaml": "services:\n  web:\n    build: .\n    command: make all\n"}, "C13"),
    (PYTHON, {"compose.yaml": "services:\n  web:\n    build: .\n    command: python other.py\n"}, "C13"),
    (PYTHON, {"heroku.yml": "build:\n  docker:\n    web: Dockerfile\nrun:\n  web: eval $START\n"}, "C13"),
    (PYTHON, {"heroku.yml": "build: &x *y\n\trun:\n"}, "C13"),
]
