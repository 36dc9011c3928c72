from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.context.node import node_project
from dfmigrate.context.node_settings import node_settings


def members(patterns: list[str], *folders: str, pnpm: str | None = None) -> tuple[str, ...] | None:
    files = {f"{folder}/package.json": "{}" for folder in folders}
    files["package.json"] = json.dumps({"workspaces": patterns})
    if pnpm is not None:
        files["pnpm-workspace.yaml"] = pnpm
    found = node_project(Context.of(files))
    assert found is not None
    return found.members


FOLDERS = ("apps/a", "apps/a/test", "libs/x/y", "tools", "apps/node_modules/z")


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["apps/*"], ("apps/a",)),
        (["./apps/*/", "tools"], ("apps/a", "tools")),
        (["apps/**"], ("apps/a", "apps/a/test")),
        (["**"], ("apps/a", "apps/a/test", "libs/x/y", "tools")),
        (["**/y"], ("libs/x/y",)),
        (["apps/**", "!**/test"], ("apps/a",)),
        (["t*ls"], ("tools",)),
        (["apps/{a,b}"], None),
        (["../other"], None),
        ([], ()),
    ],
)
def test_patterns(patterns: list[str], expected: tuple[str, ...] | None) -> None:
    assert members(patterns, *FOLDERS) == expected


def test_pnpm_has_a_file_of_its_own() -> None:
    text = "packages:\n  # all\n  - 'libs/**'\n  - '!libs/old'\nonlyBuiltDependencies:\n  - esbuild\n"
    assert members([], *FOLDERS, pnpm=text) == ("libs/x/y",)
    assert members([], *FOLDERS, pnpm="onlyBuiltDependencies: [esbuild]\n") == ()
    settings = node_project(Context.of({"package.json": "{}", "pnpm-workspace.yaml": "nodeLinker: hoisted\n"}))
    assert settings is not None
    assert not settings.is_workspace
    assert members([], *FOLDERS, pnpm="packages: x\n") is None


def test_many_stars_end() -> None:
    assert members(["/".join(["**", "a*a*a*a*a*a*a*b"] * 12)], "a" * 200 + "/" + "a" * 200) == ()


def test_a_member_finds_its_root() -> None:
    texts = {"package.json": '{"workspaces": ["apps/*"]}', "apps/a/package.json": "{}", "b/package.json": "{}"}
    context = Context.of({**texts, "yarn.lock": "__metadata:\n", ".yarnrc.yml": "nodeLinker: node-modules\n"})
    member, other = node_project(context, "apps/a"), node_project(context, "b")
    assert member is not None
    assert other is not None
    assert member.workspace_root == node_project(context)
    assert other.workspace_root is None
    assert node_settings(member).linker == "node-modules"
