"""Small projects that a careless split, reordering or USER would break: what the answer holds, or why there is none.

A row says what must be declined (rule and code), or what the text of the runtime stage must and must not match. A row
that is answered wrongly today is marked, and fails as soon as it is answered rightly.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

SPLIT, FIRST, USER = "split-stages", "copy-manifests-first", "run-as-user"


@dataclass(frozen=True)
class Hard:
    """One project, and patterns over the lines of the result."""

    name: str
    dockerfile: str
    files: dict[str, str]
    declines: tuple[tuple[str, str], ...] = ()
    """Each rule and code that must be declined, so that the rule also does nothing."""
    runtime: tuple[str, ...] = ()
    """Matched in the runtime stage, in this order; the file must have been split."""
    unless_unsplit: tuple[str, ...] = ()
    """Matched in the runtime stage, where there is one."""
    lacks: tuple[str, ...] = ()
    """Matched nowhere in the runtime stage."""
    anywhere: tuple[str, ...] = ()
    """Matched in the whole result, in this order."""
    root: bool = False
    """No USER may be added."""
    wrong: str | None = None
    """Why it is answered wrongly today."""
    unstable: str | None = None
    """Why a second run changes something today."""
    ignored: str | None = "node_modules\nvendor\n"


_CFFI = {"requirements.txt": "cffi==1.16.0\n", "app.py": "import cffi\n"}
_LEXER = {
    "requirements.txt": "cffi==1.16.0\n",
    "app.py": "import lexer\n",
    "lexer.c": "int x;\n",
    "setup.py": "from setuptools import Extension, setup\n"
    'setup(name="lexer", ext_modules=[Extension("lexer", ["lexer.c"], extra_link_args=["-lfl"])])\n',
}


def _npm(
    *, scripts: dict[str, str] | None = None, production: tuple[str, ...] = ("express",), dev: tuple[str, ...] = ()
) -> dict[str, str]:
    wanted = {
        "dependencies": dict.fromkeys(production, "4.0.0"),
        **({"devDependencies": dict.fromkeys(dev, "5.0.0")} if dev else {}),
    }
    installed: dict[str, dict[str, object]] = {f"node_modules/{name}": {"version": "4.0.0"} for name in production}
    installed |= {f"node_modules/{name}": {"version": "5.0.0", "dev": True} for name in dev}
    head = {"name": "a", "version": "1.0.0"}
    lock = {**head, "lockfileVersion": 3, "packages": {"": {**head, **wanted}, **installed}}
    return {
        "package.json": json.dumps({**head, **({"scripts": scripts} if scripts else {}), **wanted}),
        "package-lock.json": json.dumps(lock),
    }


NODE = {**_npm(), "server.js": "require('express')().listen(3000);\n"}
TYPESCRIPT = {
    **_npm(scripts={"build": "tsc"}, dev=("typescript",)),
    "tsconfig.json": json.dumps({"compilerOptions": {"outDir": "dist", "rootDir": "src"}}),
    "src/index.ts": "import express from 'express';\nexpress().listen(3000);\n",
}
PYTHON = {"requirements.txt": "flask==3.0.0\n", "app.py": "import flask\n"}
GO = {
    "go.mod": "module example.com/shop\n\ngo 1.22\n",
    "main.go": 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n',
}
RUST = {"Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n', "src/main.rs": "fn main() {}\n"}
PHP = {"composer.json": '{"require": {"slim/slim": "4.0.0"}}', "index.php": "<?php echo 1;\n"}
JAVA = {
    "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>"
    "<version>1</version></project>",
    "mvnw": "#!/bin/sh\n",
}
COMPOSER = "COPY --from=composer:2 /usr/bin/composer /usr/bin/composer\n"
TOOLS = "RUN apt-get update && apt-get install -y gcc git\n"
GIT_INSTALLED = r"install .*\bgit\b"


def _node(
    *, before: str = "", after: str = "", command: str = 'CMD ["node", "server.js"]', base: str = "node:20"
) -> str:
    return f"FROM {base}\n{before}WORKDIR /app\nCOPY . .\nRUN npm install\n{after}{command}\n"


def _python(
    *,
    before: str = "",
    middle: str = "",
    last: str = "",
    command: str = 'CMD ["python", "app.py"]',
    base: str = "python:3.11",
) -> str:
    install = "WORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\n"
    return f"FROM {base}\n{before}{install}{middle}COPY . .\n{last}{command}\n"


def _go(*, before: str = "", middle: str = "", command: str = 'CMD ["./server"]', base: str = "golang:1.22") -> str:
    return f"FROM {base}\n{before}WORKDIR /app\nCOPY . .\n{middle}RUN go build -o server .\n{command}\n"


PACKAGES = [
    Hard(
        "package lists refreshed in a RUN of their own",
        _node(before="RUN apt-get update\nRUN apt-get install -y ffmpeg\n"),
        NODE,
        runtime=(r"^RUN apt-get update$", r"^RUN apt-get install -y ffmpeg$"),
    ),
    Hard(
        "package lists refreshed with an option ahead of the word",
        _node(before="RUN apt-get -qq update\nRUN apt-get install -y ffmpeg\n"),
        NODE,
        runtime=(r"^RUN apt-get -qq update$", r"^RUN apt-get install -y ffmpeg$"),
    ),
    Hard(
        "package lists refreshed in a RUN of their own, one package of two for the build",
        _python(
            base="python:3.11-slim",
            before="RUN apt-get update\nRUN apt-get install -y curl gcc\n",
            last="HEALTHCHECK CMD curl -f http://localhost/\n",
        ),
        PYTHON,
        runtime=(r"^RUN apt-get update$", r"^RUN apt-get install -y curl$"),
        lacks=(r"\bgcc\b",),
    ),
    Hard(
        "package lists that only the build needed",
        _python(base="python:3.11-slim", before="RUN apt-get update\nRUN apt-get install -y gcc\n"),
        PYTHON,
        runtime=(r"^FROM ",),
        lacks=(r"apt-get",),
    ),
    Hard(
        "a package whose version is a variable",
        _python(before="ARG FF\nRUN apt-get update && apt-get install -y ffmpeg=$FF\n"),
        PYTHON,
        declines=((SPLIT, "A2"), (USER, "E2")),
    ),
    Hard(
        "a package whose version is a pattern",
        _node(before="RUN apt-get update && apt-get install -y ffmpeg=7:*\n"),
        NODE,
        declines=((SPLIT, "A2"), (USER, "E2")),
    ),
    Hard(
        "packages listed in a file",
        "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y $(cat packages.txt)\n"
        'RUN npm install\nCMD ["node", "server.js"]\n',
        {**NODE, "packages.txt": "ffmpeg\n"},
        declines=((FIRST, "F1"), (SPLIT, "A2"), (USER, "E2")),
    ),
    Hard(
        "a package from the context",
        "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y ./tool.deb\nRUN npm install\n"
        'CMD ["node", "server.js"]\n',
        {**NODE, "tool.deb": "x"},
        declines=((FIRST, "F4"), (SPLIT, "A2")),
    ),
    Hard(
        "a repository added in a RUN of its own",
        _python(before="RUN add-apt-repository ppa:x/y\nRUN apt-get update && apt-get install -y xtool\n"),
        PYTHON,
        declines=((SPLIT, "A2"),),
    ),
    Hard(
        "build packages taken away in a RUN of their own",
        _python(
            base="python:3.11-alpine",
            before="RUN apk add --no-cache --virtual .build gcc musl-dev\n",
            middle="RUN apk del .build\n",
        ),
        PYTHON,
        anywhere=(r"^RUN apk add --no-cache --virtual .build gcc musl-dev$", r"^RUN apk del .build$", r"^FROM python"),
        runtime=(r"^COPY --from=builder /opt/venv /opt/venv$",),
        lacks=("apk",),
    ),
    Hard(
        "build packages taken away in the same RUN",
        "FROM python:3.11-alpine\nWORKDIR /app\nCOPY requirements.txt ./\n"
        "RUN apk add --no-cache --virtual .build gcc && pip install -r requirements.txt && apk del .build\n"
        'COPY . .\nCMD ["python", "app.py"]\n',
        PYTHON,
        declines=((SPLIT, "NO_BENEFIT"),),
    ),
    Hard(
        "a package taken away by name",
        _go(base="golang:1.22-alpine", before="RUN apk add --no-cache curl git\n", middle="RUN apk del curl\n"),
        GO,
        runtime=(r"^COPY --from=builder",),
        lacks=("curl", "git"),
    ),
    Hard(
        "a package of the base image taken away",
        _python(base="python:3.11-alpine", before="RUN apk add --no-cache gcc\n", middle="RUN apk del tzdata\n"),
        PYTHON,
        declines=((SPLIT, "A18"),),
    ),
    Hard(
        "packages taken away with purge",
        _node(before="RUN apt-get update && apt-get install -y g++ && apt-get purge -y --auto-remove g++\n"),
        NODE,
        runtime=(r"^COPY --from=builder",),
        lacks=("apt-get",),
    ),
    Hard(
        "a package of unknown use taken away with purge",
        _node(before="RUN apt-get update && apt-get install -y g++ foo && apt-get purge -y foo\n"),
        NODE,
        declines=((SPLIT, "A18"),),
    ),
]

BUILDS = [
    Hard(
        "the output removed ahead of the build",
        "FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN rm -rf dist && npm run build\n"
        'CMD ["node", "dist/index.js"]\n',
        TYPESCRIPT,
        runtime=(r"^COPY --from=builder .*/app/dist \./dist$", r"^CMD "),
    ),
    Hard(
        "the output removed, made and filled in one RUN",
        _go(middle="RUN rm -rf bin && mkdir bin && go build -o bin/server .\n", command='CMD ["bin/server"]'),
        GO,
        runtime=(r"^COPY --from=builder .*/app/bin",),
    ),
    Hard(
        "a build that takes the sources away",
        _node(after="RUN npm run build && rm -rf src\n", command='CMD ["node", "dist/a.js"]'),
        {**NODE, **_npm(scripts={"build": "node make.js"}), "make.js": "", "src/a.js": ""},
        runtime=(r"^COPY --from=builder .*/app/ \./$",),
    ),
    Hard(
        "a postinstall that makes a folder",
        _node(),
        {
            **_npm(scripts={"postinstall": "node make.js"}),
            "make.js": "require('fs').mkdirSync('public')\n",
            "server.js": "const e = require('express');\ne().use(e.static('public')).listen(3000);\n",
        },
        declines=((FIRST, "F1"),),
        runtime=(r"^COPY --from=builder .*/app/ \./$",),
    ),
    Hard(
        "a prepare that makes a folder, behind a COPY of the manifests",
        "FROM node:20\nWORKDIR /app\nCOPY package*.json make.js ./\nRUN npm ci\nCOPY server.js ./\n"
        'CMD ["node", "server.js"]\n',
        {
            **_npm(scripts={"prepare": "node make.js"}),
            "make.js": "require('fs').mkdirSync('public')\n",
            "server.js": "const e = require('express');\ne().use(e.static('public')).listen(3000);\n",
        },
        unless_unsplit=(r"^COPY --from=builder .*/app/ \./$",),
    ),
    Hard(
        "the compiler's paths read when the application runs",
        "FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n"
        'CMD ["node", "-r", "tsconfig-paths/register", "dist/index.js"]\n',
        {**TYPESCRIPT, **_npm(scripts={"build": "tsc"}, production=("express", "tsconfig-paths"), dev=("typescript",))},
        runtime=(r"^COPY --from=builder .*tsconfig\.json",),
    ),
    Hard(
        "an install with a command that reads another file",
        'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm install && cat VERSION\nCMD ["node", "server.js"]\n',
        {**NODE, "VERSION": "1\n"},
        declines=((FIRST, "F1"),),
    ),
    Hard(
        "a requirements file joined to its option",
        "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt -rdev.txt\n"
        'CMD ["python", "app.py"]\n',
        {**PYTHON, "dev.txt": "rich\n"},
        anywhere=(r"^COPY .*dev\.txt requirements\.txt \./$", r"^RUN pip", r"^COPY .*\. \.$"),
    ),
    Hard(
        "a constraints file that a requirements file names",
        "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
        'CMD ["python", "app.py"]\n',
        {"requirements.txt": "-c limits.txt\nflask\n", "limits.txt": "flask==3.0.0\n", "app.py": ""},
        anywhere=(r"^COPY .*limits\.txt requirements\.txt \./$", r"^RUN pip", r"^COPY .*\. \.$"),
    ),
    Hard(
        "Composer's packages in a folder of the project's choice",
        "FROM php:8.2-apache\nRUN apt-get update && apt-get install -y clang\n"
        + COMPOSER
        + "WORKDIR /var/www/html\nCOPY . .\nRUN composer install\n",
        {
            "composer.json": '{"config": {"vendor-dir": "lib/packages"}}',
            "index.php": "<?php require 'lib/packages/autoload.php';\n",
        },
        runtime=(r"^COPY --from=builder /var/www/html/(lib/?)? \./",),
    ),
    Hard(
        "what only the build's cache holds",
        _go(middle="RUN --mount=type=cache,target=/app/bin go build -o bin/server .\n", command='CMD ["bin/server"]'),
        GO,
        declines=((SPLIT, "A1"),),
    ),
    Hard(
        "what the build takes out of its cache",
        "FROM golang:1.22\nWORKDIR /app\nCOPY . .\n"
        "RUN --mount=type=cache,target=/app/bin go build -o bin/server . && cp bin/server /usr/local/bin/server\n"
        'CMD ["server"]\n',
        GO,
        runtime=(r"^COPY --from=builder /usr/local/bin/server /usr/local/bin/server$",),
        lacks=(r"/app/bin",),
    ),
    Hard(
        "a file that is only downloaded under a condition",
        _python(middle='ARG PROD=0\nRUN if [ "$PROD" = 1 ]; then curl -o /opt/extra.bin https://example.com/x; fi\n'),
        PYTHON,
        declines=((SPLIT, "A6"),),
    ),
    Hard(
        "Python 2, which makes no virtual environments",
        _python(base="python:2.7"),
        PYTHON,
        declines=((SPLIT, "B5"),),
    ),
    Hard(
        "another folder is the build context",
        'FROM node:20\nWORKDIR /app\nCOPY web/package.json ./\nRUN npm install\nCOPY . .\nCMD ["node", "server.js"]\n',
        NODE,
        declines=(("file", "F12"), (SPLIT, "F12"), (USER, "E2")),
    ),
]

LIBRARIES = [
    Hard(
        "requirements below the root, copied into the working directory",
        "FROM python:3.11\nWORKDIR /app\nCOPY backend/requirements.txt ./\nRUN pip install -r requirements.txt\n"
        'COPY backend/ .\nCMD ["python", "app.py"]\n',
        {"backend/requirements.txt": "psycopg2==2.9.9\n", "backend/app.py": "import psycopg2\n"},
        runtime=(r"install .*\blibpq5\b",),
    ),
    Hard(
        "requirements below the root, beside others at the root",
        "FROM python:3.11\nCOPY . /app\nWORKDIR /app/backend\nRUN pip install -r requirements.txt\n"
        'CMD ["python", "app.py"]\n',
        {**PYTHON, "backend/requirements.txt": "psycopg2==2.9.9\n", "backend/app.py": "import psycopg2\n"},
        runtime=(r"install .*\blibpq5\b",),
    ),
    Hard(
        "a manifest below the root, copied into the working directory",
        'FROM node:20\nWORKDIR /app\nCOPY app/ .\nRUN npm install\nCMD ["node", "server.js"]\n',
        {
            "app/package.json": '{"name": "a", "dependencies": {"canvas": "2.0.0"}}',
            "app/server.js": "require('canvas')\n",
        },
        runtime=(r"install .*\blibcairo2\b",),
    ),
    Hard(
        "a manifest below the root that nobody knows the libraries of",
        'FROM node:20\nWORKDIR /app\nCOPY app/ .\nRUN npm install\nCMD ["node", "server.js"]\n',
        {"app/package.json": '{"name": "a", "dependencies": {"zz-native": "2.0.0"}}', "app/server.js": ""},
        declines=((SPLIT, "B1"),),
    ),
    Hard(
        "a library of the compiler's image",
        'FROM gcc:13\nWORKDIR /app\nCOPY . .\nRUN gcc -o main main.c -lcurl\nCMD ["./main"]\n',
        {"main.c": "#include <curl/curl.h>\nint main() {}\n"},
        declines=((SPLIT, "B1"),),
    ),
    Hard(
        "a library of the compiler's image, named in a Makefile",
        'FROM gcc:13\nWORKDIR /app\nCOPY . .\nRUN make\nCMD ["./main"]\n',
        {"main.c": "int main() {}\n", "Makefile": "main: main.c\n\tgcc -o main main.c -lcurl\n"},
        declines=((SPLIT, "B1"),),
    ),
    Hard(
        "the compiler's own C++ library",
        'FROM gcc:13\nWORKDIR /app\nCOPY . .\nRUN g++ -o main main.cpp\nCMD ["./main"]\n',
        {"main.cpp": "int main() {}\n"},
        anywhere=(r"^FROM gcc:13-bookworm AS builder$", r"^FROM debian:bookworm-slim$"),
        runtime=(
            r"^COPY --from=builder \S*libgcc_s\.so\.1 \S*libstdc\+\+\.so\S* /usr/local/lib/$",
            r"000-local-lib\.conf \\$",
            r"^    && ldconfig$",
        ),
    ),
    Hard(
        "plain C on the compiler's image",
        'FROM gcc:13\nWORKDIR /app\nCOPY . .\nRUN gcc -o main main.c -lm\nCMD ["./main"]\n',
        {"main.c": "int main() {}\n"},
        anywhere=(r"^FROM gcc:13-bookworm AS builder$", r"^FROM debian:bookworm-slim$"),
        runtime=(r"^COPY --from=builder .*/app/main \./main$",),
    ),
    Hard(
        "crates that link OpenSSL",
        'FROM rust:1.75\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/a"]\n',
        {**RUST, "Cargo.toml": RUST["Cargo.toml"] + '\n[dependencies]\nopenssl = "0.10"\n'},
        # Without Cargo.lock, only what Rust's image is built on is known to have every library.
        runtime=(r"^FROM buildpack-deps:bookworm$",),
    ),
    Hard(
        "A library of Alpine takes the place of its development package",
        "FROM python:3.12-alpine\nRUN apk add --no-cache gcc musl-dev libffi-dev\nWORKDIR /app\n"
        "COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n"
        'CMD ["python", "app.py"]\n',
        _CFFI,
        runtime=(r"apk add --no-cache libgcc libffi$",),
        lacks=(r"-dev",),
    ),
    Hard(
        "A library that the lexer generator's package brings along",
        "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y build-essential flex\nWORKDIR /app\n"
        "COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n"
        'RUN python setup.py build_ext --inplace\nCMD ["python", "app.py"]\n',
        _LEXER,
        declines=((SPLIT, "B1"),),
    ),
]

CALLS = [
    Hard(
        "a start script that a command has edited",
        _python(
            last="RUN sed -i 's/\\r$//' /app/entrypoint.sh && chmod +x /app/entrypoint.sh\n",
            command='ENTRYPOINT ["/app/entrypoint.sh"]\nCMD ["python", "app.py"]',
        ),
        {**PYTHON, "entrypoint.sh": '#!/bin/sh\ncurl -s http://config/\ngit --version\nexec "$@"\n'},
        runtime=(r"install .*\bcurl git\b",),
    ),
    Hard(
        "a start script that a command has written",
        _node(after='RUN echo "git pull; node server.js" > /app/start.sh\n', command='CMD ["sh", "/app/start.sh"]'),
        NODE,
        declines=((SPLIT, "C10"), (USER, "E11")),
    ),
    Hard("a coprocess", _node(command="CMD coproc git pull; node server.js"), NODE, root=True, lacks=(r"-slim",)),
    Hard("eval", _node(command='CMD eval "git pull" && node server.js'), NODE, root=True, lacks=(r"-slim",)),
    Hard(
        "an array as the command",
        _node(command='CMD a=(git pull); "${a[@]}"; node server.js'),
        NODE,
        root=True,
        lacks=(r"-slim",),
    ),
    Hard(
        "a program that a source starts",
        _node(),
        {**NODE, "server.js": "const { exec } = require('child_process');\nexec('git log');\n"},
        runtime=(GIT_INSTALLED,),
    ),
    Hard(
        "a program of unknown origin that a source starts",
        _node(),
        {**NODE, "server.js": "require('node:child_process').spawn('zzconvert', []);\n"},
        declines=((SPLIT, "C10"),),
    ),
    Hard(
        "a computed program that a source starts",
        _node(),
        {**NODE, "server.js": "require('child_process').exec(process.env.TOOL);\n"},
        declines=((SPLIT, "C10"),),
    ),
    Hard(
        "a script that a compiled program starts",
        _go(before="ENV CGO_ENABLED=0\n"),
        {
            **GO,
            "main.go": 'package main\n\nimport "os/exec"\n\nfunc main() {\n\texec.Command("/app/hook.sh").Run()\n}\n',
            "hook.sh": "#!/bin/bash\ncurl http://example.com\n",
        },
        runtime=(r"^FROM debian:", r"install .*\bcurl\b", r"^COPY --from=builder .*hook\.sh"),
    ),
    Hard(
        "the compiler called by a Java program",
        "FROM eclipse-temurin:17-jdk\nWORKDIR /app\nCOPY . .\nRUN ./mvnw package\n"
        'CMD ["java", "-jar", "target/a-1.jar"]\n',
        {
            **JAVA,
            "src/main/java/A.java": 'class A { void m() { new ProcessBuilder("javac", "x").start(); } }\n',
        },
        declines=((SPLIT, "C10"),),
    ),
    Hard(
        "Ruby with a program of the full image",
        "FROM ruby:3.2\nRUN apt-get update && apt-get install -y git clang\nWORKDIR /app\nCOPY . .\n"
        'RUN make\nCMD ["ruby", "app.rb"]\n',
        {"app.rb": "system('git pull')\n", "Makefile": "x.so: x.c\n\tgcc -o x.so x.c\n", "x.c": ""},
        runtime=(GIT_INSTALLED,),
    ),
    Hard(
        "Perl as the start command, beside a program in C",
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y make gcc git\nWORKDIR /app\nCOPY . .\n"
        'RUN make\nCMD ["./run.pl"]\n',
        {
            "run.pl": "#!/usr/bin/perl\nsystem('git pull');\n",
            "main.c": "int main() {}\n",
            "Makefile": "main: main.c\n\tgcc -o main main.c\n",
        },
        unless_unsplit=(GIT_INSTALLED,),
    ),
    Hard(
        "a Python start script without an extension",
        _python(before=TOOLS, command='CMD ["./start"]'),
        {**PYTHON, "start": "#!/usr/bin/env python\nimport os\nos.system('git pull')\n"},
        unless_unsplit=(GIT_INSTALLED,),
    ),
    Hard(
        "a shell script without an extension, given to the shell",
        _python(before=TOOLS, command='CMD ["bash", "run"]'),
        {**PYTHON, "run": "#!/bin/bash\ngit pull\npython app.py\n"},
        runtime=(GIT_INSTALLED,),
    ),
    Hard(
        "a shell script behind an option of the shell",
        _python(before=TOOLS, command='CMD ["bash", "-x", "./run.sh"]'),
        {**PYTHON, "run.sh": "#!/bin/bash\ngit pull\npython app.py\n"},
        runtime=(GIT_INSTALLED,),
    ),
    Hard(
        "a shell script that calls another",
        _python(before=TOOLS, command='CMD ["./run.sh"]'),
        {**PYTHON, "run.sh": "#!/bin/bash\n./update.sh\npython app.py\n", "update.sh": "#!/bin/sh\ngit pull\n"},
        runtime=(GIT_INSTALLED,),
    ),
    Hard(
        "a health check's script",
        _python(last='HEALTHCHECK CMD ["./health.sh"]\n'),
        {**PYTHON, "health.sh": "#!/bin/sh\ncurl -f http://localhost\n"},
        runtime=(r"install .*\bcurl\b",),
    ),
    Hard(
        "a login shell as the command",
        _python(before=TOOLS, command='CMD ["/bin/bash", "-lc", "git pull && python app.py"]'),
        PYTHON,
        unless_unsplit=(GIT_INSTALLED,),
    ),
    Hard(
        "a shell's text with arguments behind it",
        _python(before=TOOLS, command='CMD ["sh", "-c", "git pull && exec \\"$@\\"", "--", "python", "app.py"]'),
        PYTHON,
        unless_unsplit=(GIT_INSTALLED,),
    ),
    Hard(
        "a shell in a shell",
        _python(before=TOOLS, command='CMD sh -c "git pull && python app.py"'),
        PYTHON,
        runtime=(GIT_INSTALLED,),
    ),
    Hard(
        "a program behind xargs",
        _python(before=TOOLS, command="CMD ls | xargs git add; python app.py"),
        PYTHON,
        runtime=(GIT_INSTALLED,),
    ),
    Hard(
        "a program behind timeout",
        _python(before=TOOLS, command='CMD ["timeout", "10", "git", "pull"]'),
        PYTHON,
        runtime=(GIT_INSTALLED,),
    ),
    Hard(
        'a program given to a script that ends in exec "$@"',
        _python(before=TOOLS, command='CMD ["./wait.sh", "db:5432", "--", "git", "pull"]'),
        {**PYTHON, "wait.sh": '#!/bin/sh\nshift 2\nexec "$@"\n'},
        unless_unsplit=(GIT_INSTALLED,),
    ),
    Hard(
        "a program between backticks in PHP",
        "FROM php:8.2-apache\nRUN apt-get update && apt-get install -y build-essential git\n"
        + COMPOSER
        + "WORKDIR /var/www/html\nCOPY . .\nRUN composer install\n",
        {**PHP, "index.php": "<?php echo `git log`;\n"},
        unless_unsplit=(GIT_INSTALLED,),
    ),
    Hard(
        "a supervisor's configuration",
        _python(
            before="RUN apt-get update && apt-get install -y gcc git supervisor\n",
            command='CMD ["supervisord", "-c", "super.conf"]',
        ),
        {**PYTHON, "super.conf": "[program:a]\ncommand=git pull\n"},
        unless_unsplit=(GIT_INSTALLED,),
    ),
    Hard(
        "a supervisor's configuration behind a start script",
        _python(before="RUN apt-get update && apt-get install -y gcc git supervisor\n", command="CMD ./start.sh"),
        {
            **PYTHON,
            "super.conf": "[program:a]\ncommand=git pull\n",
            "start.sh": "#!/bin/bash\nexec supervisord -n -c /app/super.conf\n",
        },
        unless_unsplit=(GIT_INSTALLED,),
    ),
]


def _user(entrypoint: str, **more: str) -> tuple[str, dict[str, str]]:
    dockerfile = (
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["/app/entrypoint.sh"]\nCMD ["python", "app.py"]\n'
    )
    return dockerfile, {"app.py": "print(1)\n", "entrypoint.sh": f'#!/bin/sh\n{entrypoint}\nexec "$@"\n', **more}


USERS = [
    Hard(
        "a start script that sources another",
        *_user(". /app/lib.sh\nprepare", **{"lib.sh": "prepare() { chown -R 1000 /data; }\n"}),
        declines=((USER, "E11"),),
    ),
    Hard("a start script that makes a folder", *_user("mkdir -p /data"), declines=((USER, "E2"),)),
    Hard("a start script that redirects into a file", *_user("env > /etc/app.conf"), declines=((USER, "E2"),)),
    Hard("a start script that changes an owner", *_user("chown -R 1000 /data"), declines=((USER, "E11"),)),
    Hard(
        "a start script that evaluates a variable",
        *_user('eval "$SETUP"'),
        root=True,
    ),
    Hard(
        "a start script that becomes a supervisor",
        *_user("exec supervisord -n -c /app/super.conf", **{"super.conf": "[supervisord]\nuser=root\n"}),
        declines=((USER, "E5"), (USER, "E11")),
    ),
    Hard("a start script that needs no privilege", *_user("echo ready"), anywhere=(r"^USER 10001:10001$",)),
    Hard(
        "a start script that a command has edited, and that changes an owner",
        _user("chown -R 1000 /data")[0].replace("ENTRYPOINT", "RUN sed -i 's/x/y/' entrypoint.sh\nENTRYPOINT"),
        _user("chown -R 1000 /data")[1],
        declines=((USER, "E11"),),
    ),
    Hard(
        "a start script below the folder that the command changes to",
        "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nCMD cd bin && ./start\n",
        {"app.py": "print(1)\n", "bin/start": "#!/bin/sh\nchown -R 1000 /data\nexec python ../app.py\n"},
        root=True,
    ),
    Hard(
        "a start script that changes to a folder and calls another there",
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nCMD ["./run.sh"]\n',
        {
            "app.py": "print(1)\n",
            "run.sh": "#!/bin/sh\ncd bin\n./start\n",
            "bin/start": "#!/bin/sh\nchown -R 1000 /data\n",
        },
        root=True,
    ),
    Hard(
        "a start script copied to the system by a command",
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN cp start.sh /usr/bin/start\nENTRYPOINT ["start"]\n',
        {"app.py": "print(1)\n", "start.sh": "#!/bin/sh\nchown -R 1000 /data\nexec python app.py\n"},
        root=True,
    ),
    Hard(
        "a start script linked into the system by a command",
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN ln -s /app/start.sh /usr/bin/start\nENTRYPOINT ["start"]\n',
        {"app.py": "print(1)\n", "start.sh": "#!/bin/sh\nchown -R 1000 /data\nexec python app.py\n"},
        root=True,
    ),
    Hard(
        "a start script laid into the system under another name",
        "FROM python:3.11-slim\nCOPY start.sh /usr/local/bin/start\nWORKDIR /app\nCOPY app.py .\n"
        'ENTRYPOINT ["start"]\nCMD ["python", "app.py"]\n',
        {"app.py": "print(1)\n", "start.sh": '#!/bin/sh\nchown -R 1000 /data\nexec "$@"\n'},
        declines=((USER, "E11"),),
    ),
    Hard(
        "Ruby alone",
        'FROM ruby:3.2-slim\nWORKDIR /app\nCOPY . .\nCMD ["ruby", "app.rb"]\n',
        {"app.rb": "File.write('/data/state', 'x')\n"},
        declines=((USER, "E2"),),
    ),
    Hard(
        "a file written outside the working directory",
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
        {"app.py": "open('/data/state', 'w')\n"},
        declines=((USER, "E2"),),
    ),
    Hard(
        "a folder that root made in the working directory",
        'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN mkdir -p uploads\nCMD ["python", "app.py"]\n',
        {"app.py": "open('uploads/x', 'w')\n"},
        declines=((USER, "E2"),),
    ),
    Hard(
        "a volume", _node(before="VOLUME /app/data\n"), NODE, declines=((USER, "E3"),), runtime=(r"^VOLUME /app/data$",)
    ),
    Hard(
        "a volume of the working directory ahead of the build",
        'FROM golang:1.22\nWORKDIR /app\nVOLUME /app\nCOPY . .\nRUN go build -o server .\nCMD ["./server"]\n',
        GO,
        declines=((USER, "E3"),),
        runtime=(r"^COPY --from=builder /app/server \./server$", r"^VOLUME /app$"),
    ),
]

PATHS = [
    Hard(
        "static files collected outside the working directory",
        _python(last="RUN python manage.py collectstatic --noinput\n", command='CMD ["gunicorn", "shop.wsgi"]'),
        {
            "requirements.txt": "django==4.0\ngunicorn==20.0\n",
            "manage.py": "",
            "shop/settings.py": "STATIC_ROOT = '/srv/static'\n",
            "shop/wsgi.py": "",
        },
        unless_unsplit=(r"/srv/static",),
    ),
    Hard(
        "the working directory given to the user of the workers",
        "FROM php:8.2-fpm\nRUN apt-get update && apt-get install -y build-essential\n"
        + COMPOSER
        + "WORKDIR /app\nCOPY . .\nRUN composer install\nRUN chown -R www-data:www-data /app\n",
        {**PHP, "index.php": "<?php file_put_contents('state.json', '1');\n"},
        unless_unsplit=(r"chown[ =].*www-data\S* /app\b",),
    ),
    Hard(
        "the working directory given to the user that the start command changes to",
        "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm install && chown -R node:node /app\n"
        'CMD ["su", "node", "-c", "node server.js"]\n',
        {**NODE, "server.js": "require('express');\nrequire('fs').writeFileSync('state.json', '1');\n"},
        unless_unsplit=(r"chown[ =].*node\S* /app\b",),
    ),
    Hard(
        "a configuring program that the slim image lacks",
        _python(before="RUN git config --global user.name shop\n"),
        PYTHON,
        unless_unsplit=(GIT_INSTALLED,),
    ),
    Hard(
        "a configuring program that the slim image lacks, without a virtual environment",
        _node(before="RUN git config --global user.name shop\n"),
        NODE,
        declines=((SPLIT, "A2"),),
    ),
    Hard(
        "a file in /tmp that a variable names",
        _python(middle="RUN curl -o /tmp/model.bin https://example.com/m\nENV MODEL=/tmp/model.bin\n"),
        PYTHON,
        runtime=(r"^COPY --from=builder /tmp/model\.bin /tmp/model\.bin$", r"^ENV MODEL=/tmp/model\.bin$"),
    ),
    Hard(
        "a site laid down ahead of the command that switches it on",
        "FROM php:8.2-apache\nRUN apt-get update && apt-get install -y build-essential\n"
        "COPY site.conf /etc/apache2/sites-available/site.conf\nRUN a2ensite site\n"
        + COMPOSER
        + "WORKDIR /var/www/html\nCOPY . .\nRUN composer install\n",
        {**PHP, "site.conf": "<VirtualHost *:80>\n</VirtualHost>\n"},
        unless_unsplit=(r"sites-available/site\.conf", r"^RUN a2ensite site$"),
    ),
    Hard(
        "a library laid down ahead of ldconfig",
        _python(before="COPY libfoo.so /usr/local/lib/libfoo.so\nRUN ldconfig\n"),
        {**PYTHON, "libfoo.so": "x"},
        runtime=(r"/usr/local/lib/libfoo\.so$", r"^RUN ldconfig$"),
    ),
    Hard(
        "a folder outside the working directory that is given away and named by a source",
        _go(
            before="RUN useradd -u 1000 app\n",
            middle="COPY store /srv/store\nRUN chown -R app:app /srv/store\n",
            command='USER app\nCMD ["./server"]',
        ),
        {**GO, "main.go": GO["main.go"] + 'var root = "/srv/store/data"\n', "store/data": "x\n"},
        runtime=(r"^RUN useradd ", r"^COPY --from=builder --chown=app:app /srv/store /srv/store$", r"^USER app$"),
    ),
    Hard(
        "a folder outside the working directory that is given away and named by nobody",
        _go(middle="COPY store /srv/store\nRUN chown -R 1000:1000 /srv/store\n"),
        {**GO, "store/data": "x\n"},
        unless_unsplit=(r"/srv/store",),
    ),
    Hard(
        "models where a library looks for them",
        "FROM python:3.11\nWORKDIR /app\nCOPY models /root/.cache/models\nCOPY requirements.txt ./\n"
        'RUN pip install -r requirements.txt\nCOPY app.py ./\nCMD ["python", "app.py"]\n',
        {**PYTHON, "models/a.bin": "x"},
        runtime=(r"/root/\.cache/models",),
        root=True,
    ),
    Hard(
        "models downloaded to where a library looks for them",
        _python(middle="RUN curl -o /root/.cache/model.bin https://example.com/m\n"),
        PYTHON,
        declines=((USER, "E6"),),
        runtime=(r"^COPY --from=builder /root/\.cache/model\.bin ",),
    ),
    Hard(
        "models at the top, named by nobody",
        "FROM python:3.11\nWORKDIR /app\nCOPY models /models\nCOPY requirements.txt ./\n"
        'RUN pip install -r requirements.txt\nCOPY app.py ./\nCMD ["python", "app.py"]\n',
        {**PYTHON, "models/a.bin": "x"},
        runtime=(r" /models",),
    ),
    Hard(
        "models at the top, named by a variable",
        "FROM python:3.11\nENV MODELS=/models\nWORKDIR /app\nCOPY models /models\nCOPY requirements.txt ./\n"
        'RUN pip install -r requirements.txt\nCOPY app.py ./\nCMD ["python", "app.py"]\n',
        {**PYTHON, "models/a.bin": "x"},
        runtime=(r"^ENV MODELS=/models$", r"^COPY --from=builder /models\b"),
    ),
    Hard(
        "a file of another image",
        _python(before="COPY --from=example.com/models:1 /m/big.bin /opt/models/big.bin\n"),
        PYTHON,
        runtime=(r"^COPY --from=builder /opt/models/big\.bin /opt/models/big\.bin$",),
    ),
    Hard(
        "a configuration that the build copies to the system",
        _go(
            middle="RUN go build -o /srv/bin/server . && cp config.yml /etc/server.yml\n",
            command='CMD ["/srv/bin/server"]',
        ),
        {**GO, "config.yml": "a: 1\n"},
        runtime=(r"^COPY --from=builder /etc/server\.yml /etc/server\.yml$",),
    ),
]

STAGES = [
    Hard(
        "a compose file with a command of its own, written in another way than is read",
        _node(),
        {**NODE, "docker-compose.yml": "services:\n  web:\n    build: {context: .}\n    command: npm run dev\n"},
        declines=((SPLIT, "C13"),),
    ),
    Hard(
        "a stage that is called builder already",
        _go(base="golang:1.22 AS builder"),
        GO,
        anywhere=(r"^FROM golang:1\.22 AS build$", r"^FROM debian:bookworm-slim AS builder$", r"--from=build .*server"),
        lacks=(r"--from=builder",),
    ),
    Hard(
        "a stage that a compose file builds by name",
        _node(base="node:20 AS web"),
        {**NODE, "docker-compose.yml": "services:\n  web:\n    build:\n      context: .\n      target: web\n"},
        runtime=(r"^FROM .*-slim AS web$",),
    ),
    Hard(
        "a stage that a compose file builds and that is not there",
        _node(),
        {**NODE, "docker-compose.yml": "services:\n  web:\n    build:\n      context: .\n      target: web\n"},
        declines=((SPLIT, "D12"),),
    ),
    Hard(
        "a compose file with a command of its own",
        _node(),
        {**NODE, "docker-compose.yml": "services:\n  web:\n    build: .\n    command: npm run dev\n"},
        declines=((SPLIT, "C13"),),
    ),
    Hard(
        "a version that is a build argument, and variables that both stages use",
        "ARG V=20\nFROM node:${V}-alpine\nARG MODE=prod\nENV APP_MODE=$MODE\nWORKDIR /app\nCOPY package*.json ./\n"
        'RUN npm ci\nCOPY . .\nRUN echo $MODE > mode.txt\nLABEL mode=$MODE\nCMD ["node", "server.js"]\n',
        {**_npm(dev=("jest",)), "server.js": NODE["server.js"]},
        anywhere=(
            r"^ARG V=20$",
            r"^FROM node:\$\{V\}-alpine AS builder$",
            r"^ARG MODE=prod$",
            r"^ENV APP_MODE=\$MODE$",
            r"^FROM node:\$\{V\}-alpine$",
            r"^ARG MODE=prod$",
            r"^ENV APP_MODE=\$MODE$",
            r"^LABEL mode=\$MODE$",
        ),
        runtime=(r"^COPY --from=builder .*mode\.txt",),
    ),
    Hard(
        "a version that is a build argument, with a slim variant",
        "ARG V=20\n" + _node(base="node:${V}"),
        NODE,
        anywhere=(r"^ARG V=20$", r"^FROM node:\$\{V\} AS builder$", r"^FROM node:\$\{V\}-slim$"),
    ),
]

CASES = [*PACKAGES, *BUILDS, *LIBRARIES, *CALLS, *USERS, *PATHS, *STAGES]


def _params(*, again: bool) -> list[object]:
    found: list[object] = []
    for hard in CASES:
        why = hard.unstable if again else hard.wrong
        marks = [pytest.mark.xfail(strict=True, reason=why)] if why is not None else []
        found.append(pytest.param(hard, id=hard.name, marks=marks))
    return found


@pytest.mark.parametrize("hard", _params(again=False))
def test_hard_case(hard: Hard) -> None:
    migration = _migrate(hard, hard.dockerfile)
    after = bytes(migration.after).decode()
    runtime = _last_stage(after)
    done = {step.rule for step in migration.steps}

    assert {(decline.rule, decline.code) for decline in migration.declines} >= set(hard.declines)
    assert not done & {rule for rule, _ in hard.declines}
    if hard.runtime:
        assert SPLIT in done
        _in_order(hard.runtime, runtime)
    if SPLIT in done:
        _in_order(hard.unless_unsplit, runtime)
    _in_order(hard.anywhere, after)
    for pattern in hard.lacks:
        assert re.search(pattern, runtime, re.MULTILINE) is None, after
    if hard.root:
        assert USER not in done, after


@pytest.mark.parametrize("hard", _params(again=True))
def test_a_second_run_changes_nothing(hard: Hard) -> None:
    after = bytes(_migrate(hard, hard.dockerfile).after)
    assert bytes(_migrate(hard, after.decode()).after) == after


def test_two_installs_behind_one_copy() -> None:
    dockerfile = _node(after="RUN pip install -r requirements.txt\n")
    hard = Hard("", dockerfile, {**NODE, **PYTHON})
    after = bytes(_migrate(hard, dockerfile).after)
    _in_order(
        (r"^COPY .*package\.json", r"^RUN npm", r"^COPY requirements\.txt", r"^RUN pip", r"^COPY \. \.$"),
        after.decode(),
    )
    assert bytes(_migrate(hard, after.decode()).after) == after


def _migrate(hard: Hard, dockerfile: str) -> Migration:
    ignored = {".dockerignore": hard.ignored} if hard.ignored is not None else {}
    context = Context.of({"Dockerfile": dockerfile, **ignored, **hard.files})
    return migrate(dockerfile.encode(), path="Dockerfile", context=context)


def _last_stage(text: str) -> str:
    return text[text.rindex("FROM ") :]


def _in_order(patterns: tuple[str, ...], text: str) -> None:
    """Each pattern, after the one before it."""
    position = 0
    for pattern in patterns:
        found = re.compile(pattern, re.MULTILINE).search(text, position)
        assert found is not None, f"{pattern} is not there, or out of order:\n{text}"
        position = found.end()
