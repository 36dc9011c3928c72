"""Whatever a stranger's files say, reading them ends, quietly."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfmigrate.context import Context
from dfmigrate.context.cargo import cargo_project
from dfmigrate.context.compose import compose_files
from dfmigrate.context.composer import composer_project
from dfmigrate.context.conda import conda_environment
from dfmigrate.context.crystal import crystal_project
from dfmigrate.context.dart import dart_package
from dfmigrate.context.dotnet import dotnet_project, dotnet_projects
from dfmigrate.context.dotnet_workspace import dotnet_workspace
from dfmigrate.context.elixir import mix_project
from dfmigrate.context.gemfile import gemfile
from dfmigrate.context.gemfile_lock import gemfile_lock
from dfmigrate.context.go import go_project
from dfmigrate.context.gradle import gradle_project
from dfmigrate.context.haskell import haskell_package
from dfmigrate.context.makefile import makefile
from dfmigrate.context.maven import maven_project
from dfmigrate.context.node import node_project
from dfmigrate.context.node_framework import framework_outputs
from dfmigrate.context.node_settings import node_settings
from dfmigrate.context.php_web import php_application
from dfmigrate.context.python import python_project
from dfmigrate.context.python_lock import python_lock
from dfmigrate.context.python_setup import python_setup
from dfmigrate.context.python_web import django_project, python_applications
from dfmigrate.context.requirement_file import requirement_files
from dfmigrate.context.ruby import ruby_project
from dfmigrate.context.rust_embeds import rust_embeds
from dfmigrate.context.scripts import entry_script
from dfmigrate.context.source_text import ENDINGS
from dfmigrate.context.sources import runtime_hints
from dfmigrate.context.start_elsewhere import outside_starts
from dfmigrate.context.swift import swift_package
from dfmigrate.context.yarn_lock import yarn_lock
from dfmigrate.context.zig import zig_project
from dfmigrate.migrate import migrate

KEYS = [
    *("name", "main", "type", "scripts", "dependencies", "devDependencies", "workspaces", "packages", "packageManager"),
    *(
        "lockfileVersion",
        "node_modules/a",
        "node_modules/a/node_modules/b",
        "bin",
        "dev",
        "resolved",
        "link",
        "version",
    ),
    *(
        "hasInstallScript",
        "require",
        "autoload",
        "files",
        "repositories",
        "config",
        "compilerOptions",
        "outDir",
        "extends",
    ),
    *(
        "references",
        "path",
        "projects",
        "architect",
        "build",
        "options",
        "outputPath",
        "start",
        "install",
        "a",
        "",
        "url",
    ),
]
SCALARS = [
    *(
        "",
        ".",
        "..",
        "/",
        "a",
        "a/b",
        "npm run start",
        "node a.js && tsc",
        "next build",
        "ng build",
        "nest build",
        "tsc -b",
    ),
    *(
        "vite build",
        "file:../x",
        "./tsconfig.json",
        "node_modules/a",
        "module",
        "path",
        "prisma generate",
        "*",
        "$(",
        "`",
    ),
]
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1, 4), st.sampled_from(SCALARS)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)),
    max_leaves=25,
)
JSON_FILES = [
    "package.json",
    "package-lock.json",
    "composer.json",
    "composer.lock",
    "tsconfig.json",
    "angular.json",
    "nest-cli.json",
    "bun.lock",
    "Pipfile.lock",
    "global.json",
    "a.slnf",
]

LINES = [
    *(
        "module a",
        "require (",
        ")",
        "replace a => ../b",
        "go 1",
        "a: b",
        "  - c",
        "services:",
        "  web:",
        "    build: .",
    ),
    *(
        "\tcc -o $@ $<",
        "all: $(X)",
        "X = $(X:.c=.o)",
        "define",
        "$(",
        "-r a.txt",
        "-e .",
        "a @ b",
        "\\",
        "#!/bin/sh",
        "'",
    ),
    *(
        'exec "$@"',
        "[project]",
        'name = "a"',
        "if [",
        "| x",
        "&a",
        "]",
        "<Project>",
        "</Project>",
        "<a>",
        '"',
        "\0",
        "\x85",
    ),
    *(
        "<project>",
        "<parent>",
        "</parent>",
        "<version>${a}</version>",
        *('gem "a", group: :b', "group :a do", "end", "GEM", "  specs:", "    a (1.0-x86_64-linux)", "      b (>= 1)"),
        *(
            '"a@^1", "b@npm:^2":',
            "__metadata:",
            "  dependencies:",
            '    a "^1"',
            "lockfileVersion: '9.0'",
            "importers:",
        ),
        *(
            "  .:",
            "snapshots:",
            "  a@1.0.0:",
            "    dependencies:",
            "      a: 1.0.0",
            "[[package]]",
            "[package.dependencies]",
        ),
        *(
            "executable a",
            "targets:",
            ".executableTarget(",
            "releases: [a: [",
            "plugins {",
            "bootJar {",
            "dependencies:",
        ),
        "package main",
        'import "C"',
        "//go:embed",
        "{{{",
    ),
]
TEXT = st.lists(st.sampled_from(LINES), max_size=12).map("\n".join)
TEXT_FILES = [
    *(
        "go.mod",
        "main.go",
        "compose.yaml",
        "Makefile",
        "requirements.txt",
        "a.txt",
        "pyproject.toml",
        "Pipfile",
        "setup.py",
    ),
    *(
        "pom.xml",
        "a.csproj",
        "Directory.Build.props",
        "start.sh",
        "a.js",
        "a.py",
        "A.java",
        "a.php",
        "a.cs",
        "a.c",
        "yarn.lock",
    ),
    *(
        *("Gemfile", "Gemfile.lock", "mix.exs", "mix.lock", "Package.swift", "pubspec.yaml", "shard.yml", "build.zig"),
        *("a.cabal", "stack.yaml", "package.yaml", "Procfile", "environment.yml", "pnpm-lock.yaml", "manage.py"),
        *("poetry.lock", "uv.lock", "pdm.lock", "settings.gradle", "build.gradle", "pnpm-workspace.yaml"),
        *(".yarnrc.yml", ".npmrc", "bunfig.toml", "src/main.rs", "a.rb", "a.ex", "nuget.config", "a.sln", "setup.cfg"),
        *(".python-version", "heroku.yml", "fly.toml", "render.yaml", "app.json"),
        "vite.config.js",
        "webpack.config.js",
        "next.config.js",
        "prisma/schema.prisma",
        ".dockerignore",
    ),
]


READERS: list[Callable[[Context], object]] = [
    *(conda_environment, crystal_project, dart_package, dotnet_workspace, mix_project, gemfile, gemfile_lock),
    *(haskell_package, php_application, outside_starts, python_setup, django_project, python_applications),
    *(ruby_project, rust_embeds, swift_package, zig_project, lambda context: yarn_lock(context, "yarn.lock")),
]


def values(found: object) -> None:
    """Ask for everything that a value can tell."""
    if found is None:
        return
    for name in dir(type(found)):
        if not name.startswith("_") and not callable(getattr(type(found), name)):
            getattr(found, name)


def read_everything(context: Context) -> None:
    values(context)
    node = node_project(context)
    values(node)
    if node is not None:
        for script in [*node.scripts, "start"]:
            values(node.start(script))
            values(node.build(script))
        values(node.imports(["a.js"]))
        values(node_settings(node))
        for output in framework_outputs(node):
            values(output)
    python = python_project(context)
    values(python)
    if python is not None:
        python.needed_for("requirements.txt")
    requirement_files(context, "requirements.txt")
    go = go_project(context)
    values(go)
    if go is not None:
        values(go.everything)
        values(go.program(""))
    values(maven_project(context))
    for path in dotnet_projects(context):
        values(dotnet_project(context, path))
    values(composer_project(context))
    values(cargo_project(context))
    values(gradle_project(context))
    made = makefile(context)
    values(made)
    if made is not None:
        for target in made.targets:
            made.recipe(target)
            made.outputs(target)
    compose_files(context)
    values(entry_script(context, "start.sh"))
    for language in ENDINGS:
        values(runtime_hints(context, language))
    for reader in READERS:
        values(reader(context))
    for name in ("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock"):
        values(python_lock(context, name))


QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(st.dictionaries(st.sampled_from(JSON_FILES), JSON, min_size=1))
def test_json_of_the_wrong_shape(files: dict[str, object]) -> None:
    read_everything(Context.of({path: json.dumps(value) for path, value in files.items()}))


MANIFESTS = [
    *JSON_FILES,
    *(
        "app.json",
        "railway.json",
        "vercel.json",
        "nx.json",
        "turbo.json",
        "lerna.json",
        "dub.json",
        "dub.selections.json",
    ),
    *("npm-shrinkwrap.json", "appsettings.json", "config.json", "symfony.lock", "deno.json", "app/package.json"),
    *("pyproject.toml", "Pipfile", "poetry.lock", "uv.lock", "pdm.lock", "Cargo.toml", "Cargo.lock", "fly.toml"),
    *("netlify.toml", "railway.toml", "Gopkg.toml", "Gopkg.lock", "bunfig.toml", "rust-toolchain.toml"),
    *("compose.yaml", "docker-compose.yml", "heroku.yml", "render.yaml", ".do/app.yaml", "pnpm-workspace.yaml"),
    *("pnpm-lock.yaml", "environment.yml", "pubspec.yaml", "shard.yml", "stack.yaml", "package.yaml", ".yarnrc.yml"),
    *("serverless.yml", "kubernetes/web.yaml", "config/database.yml", "glide.yaml", "app.yaml"),
]
BUILDS = {
    "node": ("node:20-bookworm", "npm ci && npm run build", '["npm", "start"]'),
    "npm without a script": ("node:20", "yarn install && npx tsc", '["node", "dist/main.js"]'),
    "python": ("python:3.12", "pip install . && pip install -r requirements.txt", '["gunicorn", "app:app"]'),
    "poetry": ("python:3.12", "pip install poetry && poetry install", '["poetry", "run", "app"]'),
    "php": ("php:8.2-apache", "apt-get update && apt-get install -y git && composer install", '["apache2-foreground"]'),
    "ruby": ("ruby:3.2", "bundle install", '["bundle", "exec", "puma"]'),
    "go": ("golang:1.22", "go build -o server .", '["./server"]'),
    "rust": ("rust:1.80", "cargo build --release", '["./target/release/app"]'),
    "java": ("maven:3.9-eclipse-temurin-17", "mvn package", '["java", "-jar", "target/app.jar"]'),
    "dotnet": ("mcr.microsoft.com/dotnet/sdk:8.0", "dotnet publish -o out", '["dotnet", "out/app.dll"]'),
    "d": ("dlang2/ldc-ubuntu:1.35.0", "dub build", '["./app"]'),
}
WRONG = ["[]", "[1]", '["a"]', "1", "-0.5", '"a"', "null", "true", "", "{}", "[null]", '{"scripts": null}']
WRONG += ['{"scripts": [1]}', '{"scripts": {"start": 1, "build": null, "": []}}', '{"dependencies": 1, "packages": []}']
WRONG += ["scripts = 1", "services: 1\ndependencies: a", "- 1", "a", "[[package]]\nname = 1", "services:\n  - a"]


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize("build", BUILDS)
def test_manifests_of_the_wrong_shape_stop_no_migration(build: str, text: str) -> None:
    base, command, start = BUILDS[build]
    dockerfile = f"FROM {base}\nWORKDIR /app\nCOPY . .\nRUN {command}\nCMD {start}\n"
    sources = {
        "main.go": "package main\n",
        "src/main.rs": "fn main() {}\n",
        "app.py": "",
        "index.js": "",
        "a.csproj": text,
    }
    files = {"Dockerfile": dockerfile, **dict.fromkeys(MANIFESTS, text), **sources}
    assert migrate(dockerfile.encode(), path="Dockerfile", context=Context.of(files)).before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(BUILDS)), st.dictionaries(st.sampled_from(MANIFESTS), JSON, min_size=1))
def test_values_of_the_wrong_shape_stop_no_migration(build: str, files: dict[str, object]) -> None:
    base, command, start = BUILDS[build]
    dockerfile = f"FROM {base}\nWORKDIR /app\nCOPY . .\nRUN {command}\nCMD {start}\n"
    texts = {path: json.dumps(value) for path, value in files.items()}
    assert migrate(
        dockerfile.encode(), path="Dockerfile", context=Context.of({"Dockerfile": dockerfile, **texts})
    ).before


@QUIET
@given(st.dictionaries(st.sampled_from(TEXT_FILES), TEXT, min_size=1))
def test_lines_in_the_wrong_place(files: dict[str, str]) -> None:
    read_everything(Context.of(files))


@QUIET
@given(st.sampled_from([*JSON_FILES, *TEXT_FILES]), st.text(max_size=60))
def test_any_text(path: str, text: str) -> None:
    read_everything(Context.of({path: text}))


@QUIET
@given(
    st.dictionaries(
        st.sampled_from(["a", "a/b", "c", "package.json"]), st.sampled_from(["", ".", "..", "a", "c", "/", "a/../c"])
    ),
    st.text("ab*?[]/.!\\", max_size=12),
)
def test_links_and_patterns(links: dict[str, str], pattern: str) -> None:
    context = Context.of({"c/d": "", ".dockerignore": pattern}, links=links)
    for question in (
        context.exists,
        context.read,
        context.children,
        context.glob,
        context.is_ignored,
        context.is_folder,
    ):
        ask: Callable[[str], object] = question
        ask(pattern)
        ask("a/b/c")
    read_everything(context)


@pytest.mark.parametrize("text", ['{"a":' * 5_000, "[" * 100_000, '{"scripts": {"start": "' + "(" * 5_000 + '"}}'])
def test_deep_nesting(text: str) -> None:
    names = (
        "package.json",
        "tsconfig.json",
        "compose.yaml",
        "Makefile",
        "bun.lock",
        "Gemfile",
        "mix.exs",
        "build.gradle",
    )
    read_everything(Context.of(dict.fromkeys((*names, "pnpm-lock.yaml", "yarn.lock", "Package.swift"), text)))


def test_values_are_frozen() -> None:
    context = Context.of({"package.json": "{}"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        context.complete = False  # type: ignore[misc]
