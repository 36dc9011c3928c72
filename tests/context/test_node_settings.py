from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.context.node import node_project
from dfmigrate.context.node_settings import NodeSettings, node_settings

BERRY = {"yarn.lock": "__metadata:\n  version: 8\n"}
PNPM = {"pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}


def read(files: dict[str, str], manager: str | None = None) -> NodeSettings:
    manifest = {} if manager is None else {"packageManager": manager}
    project = node_project(Context.of({"package.json": json.dumps(manifest), **files}))
    assert project is not None
    return node_settings(project)


@pytest.mark.parametrize(
    ("files", "linker"),
    [
        ({"package-lock.json": "{}"}, "node-modules"),
        ({"yarn.lock": ""}, "node-modules"),
        (BERRY, "pnp"),
        ({**BERRY, ".yarnrc.yml": "nodeLinker: node-modules\n"}, "node-modules"),
        ({**BERRY, ".yarnrc.yml": "nodeLinker: other\n"}, None),
        ({**BERRY, ".yarnrc.yml": "- a\n"}, None),
        (PNPM, "isolated"),
        ({**PNPM, ".npmrc": "# x\nnode-linker = hoisted\n"}, "hoisted"),
        ({**PNPM, "pnpm-workspace.yaml": "nodeLinker: hoisted\n"}, "hoisted"),
        ({"bun.lock": "{}"}, "hoisted"),
        ({"bun.lock": "{}", "bunfig.toml": '[install]\nlinker = "isolated"\n'}, "isolated"),
        ({}, None),
    ],
)
def test_the_linker(files: dict[str, str], linker: str | None) -> None:
    assert read(files).linker == linker
    assert read(files).makes_node_modules == (None if linker is None else linker != "pnp")


def test_yarn_of_the_project_itself() -> None:
    files = {**BERRY, ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-3.6.0.cjs\n", ".yarn/releases/yarn-3.6.0.cjs": ""}
    assert read(files).yarn_release == ".yarn/releases/yarn-3.6.0.cjs"
    assert read(files).cache_in_project is True
    classic = {"yarn.lock": "", ".yarnrc": 'yarn-path ".yarn/yarn.js"\n', ".yarn/yarn.js": ""}
    assert read(classic).yarn_release == ".yarn/yarn.js"
    assert read({".yarnrc.yml": "yarnPath: absent.cjs\n", **BERRY}).yarn_release is None


def test_where_yarn_keeps_its_downloads() -> None:
    assert read(BERRY, "yarn@4.1.0").cache_in_project is False
    assert read(BERRY, "yarn@3.1.0").cache_in_project is True
    assert read(BERRY).cache_in_project is None
    assert read({**BERRY, ".yarnrc.yml": "enableGlobalCache: false\n"}, "yarn@4.1.0").cache_in_project is True
    assert read({**BERRY, ".yarn/cache/left-npm-1.0.0.zip": ""}).offline


def test_scripts_and_variables() -> None:
    npm = {"package-lock.json": "{}", ".npmrc": "//example.org/:_authToken=${NPM_TOKEN}\nignore-scripts=true\n"}
    assert read(npm).runs_scripts is False
    assert read(npm).variables == {"NPM_TOKEN"}
    assert read(PNPM).runs_scripts is None
    assert read({**BERRY, ".yarnrc.yml": "enableScripts: false\n"}).runs_scripts is False
