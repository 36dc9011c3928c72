"""Migrations that hold, for tests to break: the Dockerfile before and after, the project, and what was declared."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

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

# Two managers that pass over an environment which is only found on PATH.
MANAGED_BEFORE = """\
FROM python:3.11
RUN pip install poetry uv
RUN poetry config virtualenvs.create false
WORKDIR /app
COPY . .
RUN poetry install
RUN uv pip install --system gunicorn
CMD ["gunicorn", "shop:app"]
"""
MANAGED_AFTER = """\
FROM python:3.11 AS builder
RUN python -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv UV_PYTHON=/opt/venv/bin/python PATH=/opt/venv/bin:$PATH
RUN pip install poetry uv
RUN poetry config virtualenvs.create false
WORKDIR /app
COPY . .
RUN poetry install
RUN uv pip install --system gunicorn

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /app/ ./
CMD ["gunicorn", "shop:app"]
"""
MANAGED_FILES = {
    "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\nflask = "3.0.3"\n'
    '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
    "shop/__init__.py": "import flask\n\napp = flask.Flask(__name__)\n",
}

# An environment that the file makes itself, and tools beside it.
OWN_BEFORE = """\
FROM python:3.11
RUN pip install --upgrade pip wheel
RUN python -m venv /opt/env
ENV PATH=/opt/env/bin:$PATH
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "app.py"]
"""
OWN_AFTER = """\
FROM python:3.11 AS builder
RUN pip install --upgrade pip wheel
RUN python -m venv /opt/env
ENV PATH=/opt/env/bin:$PATH
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/env/bin:$PATH
WORKDIR /app
COPY --from=builder /opt/env /opt/env
COPY . .
CMD ["python", "app.py"]
"""

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

# A site of which only the folder that is served goes on.
SITE_BEFORE = """\
FROM node:20
RUN npm install -g serve
WORKDIR /app
COPY . .
RUN npm ci && npm run build
CMD ["serve", "-s", "build"]
"""
SITE_AFTER = """\
FROM node:20 AS builder
RUN npm install -g serve
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM node:20-slim
RUN npm install -g serve
WORKDIR /app
COPY --from=builder /app/build ./build
CMD ["serve", "-s", "build"]
"""
SITE_FILES = {
    "package.json": json.dumps(
        {"name": "a", "scripts": {"build": "react-scripts build"}, "dependencies": {"react-scripts": "5.0.1"}}
    ),
    "package-lock.json": json.dumps(
        {"lockfileVersion": 3, "packages": {"": {}, "node_modules/react-scripts": {"version": "5.0.1"}}}
    ),
    "src/index.js": "import './index.css';\n",
    "public/index.html": "<div id=root></div>\n",
}

# What runs again in the runtime: package lists, and the linker's cache behind a library.
REPLAY_BEFORE = """\
FROM python:3.11
RUN apt-get -qq update
RUN apt-get install -y ffmpeg
COPY libfoo.so /usr/local/lib/libfoo.so
RUN ldconfig
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY app.py ./
CMD ["python", "app.py"]
"""
REPLAY_AFTER = """\
FROM python:3.11 AS builder
RUN apt-get -qq update
RUN apt-get install -y ffmpeg
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY libfoo.so /usr/local/lib/libfoo.so
RUN ldconfig
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt

FROM python:3.11-slim
RUN apt-get -qq update
RUN apt-get install -y ffmpeg
ENV PATH=/opt/venv/bin:$PATH
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /usr/local/lib/libfoo.so /usr/local/lib/libfoo.so
RUN ldconfig
WORKDIR /app
COPY app.py ./
CMD ["python", "app.py"]
"""
REPLAY_FILES = {"requirements.txt": "flask==3.0.0\n", "app.py": "import flask\n", "libfoo.so": "x"}

# An image that already starts as a user, whose files are its own.
OWNER_BEFORE = """\
FROM golang:1.22
RUN useradd -u 1000 app
WORKDIR /app
COPY main.go go.mod ./
COPY store /srv/store
RUN chown -R app:app /srv/store
RUN go build -o server .
USER app
CMD ["./server"]
"""
OWNER_AFTER = """\
FROM golang:1.22 AS builder
RUN useradd -u 1000 app
WORKDIR /app
COPY main.go go.mod ./
COPY store /srv/store
RUN chown -R app:app /srv/store
RUN go build -o server .

FROM debian:bookworm-slim
WORKDIR /go
RUN useradd -u 1000 app
WORKDIR /app
COPY --from=builder /app/server ./server
COPY --from=builder --chown=app:app /srv/store /srv/store
USER app
CMD ["./server"]
"""
OWNER_FILES = {
    "go.mod": "module example.com/shop\n\ngo 1.22\n",
    "main.go": 'package main\n\nimport "os"\n\nfunc main() {\n\tos.Create("/srv/store/data")\n}\n',
    "store/data": "x\n",
}

# A driver whose library the full image brings and the slim one does not; a file that only the full one can fetch.
DRIVER_BEFORE = """\
FROM python:3.11
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
RUN curl -o /opt/rates.json https://example.com/rates.json
COPY app.py ./
CMD ["python", "app.py"]
"""
DRIVER_AFTER = """\
FROM python:3.11 AS builder
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN pip install -r requirements.txt
RUN curl -o /opt/rates.json https://example.com/rates.json

FROM python:3.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /opt/rates.json /opt/rates.json
COPY app.py ./
CMD ["python", "app.py"]
"""
DRIVER_FILES = {"requirements.txt": "psycopg2==2.9.9\n", "app.py": "import psycopg2\n"}

# A release whose packages moved to the archive.
BUSTER_BEFORE = """\
FROM python:3.9-buster
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY app.py ./
CMD ["python", "app.py"]
"""
BUSTER_AFTER = """\
FROM python:3.9-buster AS builder
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN pip install -r requirements.txt

FROM python:3.9-slim-buster
RUN sed -i -E 's/(deb|security)\\.debian\\.org/archive.debian.org/' /etc/apt/sources.list && \\
    apt-get update && \\
    apt-get install -y --no-install-recommends libpq5 && \\
    rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH
COPY --from=builder /opt/venv /opt/venv
COPY app.py ./
CMD ["python", "app.py"]
"""

# A compiler's image, whose own libraries the runtime lacks; the command is in shell form.
C_BEFORE = """\
FROM gcc:13-bookworm
WORKDIR /app
COPY . .
RUN make
CMD ./main
"""
C_AFTER = """\
FROM gcc:13-bookworm AS builder
WORKDIR /app
COPY . .
RUN make

FROM debian:bookworm-slim
WORKDIR /app
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=builder /app/main ./main
CMD ./main
"""
C_FILES = {"main.c": "int main() {}\n", "Makefile": "main: main.c\n\tgcc -o main main.c\n"}

JAVA_BEFORE = """\
FROM maven:3.8-openjdk-11
WORKDIR /app
COPY . .
RUN mvn package
CMD ["java", "-jar", "target/a-1.jar"]
"""
JAVA_AFTER = """\
FROM maven:3.8-openjdk-11 AS builder
WORKDIR /app
COPY . .
RUN mvn package

FROM eclipse-temurin:11-jre
ENV LANG=C.UTF-8 LC_ALL=C.UTF-8
WORKDIR /app
COPY --from=builder /app/target/a-1.jar ./target/a-1.jar
CMD ["java", "-jar", "target/a-1.jar"]
"""
JAVA_FILES = {
    "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>"
    "<version>1</version></project>",
    "src/main/java/A.java": "class A { public static void main(String[] a) {} }\n",
}


# A crate that links OpenSSL, in a project with a second program that nothing starts.
RUST_BEFORE = """\
FROM rust:1.80-bookworm
WORKDIR /app
COPY . .
RUN cargo build --release
CMD ["./target/release/shop"]
"""
RUST_AFTER = """\
FROM rust:1.80-bookworm AS builder
WORKDIR /app
COPY . .
RUN cargo build --release

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=builder /app/target/release/shop ./target/release/shop
CMD ["./target/release/shop"]
"""
RUST_FILES = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\n\n[dependencies]\nopenssl-sys = "0.9"\n',
    "Cargo.lock": '[[package]]\nname = "shop"\n\n[[package]]\nname = "openssl-sys"\n',
    "src/main.rs": "fn main() {}\n",
    "src/bin/import.rs": "fn main() {}\n",
}
RUST_WHOLE = (
    RUST_AFTER.replace("debian:bookworm-slim", "buildpack-deps:bookworm")
    .replace("RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3", "")
    .replace(" && rm -rf /var/lib/apt/lists/*\n", "")
)

CARGO_RUN_BEFORE = RUST_BEFORE.replace(
    '["./target/release/shop"]', '["cargo", "run", "--release", "--bin", "shop", "--", "-v"]'
)
CARGO_RUN_AFTER = RUST_AFTER.replace('["./target/release/shop"]', '["./target/release/shop", "-v"]')

CRYSTAL_BEFORE = """\
FROM crystallang/crystal:1.14.0
WORKDIR /app
COPY . .
RUN crystal build --release server.cr
CMD ["./server"]
"""
CRYSTAL_AFTER = """\
FROM crystallang/crystal:1.14.0 AS builder
WORKDIR /app
COPY . .
RUN crystal build --release server.cr

FROM ubuntu:24.04
RUN apt-get update \\
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates libevent-2.1-7t64 \\
        libevent-pthreads-2.1-7t64 libgc1 libgmp10 libpcre2-8-0 libpcre3 libssl3t64 libxml2 libyaml-0-2 tzdata \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=builder /app/server ./server
CMD ["./server"]
"""

H2O_BEFORE = """\
FROM ruby:2.6
COPY h2o.conf ./
RUN apt-get update && apt-get install -y bison cmake libssl-dev make
RUN wget -q https://github.com/h2o/h2o/archive/v2.3.0-beta2.tar.gz && tar xf v2.3.0-beta2.tar.gz && \\
    cd h2o-2.3.0-beta2 && cmake -DCMAKE_INSTALL_PREFIX=/h2o . && make install
CMD ["/h2o/bin/h2o", "-c", "h2o.conf"]
"""
H2O_AFTER = """\
FROM ruby:2.6 AS builder
COPY h2o.conf ./
RUN apt-get update && apt-get install -y bison cmake libssl-dev make
RUN wget -q https://github.com/h2o/h2o/archive/v2.3.0-beta2.tar.gz && tar xf v2.3.0-beta2.tar.gz && \\
    cd h2o-2.3.0-beta2 && cmake -DCMAKE_INSTALL_PREFIX=/h2o . && make install

FROM ruby:2.6-slim
RUN apt-get update && apt-get install -y libssl1.1
COPY --from=builder /h2o.conf /h2o.conf
COPY --from=builder /h2o /h2o
CMD ["/h2o/bin/h2o", "-c", "h2o.conf"]
"""
SWIFT_BEFORE = """\
FROM swift:4.2
WORKDIR /app
COPY . .
RUN swift build -c release
CMD [".build/release/Run"]
"""
SWIFT_AFTER = """\
FROM swift:4.2 AS builder
WORKDIR /app
COPY . .
RUN swift build -c release

FROM ubuntu:16.04
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libatomic1 libbsd0 \\
    libcurl3 libedit2 libicu55 libssl1.0.0 libxml2 tzdata
WORKDIR /app
COPY --from=builder /usr/lib/swift/linux /usr/lib/swift/linux
COPY --from=builder /app/.build/release ./.build/release
CMD [".build/release/Run"]
"""
SWIFT_FILES = {
    "Package.swift": '// swift-tools-version:4.2\nlet package = Package(name: "shop")\n',
    "Sources/Run/main.swift": 'print("hello")\n',
}
D_BEFORE = """\
FROM dlang2/ldc-ubuntu:1.26.0
RUN apt-get update && apt-get install -y libpq-dev
WORKDIR /app
COPY . .
RUN dub build -b release
CMD ["./shop"]
"""
D_AFTER = """\
FROM dlang2/ldc-ubuntu:1.26.0 AS builder
RUN apt-get update && apt-get install -y libpq-dev
WORKDIR /app
COPY . .
RUN dub build -b release

FROM ubuntu:18.04
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl1.1
RUN apt-get update && apt-get install -y libpq5
WORKDIR /app
COPY --from=builder /app/shop ./shop
CMD ["./shop"]
"""
D_FILES = {
    "dub.json": json.dumps(
        {"name": "shop", "targetType": "executable", "dependencies": {"vibe-stream": "~>1.1", "dpq2": "~>1.2"}}
    ),
    "dub.selections.json": json.dumps({"fileVersion": 1, "versions": {"vibe-stream": "1.1.1", "dpq2": "1.2.3"}}),
    "source/app.d": "import dpq2;\n\nvoid main() {}\n",
}


# What only the compiler's own image has: its C++ library.
CPLUSPLUS_BEFORE = """\
FROM gcc:13-bookworm
WORKDIR /app
COPY . .
RUN g++ -o shop main.cpp
CMD ["./shop"]
"""
CPLUSPLUS_AFTER = """\
FROM gcc:13-bookworm AS builder
WORKDIR /app
COPY . .
RUN g++ -o shop main.cpp

FROM debian:bookworm-slim
COPY --from=builder /usr/local/lib64/libgcc_s.so.1 /usr/local/lib64/libstdc++.so.*[0-9] /usr/local/lib/
RUN echo /usr/local/lib > /etc/ld.so.conf.d/000-local-lib.conf \\
    && ldconfig
WORKDIR /app
COPY --from=builder /app/shop ./shop
CMD ["./shop"]
"""
CPLUSPLUS_FILES = {"main.cpp": '#include <iostream>\n\nint main() {\n    std::cout << "hello";\n}\n'}

# What Go's image brings in GOROOT, for a module that lies in a folder.
ZONES_BEFORE = """\
FROM golang:1.22-alpine
WORKDIR /app
COPY . .
WORKDIR /app/api
RUN go build -o shop .
CMD ["./shop"]
"""
ZONES_AFTER = """\
FROM golang:1.22-alpine AS builder
WORKDIR /app
COPY . .
WORKDIR /app/api
RUN go build -o shop .

FROM alpine:3.21
RUN apk add --no-cache tzdata
WORKDIR /app/api
COPY --from=builder /app/api/shop ./shop
CMD ["./shop"]
"""
ZONES_FILES = {
    "api/go.mod": "module example.com/shop\n\ngo 1.22\n",
    "api/main.go": 'package main\n\nimport "time"\n\nfunc main() {\n\ttime.LoadLocation("Europe/Rome")\n}\n',
}


@dataclass(frozen=True)
class Good:
    """A migration that the proof accepts."""

    name: str
    before: str
    after: str
    files: dict[str, str]
    declared: frozenset[str] = field(default=frozenset())


GO = Good("go", GO_BEFORE, GO_AFTER, GO_FILES)
PYTHON = Good("python", PYTHON_BEFORE, PYTHON_AFTER, PYTHON_FILES, frozenset({"env:PATH"}))
NODE = Good("node", NODE_BEFORE, NODE_USER, NODE_FILES, frozenset({"user"}))
REPLAY = Good("replay", REPLAY_BEFORE, REPLAY_AFTER, REPLAY_FILES, frozenset({"env:PATH"}))
OWNER = Good("owner", OWNER_BEFORE, OWNER_AFTER, OWNER_FILES)
DRIVER = Good("driver", DRIVER_BEFORE, DRIVER_AFTER, DRIVER_FILES, frozenset({"env:PATH"}))
BUSTER = Good("buster", BUSTER_BEFORE, BUSTER_AFTER, DRIVER_FILES, frozenset({"env:PATH"}))
C = Good("c", C_BEFORE, C_AFTER, C_FILES)
CPLUSPLUS = Good("c++", CPLUSPLUS_BEFORE, CPLUSPLUS_AFTER, CPLUSPLUS_FILES)
ZONES = Good("zones", ZONES_BEFORE, ZONES_AFTER, ZONES_FILES)
JAVA = Good("java", JAVA_BEFORE, JAVA_AFTER, JAVA_FILES)
SITE = Good("site", SITE_BEFORE, SITE_AFTER, SITE_FILES)
RUST = Good("rust", RUST_BEFORE, RUST_AFTER, RUST_FILES)
CARGO_RUN = Good("cargo run", CARGO_RUN_BEFORE, CARGO_RUN_AFTER, RUST_FILES, frozenset({"command"}))
H2O = Good("h2o", H2O_BEFORE, H2O_AFTER, {"h2o.conf": "listen: 8080\n"})
SWIFT = Good("swift", SWIFT_BEFORE, SWIFT_AFTER, SWIFT_FILES)
D = Good("d", D_BEFORE, D_AFTER, D_FILES)
WHOLE = Good("rust with all libraries", RUST_BEFORE, RUST_WHOLE, {**RUST_FILES, "Cargo.lock": ""})
CRYSTAL = Good("crystal", CRYSTAL_BEFORE, CRYSTAL_AFTER, {"server.cr": 'puts "hello"\n'})
MANAGED = Good("managed", MANAGED_BEFORE, MANAGED_AFTER, MANAGED_FILES, frozenset({"env:PATH"}))
OWN = Good("own", OWN_BEFORE, OWN_AFTER, {"requirements.txt": "flask==3.0.3\n", "app.py": "import flask\n"})
ALL = (
    MANAGED,
    OWN,
    GO,
    PYTHON,
    NODE,
    SITE,
    REPLAY,
    OWNER,
    DRIVER,
    BUSTER,
    C,
    CPLUSPLUS,
    ZONES,
    JAVA,
    RUST,
    CARGO_RUN,
    WHOLE,
    CRYSTAL,
    D,
    H2O,
    SWIFT,
)
