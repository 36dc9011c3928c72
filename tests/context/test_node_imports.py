from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.context.node import node_project
from dfmigrate.context.node_imports import Imports


def imports(text: str, **others: str) -> Imports:
    manifest = {"dependencies": {"express": "4", "@a/b": "1"}, "devDependencies": {"webpack": "5"}}
    named = {name.replace("__", "/").replace("_", "."): content for name, content in others.items()}
    project = node_project(Context.of({"package.json": json.dumps(manifest), "a.js": text, **named}))
    assert project is not None
    return project.imports(["a.js"])


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        ("const e = require('express')", {"express"}),
        ("import e from 'express'\nimport '@a/b/c/d'", {"express", "@a/b"}),
        ('import {\n  a,\n  b as c\n} from "express"', {"express"}),
        ("export * from 'express'", {"express"}),
        ("const x = await import('express')", {"express"}),
        ("import type { A } from 'webpack'", set()),
        ("import fs from 'fs'; import p from 'node:path'; require('fs/promises')", set()),
        ("// require('webpack')\n/* import 'webpack' */", set()),
        ("const text = 'import x from y'", set()),
        ("foo.require('webpack')", set()),
    ],
)
def test_packages(text: str, packages: set[str]) -> None:
    found = imports(text)
    assert set(found.packages) == packages
    assert found.closed is True


def test_a_development_dependency() -> None:
    found = imports("import x from './lib'\n", lib__index_js="\nrequire('webpack')")
    assert found.files == ("a.js", "lib/index.js")
    assert [(name, place.path, place.line) for name, place in found.development] == [("webpack", "lib/index.js", 2)]
    assert found.closed is False


@pytest.mark.parametrize(
    "text",
    ["require(name)", "require(`./${name}`)", "import x from './gone'", "import x from 'undeclared'", "import '@/lib'"],
)
def test_what_is_not_known(text: str) -> None:
    assert imports(text).closed is None


def test_the_names_of_typescript_output() -> None:
    assert imports("import x from './b.js'", b_ts="").files == ("a.js", "b.ts")


def test_files_that_load_each_other_end() -> None:
    assert imports("require('./b')", b_js="require('./a')").files == ("a.js", "b.js")
