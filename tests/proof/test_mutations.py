"""A good migration, broken in one way each: the proof must refuse every one of them, with the right code.

``REFUSED`` is every row of the tables here; ``test_every_obligation_counts`` asks which obligation each one needs.
"""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass

import pytest
from good_migrations import (
    ALL,
    BUSTER,
    CARGO_RUN,
    CPLUSPLUS,
    CRYSTAL,
    DRIVER,
    GO,
    H2O,
    JAVA,
    MANAGED,
    NODE,
    NODE_FILES,
    OWN,
    OWNER,
    PYTHON,
    REPLAY,
    RUST,
    SITE,
    SWIFT,
    WHOLE,
    ZONES,
    C,
    D,
    Good,
)
from good_rewrites import REMOVED as GONE
from good_rewrites import STAGES, WRITTEN
from good_ruby_php_elixir import ALL as MORE
from good_ruby_php_elixir import MIX, PHP, REMOVED, RUBY
from home_migrations import BROKEN as HOME_BROKEN
from home_migrations import CONTEXTS as HOME_CONTEXTS
from home_migrations import GOOD as HOME
from jvm_migrations import BROKEN as JVM_BROKEN
from jvm_migrations import CONTEXTS as JVM_CONTEXTS
from jvm_migrations import GOOD as JVM
from start_installs import BROKEN as INSTALLS_BROKEN
from start_installs import CONTEXTS as INSTALLS_CONTEXTS
from start_installs import GOOD as INSTALLS
from started_elsewhere import BROKEN as STARTED_BROKEN
from started_elsewhere import CONTEXTS as STARTED_CONTEXTS
from started_elsewhere import GOOD as STARTED
from web_migrations import (
    COMPILED,
    IN_ROOT,
    LOADING,
    NEXT_START,
    PM2,
    SHOTS,
    STANDALONE,
    SVELTEKIT,
    UNBUNDLED,
    UNSURE,
    VOICE,
)

from dfmigrate.context import Context
from dfmigrate.model import interpret
from dfmigrate.proof import Case, Verdict, check
from dfmigrate_grammar import parse


@dataclass(frozen=True)
class Refused:
    """One row: a migration that is wrong for its project, and the code that says so."""

    good: Good
    after: str
    files: dict[str, str]
    code: str

    def verdict(self) -> Verdict:
        return _verdict(self.good, self.after, self.files)


def _verdict(good: Good, after: str, files: dict[str, str]) -> Verdict:
    context = Context.of({"Dockerfile": good.before, **files})
    return check(Case(interpret(parse(good.before), context), interpret(parse(after), context), good.declared))


@pytest.mark.parametrize(
    "good",
    (
        *ALL,
        HOME,
        *JVM,
        *MORE,
        *STARTED,
        *INSTALLS,
        IN_ROOT,
        PM2,
        SHOTS,
        VOICE,
        STANDALONE,
        NEXT_START,
        SVELTEKIT,
        WRITTEN,
        GONE,
        STAGES,
    ),
    ids=lambda good: good.name,
)
def test_the_good_migration_holds(good: Good) -> None:
    assert [(a.code, a.message) for a in _verdict(good, good.after, good.files).open] == []


@pytest.mark.parametrize("good", (*LOADING, COMPILED, UNBUNDLED), ids=range(len(LOADING) + 2))
def test_packages_stay_where_something_may_load_them(good: Good) -> None:
    assert _verdict(good, good.after, good.files).open


@pytest.mark.parametrize("good", UNSURE, ids=lambda good: good.before.splitlines()[-2])
def test_what_only_another_mode_loads_stays_while_that_mode_is_possible(good: Good) -> None:
    assert _verdict(good, good.after, good.files).open


_BROKEN = [
    # Files
    (GO, "COPY --from=builder /app/templates ./templates\n", "", "A1"),
    (GO, "COPY --from=builder /app/server ./server\n", "", "A2"),
    (GO, "COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\n", "", "C15"),
    (RUST, "ca-certificates libssl3", "libssl3", "C15"),
    # In place of `cargo run`: another program, other arguments
    (CARGO_RUN, '"./target/release/shop", "-v"', '"./target/release/import", "-v"', "H4"),
    (CARGO_RUN, '"./target/release/shop", "-v"', '"./target/release/shop"', "H4"),
    # A project that lies in the root folder: each entry of its own
    (IN_ROOT, "COPY --from=builder /dist /dist\n", "", "A2"),
    (IN_ROOT, "COPY --from=builder /node_modules /node_modules\n", "", "A2"),
    (PM2, "RUN npm install -g pm2\nWORKDIR /usr/app\nCOPY --from", "WORKDIR /usr/app\nCOPY --from", "C10"),
    (VOICE, "-slim\nRUN apt-get update && apt-get install -y ffmpeg\n", "-slim\n", "C10"),
    (SHOTS, "-slim\nRUN apt-get update && apt-get install -y chromium\n", "-slim\n", "B4"),
    (PM2, "-recommends procps", "-recommends tzdata", "C10"),
    (PM2, "COPY --from=builder /usr/app/node_modules ./node_modules\n", "", "A2"),
    (STANDALONE, "COPY --from=builder /app/.next/standalone ./.next/standalone\n", "", "A2"),
    (STANDALONE, "/app/.next/standalone ./.next/standalone", "/app/.next/standalone ./.next", "A2"),
    (IN_ROOT, "COPY --from=builder /src /src\n", "", "A1"),
    (IN_ROOT, "\nENV NODE_ENV=production\n", "\n", "D1"),
    (GO, "/app/server ./server", "/app/sever ./server", "A6"),
    (GO, "/app/templates ./templates", "/app/templates ./", "A1"),
    (GO, "RUN go build -o server .\n\nFROM", "\nFROM", "A2"),
    (GO, "# The shop's web server\n", "", "COMMENT"),
    (PYTHON, "COPY --from=builder /opt/venv /opt/venv\n", "", "A2"),
    (PYTHON, "/opt/venv /opt/venv\n", "/opt/venv /srv/venv\n", "A2"),
    # A library that is linked, its certificates, the program itself; another release
    (D, " libssl1.1", "", "B12"),
    (D, " ca-certificates", "", "B12"),
    (D, "-y libpq5", "-y tzdata", "B1"),
    (D, "COPY --from=builder /app/shop ./shop\n", "", "A2"),
    # What was fetched and compiled: its library, itself, its configuration; a text that makes it start more
    (H2O, "-y libssl1.1", "-y tzdata", "B1"),
    (H2O, "COPY --from=builder /h2o /h2o\n", "", "A2"),
    (H2O, "COPY --from=builder /h2o.conf /h2o.conf\n", "", "A1"),
    (SWIFT, " libicu55", "", "B12"),
    (SWIFT, "COPY --from=builder /usr/lib/swift/linux /usr/lib/swift/linux\n", "", "B12"),
    (SWIFT, "COPY --from=builder /app/.build/release ./.build/release\n", "", "A2"),
    (SWIFT, "ubuntu:16.04", "ubuntu:18.04", "B3"),
    (D, "ubuntu:18.04", "ubuntu:20.04", "B3"),
    # A site without its folder, or from elsewhere; a server that reads more than was carried
    (SITE, "COPY --from=builder /app/build ./build\n", "", "A2"),
    (SITE, "/app/build ./build", "/app/public ./build", "A2"),
    (SITE, "FROM node:20-slim\nRUN npm install -g serve\n", "FROM node:20-slim\n", "C10"),
    # Poetry and uv install into the image's own Python all the same.
    (MANAGED, "VIRTUAL_ENV=/opt/venv ", "", "A2"),
    (MANAGED, "UV_PYTHON=/opt/venv/bin/python ", "", "A2"),
    (MANAGED, "COPY --from=builder /app/ ./\n", "", "A1"),
    (OWN, "COPY --from=builder /opt/env /opt/env\n", "", "A2"),
    (OWN, "COPY --from=builder /opt/env /opt/env\n", "COPY --from=builder /opt/env /opt/venv\n", "A2"),
    # Configuration
    (
        GO,
        "\nARG REVISION=none\nENV PORT=8080\nWORKDIR /app\nCOPY --from",
        "\nARG REVISION=none\nWORKDIR /app\nCOPY --from",
        "D1",
    ),
    (GO, "ARG REVISION=none\nENV", "ENV", "D2"),
    (GO, "ENV PORT=8080\nWORKDIR /app\nCOPY --from", "ENV PORT=8080\nWORKDIR /srv\nCOPY --from", "D4"),
    (GO, 'CMD ["./server"]', 'CMD ["./server", "-v"]', "D5"),
    (GO, "EXPOSE 8080\n", "", "D6"),
    (GO, "LABEL revision=$REVISION\n", "", "D6"),
    (GO, 'HEALTHCHECK CMD ["/app/server", "-check"]\n', "", "D6"),
    (GO, "STOPSIGNAL SIGINT\n", "", "D7"),
    (PYTHON, "ENV PATH=/opt/venv/bin:$PATH\nCOPY --from", "COPY --from", "A2"),
    # Platform and libraries
    (GO, "FROM debian:bookworm-slim", "FROM alpine:3.20", "B2"),
    (GO, "FROM debian:bookworm-slim", "FROM debian:bullseye-slim", "B3"),
    (GO, "FROM debian:bookworm-slim", "FROM example.org/base", "D11"),
    (PYTHON, "\nFROM python:3.11-slim\n", "\nFROM python:3.12-slim-bookworm\n", "B7"),
    (PYTHON, "libpq5 curl", "curl", "B1"),
    # Programs
    (PYTHON, "libpq5 curl", "libpq5", "C8"),
    # Build steps
    (PYTHON, "COPY requirements.txt ./\nRUN python", "RUN python", "F4"),
    (NODE, "COPY package.json package-lock.json ./", "COPY package.json ./", "F4"),
    (NODE, "RUN npm ci\n", "RUN npm ci && npm prune --omit=dev\n", "A2"),
    # User
    (NODE, "RUN chown 1000:1000 /app\n", "", "E1"),
    (NODE, "COPY --chown=1000:1000 . .", "COPY . .", "E2"),
    (NODE, "USER 1000:1000", "USER 4711:4711", "E9"),
    (NODE, "USER 1000:1000", "USER node", "E8"),
    (NODE, "USER 1000:1000\n", "USER 1000:1000\nRUN npm --version\n", "E12"),
    # Form
    (GO, "EXPOSE 8080\n", "EXPOSED 8080\n", "INTERNAL"),
    # Steps that the original did not have
    (NODE, "USER 1000:1000\n", "RUN find /app -name '*.html' -delete\nUSER 1000:1000\n", "A2"),
    (NODE, "USER 1000:1000\n", "RUN rm -rf /app/node_modules\nUSER 1000:1000\n", "A2"),
    (NODE, "USER 1000:1000\n", "RUN apt-get purge -y git\nUSER 1000:1000\n", "A2"),
    # Steps that run again
    (REPLAY, "FROM python:3.11-slim\nRUN apt-get -qq update\n", "FROM python:3.11-slim\n", "A2"),
    (
        REPLAY,
        "COPY --from=builder /usr/local/lib/libfoo.so /usr/local/lib/libfoo.so\nRUN ldconfig\n",
        "RUN ldconfig\nCOPY --from=builder /usr/local/lib/libfoo.so /usr/local/lib/libfoo.so\n",
        "A2",
    ),
    (
        REPLAY,
        "FROM python:3.11-slim\nRUN apt-get -qq update\nRUN apt-get install -y ffmpeg\n",
        "FROM python:3.11-slim\n",
        "C10",
    ),
    # Owners
    (OWNER, "--chown=app:app ", "", "E1"),
    # Libraries and language versions
    (DRIVER, "apt-get install -y --no-install-recommends libpq5 && ", "", "B1"),
    (JAVA, "eclipse-temurin:11-jre", "eclipse-temurin:17-jre", "B7"),
    (
        CPLUSPLUS,
        "COPY --from=builder /usr/local/lib64/libgcc_s.so.1 /usr/local/lib64/libstdc++.so.*[0-9] /usr/local/lib/\n",
        "",
        "B12",
    ),
    (CPLUSPLUS, "/usr/local/lib64/libstdc++.so.*[0-9] /usr", "/usr", "B12"),
    (CPLUSPLUS, "RUN echo /usr/local/lib > /etc/ld.so.conf.d/000-local-lib.conf \\\n    && ldconfig\n", "", "B12"),
    (CPLUSPLUS, "echo /usr/local/lib > /etc/ld.so.conf.d/000-local-lib.conf \\\n    && ", "", "B12"),
    (CPLUSPLUS, "FROM debian:bookworm-slim", "FROM debian:trixie-slim", "B12"),
    (ZONES, "RUN apk add --no-cache tzdata\n", "", "C10"),
    # Programs
    (C, "FROM debian:bookworm-slim", "FROM gcr.io/distroless/base-debian12", "C9"),
    (
        DRIVER,
        "COPY --from=builder /opt/rates.json /opt/rates.json\n",
        "RUN curl -o /opt/rates.json https://example.com/rates.json\n",
        "A2",
    ),
    (C, "COPY --from=builder /app/main ./main\n", "COPY . .\nRUN make\n", "A2"),
    # Ruby, PHP and Elixir
    (RUBY, "COPY --from=builder /usr/local/bundle /usr/local/bundle\n", "", "A2"),
    (RUBY, "/usr/local/bundle /usr/local/bundle", "/usr/local/bundle /gems", "A2"),
    (RUBY, "install -y --no-install-recommends libpq5", "install -y --no-install-recommends libxml2", "B1"),
    (RUBY, "FROM ruby:3.2-slim", "FROM ruby:3.3-slim", "B7"),
    (RUBY, "RUN bundle config set without test\nCOPY --from", "COPY --from", "A2"),
    (REMOVED, "RUN apk add --no-cache tzdata\n", "", "C10"),
    (REMOVED, "RUN apk del build-base\n\n", "\n", "A2"),
    (PHP, "COPY --from=builder /usr/local/lib/php/extensions /usr/local/lib/php/extensions\n", "", "A2"),
    (PHP, "COPY --from=builder /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d\n", "", "A2"),
    (PHP, "FROM php:8.2-apache\nCOPY", "FROM php:8.3-apache\nCOPY", "B7"),
    (MIX, "COPY --from=builder /root/.mix /root/.mix\n", "", "A2"),
    # Configuration that the base image brings
    (JAVA, "ENV LANG=C.UTF-8 LC_ALL=C.UTF-8\n", "", "D1"),
    (
        GO,
        "\nCOPY --from=builder /app/server",
        "\nENV PATH=/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin\nCOPY --from=builder /app/server",
        "D1",
    ),
    # What native programs are linked against
    (RUST, "ca-certificates libssl3", "ca-certificates", "B12"),
    (RUST, "COPY --from=builder /app/target/release/shop ./target/release/shop\n", "", "A2"),
    (WHOLE, "FROM buildpack-deps:bookworm", "FROM debian:bookworm-slim", "B12"),
    (WHOLE, "FROM buildpack-deps:bookworm", "FROM buildpack-deps:bookworm-curl", "B12"),
    (CRYSTAL, "libgc1 ", "", "B12"),
    (CRYSTAL, "FROM ubuntu:24.04", "FROM ubuntu:22.04", "B3"),
    # Written otherwise
    (WRITTEN, "target=/root/.cache/pip", "target=/usr/local/lib", "G3"),
    (WRITTEN, "COPY data", "RUN apt-get install --no-install-recommends -y curl\nCOPY data", "H2"),
    (WRITTEN, "hello $NAME", "hello ${NAME:-you}", "D1"),
    (WRITTEN, "COPY data /srv/data\n", "", "A1"),
    (WRITTEN, '["python", "app.py"]', '["python", "-u", "app.py"]', "H4"),
    (WRITTEN, '["python", "app.py"]', "python app.py -v", "H4"),
    (WRITTEN, '"Jane"', '"Joan"', "D6"),
    (WRITTEN, "-r requirements.txt", "-r requirements.txt --upgrade", "A2"),
    (GONE, "eclipse-temurin:17-jdk", "eclipse-temurin:21-jdk", "D11"),
    (GONE, "eclipse-temurin:17-jdk", "eclipse-temurin:17-jdk-alpine", "D11"),
    (GONE, "eclipse-temurin:17-jdk", "debian:bookworm", "D11"),
    (STAGES, "ENV CGO_ENABLED=0\n", "", "F10"),
    (STAGES, "RUN go build -o server .\n", "RUN go build -o server . && true\n", "A2"),
    (STAGES, "RUN go build -o server .\n", "RUN go build -o server .\nENV CGO_ENABLED=1\n", "D1"),
    (STAGES, "FROM debian:bookworm-slim", "FROM debian:bookworm", "D11"),
    (STAGES, "--from=builder /app/server", "--from=golang:1.22 /app/server", "A6"),
    # Packages of a release that moved: without the line, with half of it, too late, in another file, where it may fail
    (BUSTER, "sed -i -E 's/(deb|security)\\.debian\\.org/archive.debian.org/' /etc/apt/sources.list && ", "", "D11"),
    (BUSTER, "(deb|security)", "deb", "D11"),
    (BUSTER, "archive.debian.org/", "archive.example.org/", "D11"),
    (BUSTER, "archive.debian.org/'", "archive.debian.org/;s/buster/bullseye/'", "D11"),
    (BUSTER, "sed -i -E", "sed -i", "D11"),
    (BUSTER, "sed -i -E", "sed -E", "D11"),
    (BUSTER, "sources.list &&", "sources.list.d/debian.list &&", "D11"),
    (BUSTER, "sources.list && \\\n    apt-get update", "sources.list || true && \\\n    apt-get update", "D11"),
    (BUSTER, "recommends libpq5", "recommends libpq5 libgdk-pixbuf-2.0-0", "D11"),
    (BUSTER, "RUN sed", "RUN apt-get update && sed", "D11"),
    (BUSTER, "s/(deb|security)", "\\#buster/updates#d;s/(deb|security)", "D11"),
    # A guard that does more than look
    (GO, "EXPOSE 8080\n", "RUN test -x /app/server && rm -rf /app/templates\nEXPOSE 8080\n", "A2"),
]


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
_PUPPETEER = json.dumps({"name": "a", "dependencies": {"express": "4.0.0", "puppeteer": "22.0.0"}})
_ARCHIVE = tarfile.TarInfo("a").tobuf().decode("ascii")
_CONTEXTS = [
    # The same Dockerfiles with a project in which they are wrong.
    (GO, {"main.go": _CALLS_GIT}, "C10"),
    (NODE, {"server.js": "require('child_process').exec('git log');\n"}, "C10"),
    (NODE, {"server.js": "require('fs').writeFileSync('/data/state.json', '{}');\n"}, "E2"),
    (NODE, {"docker-compose.yml": "services:\n  web:\n    build: .\n    volumes:\n      - ./data:/app/data\n"}, "E3"),
    (NODE, {"docker-compose.yml": "services:\n  web:\n    build: .\n    command: npx nodemon\n"}, "C13"),
    (NODE, {".dockerignore": "dist\n"}, "A12"),
    (NODE, {"package.json": _POSTINSTALL}, "F1"),
    (NODE, {"docker-compose.yml": "services:\n  web:\n    build:\n      context: .\n      target: web\n"}, "D12"),
    (NODE, {"server.js": "require('child_process').exec('chown -R 1000 /app/data');\n"}, "E11"),
    (NODE, {"compose.yml": "services:\n  web:\n    build: {context: .}\n    command: node other.js\n"}, "C13"),
    # A browser in a home directory
    (NODE, {"package.json": _PUPPETEER, "package-lock.json": "{}"}, "A3"),
    # Libraries that nobody knows, or that only the old image has
    (DRIVER, {"requirements.txt": "psycopg2==2.9.9\nzz-native==1.0\n"}, "B1"),
    (C, {"Makefile": "main: main.c\n\tgcc -o main main.c -lcurl\n"}, "B1"),
    (PYTHON, {"app.py": "import ctypes\nctypes.CDLL('libMagickWand-6.Q16.so.6')\n"}, "B4"),
    (D, {"dub.selections.json": json.dumps({"versions": {"strange": "1.0.0"}})}, "B12"),
    (D, {"source/app.d": 'pragma(lib, "sodium");\nvoid main() {}\n'}, "B12"),
    (D, {"source/app.d": "import std.process;\nvoid main(string[] a) { spawnProcess(a); }\n"}, "C10"),
    (H2O, {"h2o.conf": "fastcgi.spawn: php-cgi\n"}, "C10"),
    (SWIFT, {"Package.resolved": "PythonKit"}, "B12"),
    (SWIFT, {"Sources/Run/main.swift": "let task = Process()\n"}, "C10"),
    (D, {"libshop.so": "x"}, "D1"),
    (C, {"CMakeLists.txt": "target_link_libraries(main curl)\n"}, "B1"),
    (C, {"main.cpp": "int main() {}\n"}, "B12"),
    (RUST, {"Cargo.lock": RUST.files["Cargo.lock"] + '\n[[package]]\nname = "strange-sys"\n'}, "B12"),
    # `cargo run` is more than the program where the program asks for Cargo, or Cargo was told to start another
    (CARGO_RUN, {"src/main.rs": 'fn main() { std::env::var("CARGO_MANIFEST_DIR").unwrap(); }\n'}, "C3"),
    (CARGO_RUN, {".cargo/config.toml": '[target.x86_64-unknown-linux-gnu]\nrunner = "strace"\n'}, "C3"),
    (CARGO_RUN, {"Cargo.lock": RUST.files["Cargo.lock"] + '\n[[package]]\nname = "bevy_asset"\n'}, "C3"),
    # A second program that the first one, or a script, starts
    (
        RUST,
        {"src/main.rs": 'use std::process::Command;\nfn main() { Command::new("./target/release/import"); }\n'},
        "A2",
    ),
    (RUST, {"src/main.rs": "fn main() { std::env::current_exe(); }\n"}, "A2"),
    (WHOLE, {"src/main.rs": 'use std::process::Command;\nfn main() { Command::new("cargo"); }\n'}, "C10"),
    # What is written otherwise does something else in this project
    (WRITTEN, {"data": _ARCHIVE}, "H3"),
    (WRITTEN, {"app.py": "import shutil\nshutil.copytree('/root/.cache/pip', '/srv/x')\n"}, "G3"),
]

_IMPORTS_JEST = "require('jest');\n"
_BOTH = [
    # Another project and another Dockerfile: each would hold with the other one's twin.
    (NODE, "RUN npm ci\n", "RUN npm ci\nRUN npm prune --omit=dev\n", {"server.js": _IMPORTS_JEST}, "C1"),
    (NODE, "RUN npm ci\n", "RUN npm ci\nRUN npm prune --omit=dev\n", {"package.json": _POSTINSTALL}, "C5"),
    (
        NODE,
        "RUN npm ci\n",
        "RUN npm ci\nRUN npm prune --omit=dev\n",
        {"schema.prisma": 'generator types {\n  provider = "typegraphql-prisma"\n}\n'},
        "C1",
    ),
    # By another program than the one that installed, or from another folder
    (NODE, "RUN npm ci\n", "RUN npm ci\nRUN pnpm prune --prod\n", {}, "C5"),
    (NODE, "RUN npm ci\n", "RUN npm ci\nRUN yarn install --production --ignore-scripts\n", {}, "C5"),
    (NODE, "RUN npm ci\n", "RUN npm ci\nRUN cd / && npm prune --omit=dev\n", {}, "C5"),
    # A server that obeys settings which lead elsewhere
    (SITE, "RUN npm ci", "RUN npm ci", {"public/serve.json": '{"public": "../../data"}'}, "A1"),
]

REFUSED = (
    *(
        Refused(good, good.after.replace(old, new, 1), good.files, code)
        for good, old, new, code in (*_BROKEN, *HOME_BROKEN, *JVM_BROKEN, *STARTED_BROKEN, *INSTALLS_BROKEN)
    ),
    *(
        Refused(good, good.after, {**good.files, **files}, code)
        for good, files, code in (*_CONTEXTS, *HOME_CONTEXTS, *JVM_CONTEXTS, *STARTED_CONTEXTS, *INSTALLS_CONTEXTS)
    ),
    *(
        Refused(good, good.after.replace(old, new, 1), {**good.files, **files}, code)
        for good, old, new, files, code in _BOTH
    ),
)


@pytest.mark.parametrize(
    "refused", REFUSED, ids=[f"{row.good.name}-{row.code}-{number}" for number, row in enumerate(REFUSED)]
)
def test_a_broken_migration_is_refused(refused: Refused) -> None:
    assert (refused.after, refused.files) != (refused.good.after, refused.good.files)
    assert refused.code in {answer.code for answer in refused.verdict().open}


def test_a_prune_that_takes_nothing_away_holds() -> None:
    after = NODE.after.replace("RUN npm ci\n", "RUN npm ci\nRUN npm prune --omit=dev\n")
    assert _verdict(NODE, after, NODE.files).holds
