"""Node projects as they are found in public repositories: where they lie, what they install, how they are started."""

from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

DOCKERFILE = """\
FROM node:20
{before}WORKDIR {workdir}
COPY . .
RUN {install}
CMD {command}
"""


def project(build: str = "tsc -p .", start: str = "node index.js", **packages: str) -> dict[str, str]:
    """One that is compiled, with a lock file of npm."""
    production = {"express": "^4.0.0", **packages}
    locked: dict[str, object] = {f"node_modules/{name}": {"version": "4.0.0"} for name in production}
    locked["node_modules/typescript"] = {"version": "5.4.0", "dev": True}
    manifest = {
        "name": "shop",
        "scripts": {"build": build, "start": start},
        "dependencies": production,
        "devDependencies": {"typescript": "^5.0.0"},
    }
    return {
        "index.ts": "import express from 'express'\nexpress().listen(3000)\n",
        "package.json": json.dumps(manifest),
        "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": {"": {}, **locked}}),
        "tsconfig.json": "{}",
        ".dockerignore": "node_modules\n",
    }


def migrated(
    files: dict[str, str],
    workdir: str = "/app",
    before: str = "",
    install: str = "npm ci && npm run build",
    command: str = '["npm", "start"]',
) -> Migration:
    text = DOCKERFILE.format(workdir=workdir, before=before, install=install, command=command)
    return migrate(text.encode(), path="Dockerfile", context=Context.of({"Dockerfile": text, **files}))


def runtime(migration: Migration) -> str:
    text = bytes(migration.after).decode()
    assert "--from=builder" in text, [(one.code, one.message) for one in migration.declines]
    return text[text.rindex("FROM ") :]


@pytest.mark.parametrize("folder", ["/usr/app", "/usr/app/src", "/usr/server/app", "/usr/local/app", "/usr/src/app"])
def test_a_folder_below_usr_that_is_none_of_the_systems_is_the_applications(folder: str) -> None:
    found = runtime(migrated(project(), workdir=folder))
    assert f"{folder}/node_modules ./node_modules\n" in found
    assert "-slim" in found and "USER 1000:1000\n" in found


@pytest.mark.parametrize("folder", ["/usr/share/app", "/usr/local/lib/app", "/usr/local/bin", "/usr/lib/app"])
def test_a_folder_of_the_system_is_not(folder: str) -> None:
    assert "--from=" not in bytes(migrated(project(), workdir=folder).after).decode()


@pytest.mark.parametrize(
    ("workdir", "named"),
    [
        ("/usr/src/app/server", "/usr/src/app/uploads"),
        ("/usr/app/server", "/usr/app/uploads"),
        ("/usr/local/app/server", "/usr/local/app/uploads"),
        ("/app", "/usr/data"),
    ],
)
def test_what_the_application_may_write_beside_its_folder_keeps_root(workdir: str, named: str) -> None:
    done = migrated(project(), workdir=workdir, before=f"ENV UPLOADS={named}\n")
    assert "USER" not in bytes(done.after).decode()
    assert "E2" in {decline.code for decline in done.declines if decline.rule == "run-as-user"}
    files = {**project(), "index.ts": f"const uploads = '{named}'\nrequire('express')().listen(3000)\n"}
    done = migrated(files, workdir=workdir)
    if not named.startswith("/usr/local"):
        assert "USER" not in bytes(done.after).decode()


SITE = {**project("react-scripts build", "react-scripts start", **{"react-scripts": "^5.0.0"}), "yarn.lock": ""}
SERVED = '["serve", "-s", "build"]'


def test_a_program_that_yarn_installs_for_all_is_installed_again() -> None:
    files = {name: text for name, text in SITE.items() if name != "package-lock.json"}
    done = migrated(files, install="yarn install && yarn build\nRUN yarn global add serve", command=SERVED)
    found = runtime(done)
    assert "RUN yarn global add serve\n" in found
    assert "/app/build ./build\n" in found and "node_modules" not in found


@pytest.mark.parametrize("name", [".npmrc", ".yarnrc"])
def test_unless_settings_beside_it_may_say_where_from(name: str) -> None:
    files = {name: text for name, text in SITE.items() if name != "package-lock.json"}
    files[name] = 'registry "https://npm.example.com"\n'
    done = migrated(files, install="yarn install && yarn build\nRUN yarn global add serve", command=SERVED)
    assert "--from=" not in bytes(done.after).decode()
    assert "F4" in {decline.code for decline in done.declines}


@pytest.mark.parametrize("start", ["next", "next .", "next -p 3000", "nuxt"])
def test_a_framework_that_is_given_no_command_is_its_development_server(start: str) -> None:
    done = migrated(project("next build", start, next="^14.0.0", nuxt="^2.0.0"))
    assert "--from=" not in bytes(done.after).decode()
    assert {decline.code for decline in done.declines if decline.rule == "split-stages"} == {"C2"}
