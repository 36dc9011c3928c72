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
from dfmigrate.context.dotnet import dotnet_project, dotnet_projects
from dfmigrate.context.go import go_project
from dfmigrate.context.gradle import gradle_project
from dfmigrate.context.makefile import makefile
from dfmigrate.context.maven import maven_project
from dfmigrate.context.node import node_project
from dfmigrate.context.python import python_project
from dfmigrate.context.requirement_file import requirement_files
from dfmigrate.context.scripts import entry_script, shell_scripts
from dfmigrate.context.sources import runtime_hints

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
        ".python-version",
        "vite.config.js",
        "webpack.config.js",
        "next.config.js",
        "prisma/schema.prisma",
        ".dockerignore",
    ),
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
    for path in (*shell_scripts(context), "start.sh"):
        values(entry_script(context, path))
    for language in ("go", "node", "python", "java", "dotnet", "php", "c"):
        values(runtime_hints(context, language))


QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(st.dictionaries(st.sampled_from(JSON_FILES), JSON, min_size=1))
def test_json_of_the_wrong_shape(files: dict[str, object]) -> None:
    read_everything(Context.of({path: json.dumps(value) for path, value in files.items()}))


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
    read_everything(Context.of({"package.json": text, "tsconfig.json": text, "compose.yaml": text, "Makefile": text}))


def test_values_are_frozen() -> None:
    context = Context.of({"package.json": "{}"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        context.complete = False  # type: ignore[misc]
