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


SCHEMA = 'generator client {{\n  provider = "prisma-client-js"\n}}\n{}datasource db {{\n  provider = "postgresql"\n}}\n'
OTHER = 'generator other {\n  provider = "typegraphql-prisma"\n}\n'


@pytest.mark.parametrize(
    ("more", "pruned"),
    [
        ("", True),
        (OTHER, False),
        (OTHER.replace("\n}", '\n  output = "../node_modules/@generated/types"\n}'), False),
        (OTHER.replace("\n}", '\n  output = "../src/generated"\n}'), True),
    ],
)
def test_a_package_that_prisma_generates_is_not_taken_away(more: str, pruned: bool) -> None:
    """``npm prune`` removes each folder of ``node_modules`` that no manifest asks for, but for those with a dot."""
    files = {**project(**{"@prisma/client": "^5.0.0"}), "prisma/schema.prisma": SCHEMA.format(more)}
    text = bytes(migrated(files, install="npm ci && npx prisma generate && npm run build").after).decode()
    assert ("RUN npm prune --omit=dev\n" in text) is pruned


def test_files_that_another_generator_writes_are_carried() -> None:
    more = OTHER.replace("typegraphql-prisma", "prisma-zod-generator")
    files = {**project(**{"@prisma/client": "^5.0.0"}), "prisma/schema.prisma": SCHEMA.format(more)}
    found = runtime(migrated(files, install="npm ci && npx prisma generate && npm run build"))
    assert "/app/ ./\n" in found or "/app/prisma ./prisma\n" in found


def test_what_a_program_needs_that_is_installed_for_all_is_there() -> None:
    """pm2 calls ps, which the slim image lacks."""
    done = migrated(project(), before="RUN npm install pm2 -g\n", command='["pm2-runtime", "index.js"]')
    found = runtime(done)
    assert "-slim" in found and " procps " in found
    assert "RUN npm install pm2 -g\n" in found


def test_a_lock_file_behind_the_manifest_hides_no_package() -> None:
    files = project()
    manifest, lock = json.loads(files["package.json"]), json.loads(files["package-lock.json"])
    manifest["dependencies"]["concurrently"] = "^9.0.0"
    lock["packages"]["node_modules/concurrently"] = {"version": "9.2.1", "dev": True}
    lock["packages"]["node_modules/tree-kill"] = {"version": "1.2.2", "dev": True}
    files |= {"package.json": json.dumps(manifest), "package-lock.json": json.dumps(lock)}
    assert " procps " in runtime(migrated(files, install="npm install && npm run build"))


def test_svelte_kit_leaves_its_preparations_behind() -> None:
    files = {
        "package.json": json.dumps(
            {
                "scripts": {"build": "vite build"},
                "type": "module",
                "devDependencies": {"@sveltejs/kit": "^1.5.0", "@sveltejs/adapter-node": "^1.2.4", "vite": "^4.0.0"},
            }
        ),
        "svelte.config.js": "import adapter from '@sveltejs/adapter-node';\n"
        "export default { kit: { adapter: adapter() } };\n",
        "src/routes/+page.svelte": "<h1>hello</h1>\n",
        ".dockerignore": "node_modules\n.svelte-kit\nbuild\n",
    }
    found = runtime(
        migrated(
            files,
            install="npm install && ./node_modules/.bin/svelte-kit sync && npm run build",
            command='["node", "build/index.js"]',
        )
    )
    assert "/app/build ./build\n" in found
    assert ".svelte-kit" not in found and "/app/ ./" not in found


BOT = project(**{"@discordjs/voice": "^0.16.0"})


def test_a_program_that_the_image_never_had_is_not_lost() -> None:
    """@discordjs/voice calls ffmpeg, which no image of Node brings."""
    assert "-slim" in runtime(migrated(BOT))


@pytest.mark.parametrize("package", ["ffmpeg", "libav-tools-with-ffmpeg"])
def test_but_one_that_is_installed_is_kept(package: str) -> None:
    before = f"RUN apt-get update && apt-get install -y {package} && rm -rf /var/lib/apt/lists/*\n"
    assert f"apt-get install -y {package}" in runtime(migrated(BOT, before=before))


def test_bun_may_be_told_to_run_a_file() -> None:
    text = """\
FROM oven/bun:1
WORKDIR /app
COPY . .
RUN bun install
RUN bun run build
CMD ["bun", "run", "./dist/server/entry.mjs"]
"""
    manifest = {"scripts": {"build": "bunx --bun astro build"}, "dependencies": {"astro": "^4.11.0"}}
    files = {"package.json": json.dumps(manifest), "bun.lockb": "x", "src/pages/index.astro": "<p>hello</p>\n"}
    done = migrate(text.encode(), path="Dockerfile", context=Context.of({"Dockerfile": text, **files}))
    found = runtime(done)
    assert "-slim" in found or ":slim" in found
    assert "/app/dist ./dist\n" in found and "/app/node_modules ./node_modules\n" in found


CHROMIUM = "RUN apt-get update && apt-get install -y {} && rm -rf /var/lib/apt/lists/*\n"
SHOTS = project(**{"puppeteer-core": "^22.7.1"})


@pytest.mark.parametrize("package", ["chromium", "python3 make g++ chromium"])
def test_a_browser_of_the_system_brings_what_it_needs(package: str) -> None:
    found = runtime(migrated(SHOTS, before=CHROMIUM.format(package)))
    assert "FROM node:${NODE_VERSION}-slim\n" in found and "apt-get install -y chromium " in found


def test_without_one_only_the_same_image_has_it() -> None:
    done = migrated(SHOTS, before=CHROMIUM.format("libnss3 libgbm1"))
    assert "-slim" not in bytes(done.after).decode()
    assert "B4" in {decline.code for decline in done.declines if decline.rule == "split-stages"}


def test_what_a_pipeline_runs_in_the_image_keeps_its_packages() -> None:
    files = {
        **project(),
        "docker-compose.ci.yml": "services:\n  app:\n    build: .\n",
        ".github/workflows/ci.yml": "jobs:\n  ci:\n    steps:\n    - run: docker-compose -f docker-compose.ci.yml "
        "run app npx eslint\n",
    }
    assert "npm prune" not in bytes(migrated(files).after).decode()
    del files[".github/workflows/ci.yml"]
    assert "npm prune" in bytes(migrated(files).after).decode()
