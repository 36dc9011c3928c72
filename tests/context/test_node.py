from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from dfmigrate.context import Context
from dfmigrate.context.node import NodeProject, node_project
from dfmigrate.context.node_start import Need
from dfmigrate.context.node_tools import Role


def project(manifest: Mapping[str, object], **files: str) -> NodeProject:
    named = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    found = node_project(Context.of({"package.json": json.dumps(manifest, indent=2), **named}))
    assert found is not None
    return found


def lock(packages: Mapping[str, object], version: int = 3) -> str:
    return json.dumps({"lockfileVersion": version, "packages": {"": {}, **packages}})


def test_the_manifest() -> None:
    found = project(
        {
            "name": "shop",
            "main": "index.js",
            "type": "module",
            "scripts": {"start": "node .", "odd": 3},
            "dependencies": {"express": "^4"},
            "workspaces": {"packages": ["apps/*"]},
            "packageManager": "pnpm@8.15.0",
        }
    )
    assert (found.name, found.main, found.module) == ("shop", "index.js", True)
    assert found.scripts == {"start": "node ."}
    assert found.workspaces == ("apps/*",)
    assert found.manager == "pnpm"
    assert found.place("start").line == 6


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3"])
def test_a_manifest_that_is_none(text: str) -> None:
    assert node_project(Context.of({"package.json": text})) is None


def test_no_manifest() -> None:
    assert node_project(Context.of({"index.js": ""})) is None
    assert node_project(Context.of({".dockerignore": "*.json", "package.json": "{}"})) is None


@pytest.mark.parametrize(
    ("files", "manager"),
    [
        ({"package-lock.json": "{}"}, "npm"),
        ({"yarn.lock": "# yarn lockfile v1\n"}, "yarn"),
        ({"yarn.lock": "# generated\n__metadata:\n  version: 8\n"}, "yarn-berry"),
        ({"pnpm-lock.yaml": "lockfileVersion: 5.4\n"}, "pnpm"),
        ({"bun.lock": "{}"}, "bun"),
        ({"package-lock.json": "{}", "yarn.lock": ""}, None),
        ({}, None),
    ],
)
def test_the_lock_file_tells_the_manager(files: Mapping[str, str], manager: str | None) -> None:
    found = node_project(Context.of({"package.json": "{}", **files}))
    assert found is not None
    assert found.manager == manager


def test_the_manifest_decides_between_two_lock_files() -> None:
    found = node_project(
        Context.of({"package.json": '{"packageManager": "yarn@1.22.0"}', "package-lock.json": "{}", "yarn.lock": ""})
    )
    assert found is not None
    assert found.lock is not None
    assert found.lock.path == "yarn.lock"


def test_what_the_lock_file_says() -> None:
    text = lock(
        {
            "node_modules/express": {"bin": {"expr": "x"}},
            "node_modules/nodemon": {"dev": True, "bin": {"nodemon": "x"}},
            "node_modules/bcrypt": {"hasInstallScript": True},
            "node_modules/bcrypt/node_modules/@a/b": {"bin": {"hidden": "x"}, "devOptional": True},
            "node_modules/private": {"resolved": "git+ssh://git@example.org/a.git#1"},
            "node_modules/cli": {"resolved": "packages/cli", "link": True},
            "packages/cli": {"bin": {"mine": "x"}},
        }
    )
    found = node_project(Context.of({"package.json": "{}", "package-lock.json": text}))
    assert found is not None
    assert found.install_scripts == {"bcrypt"}
    assert found.production_packages == {"express", "bcrypt", "@a/b", "private", "cli"}
    assert found.all_packages == {"express", "bcrypt", "@a/b", "private", "cli", "nodemon"}
    assert found.packages is not None
    assert found.packages.binaries == {
        "expr": ("express", False),
        "nodemon": ("nodemon", True),
        "mine": ("cli", False),
    }
    assert found.packages.from_git == {"private"}


def test_a_converted_lock_file_says_nothing_of_install_scripts() -> None:
    text = lock({"node_modules/bcrypt": {}}, 2)
    found = node_project(Context.of({"package.json": "{}", "package-lock.json": text}))
    assert found is not None
    assert found.install_scripts is None
    assert found.all_packages == {"bcrypt"}


def test_the_first_version_of_the_lock_file() -> None:
    text = json.dumps(
        {
            "lockfileVersion": 1,
            "dependencies": {
                "a": {"version": "1.0.0", "dependencies": {"b": {"version": "git+https://example.org/b.git#1"}}},
                "c": {"version": "1.0.0", "dev": True},
            },
        }
    )
    found = node_project(Context.of({"package.json": "{}", "package-lock.json": text}))
    assert found is not None
    assert found.production_packages == {"a", "b"}
    assert found.install_scripts is None


@pytest.mark.parametrize(
    "text", ["", "{}", '{"lockfileVersion": 9, "packages": {}}', '{"lockfileVersion": 3, "packages": []}']
)
def test_an_unknown_lock_file_is_unknown(text: str) -> None:
    found = node_project(Context.of({"package.json": "{}", "package-lock.json": text}))
    assert found is not None
    assert found.packages is None
    assert found.production_packages is None


def test_lifecycle() -> None:
    assert project({"scripts": {"postinstall": "x", "prepare": "husky", "build": "y"}}).lifecycle == (
        "postinstall",
        "prepare",
    )
    assert project({}, binding_gyp="{}").lifecycle == ("install",)
    assert project({"scripts": {"start": "x"}}).lifecycle == ()


def test_dependencies_that_are_not_of_a_registry() -> None:
    found = project(
        {
            "dependencies": {
                "a": "file:../a",
                "b": "workspace:*",
                "c": "./c",
                "d": "^1.0.0",
                "e": "npm:f@1",
                "g": "latest",
            },
            "devDependencies": {"h": "github:x/y", "i": "x/y#main", "j": "git+ssh://example.org/j.git"},
        }
    )
    assert set(found.local_dependencies) == {"a", "b", "c"}
    assert set(found.git_dependencies) == {"h", "i", "j"}


def test_what_an_install_needs() -> None:
    context = Context.of(
        {
            "package.json": '{"workspaces": ["apps/*"], "dependencies": {"@prisma/client": "5"}}',
            "package-lock.json": "{}",
            ".npmrc": "",
            "patches/a.patch": "",
            "prisma/schema.prisma": "",
            "apps/web/package.json": "{}",
            "apps/readme.md": "",
            "src/index.js": "",
        }
    )
    found = node_project(context)
    assert found is not None
    assert found.members == ("apps/web",)
    assert found.manifests == (
        "package.json",
        "package-lock.json",
        ".npmrc",
        "patches",
        "apps/web/package.json",
        "prisma",
    )


START: list[tuple[dict[str, object], bool | None]] = [
    ({"scripts": {"start": "node dist/server.js"}}, True),
    ({"scripts": {"start": "NODE_ENV=production node --max-old-space-size=400 dist/server.js"}}, True),
    ({"scripts": {"start": "cross-env NODE_ENV=production node a.js"}, "dependencies": {"cross-env": "7"}}, True),
    ({"scripts": {"start": "cross-env NODE_ENV=production node a.js"}, "devDependencies": {"cross-env": "7"}}, False),
    (
        {
            "scripts": {"start": "cross-env A=1 nodemon a.js"},
            "dependencies": {"cross-env": "7"},
            "devDependencies": {"nodemon": "3"},
        },
        False,
    ),
    ({"scripts": {"start": "npm run serve", "serve": "next start"}, "dependencies": {"next": "14"}}, True),
    ({"scripts": {"start": "node a.js", "prestart": "tsc"}, "devDependencies": {"typescript": "5"}}, False),
    (
        {"scripts": {"start": "npm run build && node a.js", "build": "tsc"}, "devDependencies": {"typescript": "5"}},
        False,
    ),
    ({"scripts": {"start": "node -r dotenv/config a.js"}, "dependencies": {"dotenv": "16"}}, True),
    ({"scripts": {"start": "node -r dotenv/config a.js"}, "devDependencies": {"dotenv": "16"}}, False),
    ({"scripts": {"start": "node --require=@swc/register a.js"}, "devDependencies": {"@swc/register": "1"}}, False),
    ({"scripts": {"start": "npx prisma migrate deploy && node a.js"}, "devDependencies": {"prisma": "5"}}, False),
    ({"scripts": {"start": "npx prisma migrate deploy && node a.js"}, "dependencies": {"prisma": "5"}}, True),
    ({"scripts": {"start": "yarn serve", "serve": "serve -s build"}, "dependencies": {"serve": "14"}}, True),
    (
        {"scripts": {"start": "run-s a b", "a": "node a.js", "b": "node b.js"}, "dependencies": {"npm-run-all": "4"}},
        True,
    ),
    (
        {
            "scripts": {"start": 'concurrently "npm:a" "node b.js"', "a": "tsx a.ts"},
            "dependencies": {"concurrently": "8", "tsx": "4"},
        },
        True,
    ),
    ({"scripts": {"start": "./node_modules/.bin/nodemon a.js"}, "devDependencies": {"nodemon": "3"}}, False),
    ({"scripts": {"start": "node node_modules/pm2/bin/pm2 a.js"}, "devDependencies": {"pm2": "3"}}, False),
    ({"scripts": {"start": "env-cmd -f .env.prod node a.js"}, "dependencies": {"env-cmd": "10"}}, True),
    ({"scripts": {"start": "bash run.sh"}}, None),
    ({"scripts": {"start": "unheard-of a.js"}}, None),
    ({"scripts": {"start": "$RUNNER a.js"}}, None),
    ({"scripts": {"start": "if ["}}, None),
    ({"scripts": {"start": "turbo start"}, "dependencies": {"turbo": "2"}}, None),
    ({"scripts": {"start": "npm run missing"}}, None),
    ({"scripts": {"start": "npm run missing --if-present && node a.js"}}, True),
    ({"scripts": {"start": "npx cowsay@1 hi"}}, None),
    ({"scripts": {}}, None),
]


@pytest.mark.parametrize(("manifest", "closed"), START)
def test_whether_production_dependencies_suffice(manifest: dict[str, object], closed: bool | None) -> None:
    assert project(manifest).start("start").closed is closed


def test_a_start_without_a_script_runs_the_server() -> None:
    closure = project({}, server_js="").start("start")
    assert closure.closed is True
    assert closure.files == ("server.js",)


def test_what_is_run_and_with_which_files() -> None:
    closure = project(
        {
            "scripts": {"start": "npm run migrate && cd dist && node main.js", "migrate": "knex migrate:latest"},
            "dependencies": {"knex": "3"},
        }
    ).start("start")
    assert [program.words for program in closure.programs] == [
        ("npm",),
        ("knex", "migrate:latest"),
        ("node", "main.js"),
    ]
    assert closure.files == ("dist/main.js",)
    assert closure.scripts == ("start", "migrate")
    assert closure.with_role(Role.MIGRATE)[0].need is Need.PRODUCTION


def test_the_lock_file_knows_commands_of_indirect_dependencies() -> None:
    manifest = {"scripts": {"start": "indirect --serve"}, "dependencies": {"direct": "1"}}
    text = lock({"node_modules/direct": {}, "node_modules/below": {"bin": {"indirect": "x"}}})
    found = node_project(Context.of({"package.json": json.dumps(manifest), "package-lock.json": text}))
    assert found is not None
    assert found.start("start").closed is True
    assert found.start("start").programs[0].package == "below"


def test_a_shell_script_of_the_project_is_followed() -> None:
    manifest = {"scripts": {"start": "./run.sh"}, "devDependencies": {"nodemon": "3"}}
    context = Context.of({"package.json": json.dumps(manifest), "run.sh": "#!/bin/sh\nset -e\nnodemon a.js\n"})
    found = node_project(context)
    assert found is not None
    assert found.start("start").closed is False


def test_scripts_that_call_each_other_end() -> None:
    found = project({"scripts": {"start": "npm run a", "a": "npm run b", "b": "npm run a"}})
    assert found.start("start").scripts == ("start", "a", "b")


def test_a_script_of_a_workspace_member() -> None:
    context = Context.of(
        {
            "package.json": '{"workspaces": ["apps/*"], "scripts": {"start": "npm start -w web"}}',
            "apps/web/package.json": '{"name": "web", "scripts": {"start": "next"}, "devDependencies": {"next": "1"}}',
        }
    )
    found = node_project(context)
    assert found is not None
    closure = found.start("start")
    assert closure.closed is False
    assert closure.with_role(Role.DEV)[0].folder == "apps/web"
