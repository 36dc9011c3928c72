"""The lowest rung, a second stage on the same base image: what it is worth, and what it must not lose."""

from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

GO = {
    "go.mod": "module example.com/forum\n\ngo 1.22\n\nrequire github.com/mattn/go-sqlite3 v1.14.22\n",
    "go.sum": "",
    "cmd/web/main.go": 'package main\n\nimport _ "github.com/mattn/go-sqlite3"\n\nfunc main() {}\n',
}
TEXT = """\
FROM golang:latest
WORKDIR /app
COPY . .
RUN go mod download
RUN go build -o main ./cmd/web
CMD ["{start}"]
"""


def migrated(start: str) -> Migration:
    text = TEXT.replace("{start}", start)
    return migrate(text.encode(), path="Dockerfile", context=Context.of({"Dockerfile": text, **GO}))


def is_split_on(migration: Migration, image: str) -> bool:
    return bytes(migration.after).count(f"FROM {image}".encode()) > 1


def test_sources_alone_are_not_worth_a_stage_beside_a_compiler_that_stays() -> None:
    assert not is_split_on(migrated("./main"), "golang:latest")


def test_a_start_command_that_nothing_writes_is_never_split_away() -> None:
    """The binary is /app/main; what the start command names would be left behind, whatever it is."""
    migration = migrated("./cmd/web/main")
    assert b"--from=" not in bytes(migration.after)
    assert "A1" in {decline.code for decline in migration.declines if decline.rule == "split-stages"}


def test_nor_on_a_base_without_a_compiler() -> None:
    """The same on a rung that keeps the base and its tools."""
    text = """\
FROM node:20-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
CMD ["./bin/serve"]
"""
    files = {
        "package.json": '{"scripts": {"build": "tsc"}, "devDependencies": {"typescript": "5"}}',
        "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"devDependencies": {"typescript": "5"}},'
        ' "node_modules/typescript": {"version": "5.0.0", "dev": true}}}',
        "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}',
        "src/index.ts": "console.log(1)\n",
    }
    migration = migrate(text.encode(), path="Dockerfile", context=Context.of({"Dockerfile": text, **files}))
    assert b"--from=" not in bytes(migration.after)
    assert "A1" in {decline.code for decline in migration.declines if decline.rule == "split-stages"}
