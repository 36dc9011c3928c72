"""Web projects: where they lie, what only development or the browser loads, and the frameworks' own servers."""

from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration
from dfmigrate.settings import Answers, Settings


def _manifest(production: str = "", dev: str = "", **scripts: str) -> str:
    return json.dumps(
        {
            "name": "shop",
            "scripts": scripts,
            "dependencies": dict.fromkeys(production.split(), "^1.0.0"),
            "devDependencies": dict.fromkeys(dev.split(), "^1.0.0"),
        }
    )


def _migrated(dockerfile: str, files: dict[str, str], answers: Answers | None = None) -> Migration:
    context = Context.of({"Dockerfile": dockerfile, ".dockerignore": "node_modules\n", **files})
    settings = Settings() if answers is None else Settings(answers=answers)
    return migrate(dockerfile.encode(), path="Dockerfile", context=context, settings=settings)


def _text(dockerfile: str, files: dict[str, str], answers: Answers | None = None) -> str:
    return bytes(_migrated(dockerfile, files, answers).after).decode()


def _codes(dockerfile: str, files: dict[str, str]) -> set[str]:
    done = _migrated(dockerfile, files)
    assert bytes(done.after).decode().count("FROM ") == 1, bytes(done.after).decode()
    return {decline.code for decline in done.declines if decline.rule == "split-stages"}


IN_ROOT = """\
FROM node:20-alpine
COPY . ./
RUN npm install && npm run build
ENV NODE_ENV production
CMD node ./dist/index.js
"""
BUILD = "babel src --out-dir dist && webpack -p ./src/client && rm -rf dist/static && cp -R src/static dist/static"
PIZZA = {
    "package.json": _manifest("express", "babel-cli babel-polyfill webpack webpack-dev-middleware", build=BUILD),
    "webpack.config.js": "module.exports = { entry: './src/client', output: { filename: 'dist/bundle.js' } }\n",
    "src/index.js": "module.exports = require('./server')\n",
    "src/server.js": "const app = require('express')()\napp.use(require('./script'))\napp.listen(80)\n",
    "src/script.js": "if (process.env.NODE_ENV === 'production') {\n  module.exports = (req, res) => res.end('{')\n"
    "} else {\n  module.exports = require('webpack-dev-middleware')(require('webpack')({}))\n}\n",
    "src/client.js": "require('babel-polyfill')\ndocument.title = 'pizza'\n",
    "src/static/robots.txt": "User-agent: *\n",
}


def test_a_project_in_the_root_folder_is_carried_by_its_entries() -> None:
    text = _text(IN_ROOT, PIZZA)
    assert "RUN npm install && npm run build\nRUN npm prune --omit=dev\n" in text
    runtime = text[text.rindex("FROM ") :]
    for path in ("/dist", "/node_modules", "/package.json", "/src"):
        assert f"COPY --from=builder {path} {path}\n" in runtime
    assert "builder / " not in runtime and "WORKDIR" not in runtime


def test_a_folder_of_the_system_is_not_taken_for_the_projects_own() -> None:
    assert "A17" in _codes(IN_ROOT, {**PIZZA, "etc/shop.json": "{}"})


def test_the_mode_of_a_folder_beside_the_systems_is_not_lost() -> None:
    assert "A15" in _codes(IN_ROOT.replace("ENV NODE", "RUN chmod -R 700 dist\nENV NODE"), PIZZA)


def test_what_cannot_be_listed_in_the_root_folder_is_not_carried() -> None:
    files = {**PIZZA, "package.json": _manifest("express", "babel-cli", build="make-everything")}
    assert _codes(IN_ROOT, files) & {"A2", "A17", "NO_BENEFIT"}


@pytest.mark.parametrize(
    "change",
    [
        {"src/script.js": PIZZA["src/script.js"].replace("===", "!==")},
        {"src/script.js": PIZZA["src/script.js"].replace("'production'", "mode")},
        {"src/script.js": PIZZA["src/script.js"].replace("process.env.NODE_ENV ===", "process.env.MODE ===")},
        {"src/mode.js": "process.env.NODE_ENV = 'development'\n"},
        {"src/server.js": PIZZA["src/server.js"] + "require('./client')\n"},
        {"src/server.js": PIZZA["src/server.js"] + "require(process.argv[2])\n"},
        {
            "webpack.config.js": "module.exports = {}\n",
            "package.json": PIZZA["package.json"].replace(" ./src/client", ""),
        },
    ],
    ids=["taken", "computed", "another variable", "set again", "imported", "imported by name", "no entry"],
)
def test_development_packages_stay_where_what_needs_them_may_run(change: dict[str, str]) -> None:
    assert "prune" not in _text(IN_ROOT, {**PIZZA, **change})


def test_development_packages_stay_where_the_mode_is_the_users() -> None:
    assert "prune" not in _text(IN_ROOT.replace("ENV NODE_ENV production\n", ""), PIZZA)
    assert "prune" not in _text(IN_ROOT.replace("CMD node", "CMD NODE_ENV=test node"), PIZZA)
    compose = "services:\n  web:\n    build: .\n    environment:\n      NODE_ENV: {}\n"
    assert "prune" not in _text(IN_ROOT, {**PIZZA, "docker-compose.yml": compose.format("development")})
    assert "prune" in _text(IN_ROOT, {**PIZZA, "docker-compose.yml": compose.format("production")})


def test_srv_is_a_folder_for_an_application() -> None:
    files = {
        "package.json": _manifest("express", "mocha"),
        "package-lock.json": "{}",
        "server.js": "require('express')\n",
    }
    text = _text(
        'FROM node:20\nWORKDIR /srv\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n', files
    )
    assert "/srv/node_modules ./node_modules\n" in text


def test_a_folder_that_is_kept_is_copied_once() -> None:
    files = {
        "package.json": _manifest("express", "mocha"),
        "package-lock.json": "{}",
        "server.js": "require('express')\n",
    }
    text = _text(
        'FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
        files,
        Answers(keep=("/app",)),
    )
    assert text.count("--from=builder") == 1 and "/app/ ./\n" in text


# -- the frameworks' own servers

NEXT = {
    "package.json": _manifest("next react react-dom", "eslint", build="next build", start="next start"),
    "next.config.js": "/** @type {import('next').NextConfig} */\nmodule.exports = { output: 'standalone' }\n",
    "pages/index.js": "export default () => null\n",
    "public/robots.txt": "User-agent: *\n",
}
STANDALONE = """\
FROM node:20
WORKDIR /app
COPY package*.json ./
RUN npm install
COPY . .
RUN npm run build
RUN cp -r public .next/standalone/ && cp -r .next/static .next/standalone/.next/
CMD ["node", ".next/standalone/server.js"]
"""


def _lock(production: str, dev: str = "", built: str = "") -> dict[str, str]:
    programs = {"next": "next", "@react-router/serve": "react-router-serve"}
    packages: dict[str, object] = {"": {}}
    for name in production.split():
        brings = {"bin": {programs[name]: "cli.js"}} if name in programs else {}
        packages[f"node_modules/{name}"] = {"version": "1.0.0", **brings}
    packages |= {f"node_modules/{name}": {"version": "1.0.0", "dev": True} for name in dev.split()}
    packages |= {f"node_modules/{name}": {"version": "1.0.0", "hasInstallScript": True} for name in built.split()}
    return {"package-lock.json": json.dumps({"lockfileVersion": 3, "packages": packages})}


def _runtime(text: str) -> str:
    return text[text.rindex("FROM ") :]


def test_a_standalone_server_of_next_brings_its_packages() -> None:
    text = _text(STANDALONE, {**NEXT, **_lock("next react react-dom", "eslint")})
    assert "prune" not in text
    assert "/app/.next/standalone ./.next/standalone\n" in _runtime(text)
    assert "node_modules" not in _runtime(text) and "/app/.next ./.next\n" not in _runtime(text)


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        (STANDALONE, _lock("next react react-dom pino")),
        (STANDALONE, _lock("next react react-dom mjml")),
        (
            STANDALONE,
            {**_lock("next react react-dom"), "package.json": NEXT["package.json"].replace('"react"', '"mjml"')},
        ),
        (STANDALONE, _lock("next react react-dom", built="bcrypt")),
        (STANDALONE, {}),
        (STANDALONE.replace('["node", ".next/standalone/server.js"]', '["npm", "start"]'), _lock("next react")),
        (STANDALONE.replace("CMD", "ENV NODE_PATH=/app/node_modules\nCMD"), _lock("next react")),
        (STANDALONE.replace("CMD", 'HEALTHCHECK CMD ["node", "check.js"]\nCMD'), _lock("next react")),
        (STANDALONE, {**_lock("next react"), "next.config.js": "module.exports = {}\n"}),
    ],
    ids=[
        "untraced",
        "not known",
        "not known and not locked",
        "compiled",
        "unlocked",
        "next start",
        "NODE_PATH",
        "health check",
        "not standalone",
    ],
)
def test_node_modules_stay_where_the_server_may_load_them(dockerfile: str, files: dict[str, str]) -> None:
    text = _text(dockerfile, {**NEXT, "check.js": "require('next')\n", **files})
    assert "--from=builder" not in text or "/app/node_modules" in _runtime(text) or "/app/ ./" in _runtime(text)


def test_next_start_keeps_its_configuration_and_its_packages() -> None:
    files = {**NEXT, "next.config.js": "module.exports = {}\n", **_lock("next react react-dom", "eslint")}
    text = _text(
        STANDALONE.replace(" && cp -r .next/static .next/standalone/.next/", "")
        .replace("RUN cp -r public .next/standalone/\n", "")
        .replace('["node", ".next/standalone/server.js"]', '["npm", "start"]'),
        files,
    )
    assert "RUN npm prune --omit=dev\n" in text
    for name in (".next", "public", "node_modules", "package.json", "next.config.js"):
        assert f"/app/{name} ./{name}\n" in _runtime(text)


@pytest.mark.parametrize(
    ("start", "config", "prunes"),
    [
        ('["npm", "start"]', {"next.config.ts": "export default {}\n"}, False),
        ('["npm", "start"]', {"next.config.mjs": "export default {}\n"}, True),
        ('["node", "server.js"]', {"next.config.ts": "export default {}\n"}, False),
        ('["node", "server.js"]', {"next.config.js": "module.exports = require('typescript')\n"}, False),
        ('["node", "server.js"]', {"next.config.js": "module.exports = {}\n"}, True),
    ],
)
def test_the_compiler_stays_for_a_configuration_that_it_compiles(
    start: str, config: dict[str, str], prunes: bool
) -> None:
    """``next start``, and a server around Next, load the configuration; one in TypeScript needs TypeScript."""
    files = {
        "package.json": _manifest("next react", "typescript", build="next build", start="next start"),
        "pages/index.js": "export default () => null\n",
        "server.js": "require('next')({}).prepare()\n",
        **_lock("next react", "typescript"),
        **config,
    }
    text = _text(
        f"FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD {start}\n",
        files,
    )
    assert ("npm prune" in text) is prunes


def test_nuxt_needs_its_output_alone() -> None:
    files = {
        "package.json": _manifest("nuxt vue", build="nuxt build").replace("^1.0.0", "^3.15.0"),
        "nuxt.config.ts": "export default defineNuxtConfig({})\n",
        "app.vue": "<template><p>hello</p></template>\n",
        **_lock("nuxt vue"),
    }
    text = _text(
        "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n"
        'CMD ["node", ".output/server/index.mjs"]\n',
        files,
    )
    assert "/app/.output ./.output\n" in _runtime(text)
    assert "node_modules" not in _runtime(text) and "/app/.nuxt" not in _runtime(text)


def test_sveltekit_needs_production_packages() -> None:
    files = {
        "package.json": _manifest("dayjs", "@sveltejs/kit @sveltejs/adapter-node svelte vite", build="vite build"),
        "svelte.config.js": "import node from '@sveltejs/adapter-node'\nexport default { kit: { adapter: node() } }",
        "vite.config.js": "import { sveltekit } from '@sveltejs/kit/vite'\nexport default { plugins: [sveltekit()] }",
        "src/routes/+page.server.js": "import dayjs from 'dayjs'\nexport const load = () => ({ now: dayjs() })\n",
        **_lock("dayjs", "@sveltejs/kit @sveltejs/adapter-node svelte vite"),
    }
    text = _text('FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "build"]\n', files)
    assert "RUN npm prune --omit=dev\n" in text
    assert "/app/build ./build\n" in _runtime(text) and "/app/node_modules" in _runtime(text)


SVELTE = {
    "package.json": _manifest(
        "dayjs", "@sveltejs/kit @sveltejs/adapter-auto @sveltejs/adapter-node svelte vite", build="vite build"
    ),
    "svelte.config.js": "import node from '@sveltejs/adapter-node'\nexport default { kit: { adapter: node() } }",
    "src/hooks.server.js": "import { redirect } from '@sveltejs/kit'\nimport dayjs from 'dayjs'\n",
    **_lock("dayjs", "@sveltejs/kit @sveltejs/adapter-auto @sveltejs/adapter-node svelte vite"),
}


@pytest.mark.parametrize(
    ("files", "prunes"),
    [
        ({}, True),
        ({"src/hooks.server.js": "const load = (name) => import(name)\nimport '@sveltejs/kit'\n"}, False),
        ({"server.js": "import '@sveltejs/kit'\n"}, False),
        ({"server.js": "import './src/hooks.server.js'\n"}, False),
        ({"svelte.config.js": "import auto from '@sveltejs/adapter-auto'\n"}, False),
    ],
    ids=["bundled", "imports by name", "a server of its own", "which loads a source", "another adapter"],
)
def test_the_node_adapter_bundles_the_development_packages_of_sources(files: dict[str, str], prunes: bool) -> None:
    start = "server.js" if "server.js" in files else "build"
    dockerfile = f'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "{start}"]\n'
    assert ("npm prune" in _text(dockerfile, {**SVELTE, **files})) is prunes


@pytest.mark.parametrize(
    ("files", "start", "stays"),
    [
        ({}, "build", False),
        ({}, "build/index.js", False),
        ({"src/lib/prices.js": "import { readFileSync } from 'node:fs'\n"}, "build", True),
        ({}, ".svelte-kit/output/server/index.js", True),
        ({"server.js": "import './build/handler.js'\n"}, "server.js", True),
    ],
    ids=["documented", "by its file", "opens files", "another output", "a server of its own"],
)
def test_sources_stay_behind_where_only_the_bundled_server_runs(files: dict[str, str], start: str, stays: bool) -> None:
    dockerfile = f'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "{start}"]\n'
    runtime = _runtime(_text(dockerfile, {**SVELTE, **files}))
    assert "/app/build ./build\n" in runtime
    assert ("/app/src ./src\n" in runtime) is stays and ("/app/.svelte-kit ./.svelte-kit\n" in runtime) is stays


HOOKS = SVELTE["src/hooks.server.js"]


@pytest.mark.parametrize(
    ("files", "variable", "stays"),
    [
        ({"src/hooks.server.js": HOOKS + "migrate(db, { migrationsFolder: 'src/lib/migrations' })\n"}, "", True),
        ({"src/hooks.server.js": HOOKS + "await sharp('./src/lib/logo.png').toBuffer()\n"}, "", True),
        ({"src/hooks.server.js": HOOKS + "init({ loadPath: `src/locales/${lng}.json` })\n"}, "", True),
        ({"src/hooks.server.js": HOOKS + "sharp(join('src', 'lib', 'x'))\n"}, "", True),
        ({"src/hooks.server.js": HOOKS + "sharp(find('logo.png'))\n"}, "", True),
        ({"src/hooks.server.js": HOOKS + "new Database('/app/src/shop.db')\n"}, "", True),
        ({"settings.yaml": "migrations: src/lib/migrations\n"}, "", True),
        ({}, "ENV MIGRATIONS=src/lib/migrations\n", True),
        ({"src/hooks.server.js": HOOKS + "import logo from './lib/logo.png'\n// see src/lib/x.js\n"}, "", False),
        ({"eslint.config.js": "export default [{ ignores: ['src/lib/*'] }]\n"}, "", False),
        ({"src/routes/+page.svelte": "<img src='/a.png' alt=''>\n"}, "", False),
    ],
)
def test_sources_stay_behind_unless_a_text_names_a_file_in_them(
    files: dict[str, str], variable: str, stays: bool
) -> None:
    dockerfile = f'FROM node:22\nWORKDIR /app\n{variable}COPY . .\nRUN npm ci && npm run build\nCMD ["node", "build"]\n'
    named = {"src/lib/logo.png": "x", "src/lib/migrations/0.sql": "", "src/locales/en.json": "{}"}
    runtime = _runtime(_text(dockerfile, {**SVELTE, **named, **files}))
    assert ("/app/src ./src\n" in runtime) is stays and "/app/.svelte-kit" not in runtime


def test_a_second_stage_that_would_take_everything_along_prunes_or_is_not_made() -> None:
    """Where a step's outputs cannot be listed, the whole folder is carried, its packages too."""
    files = {**SVELTE, "package.json": SVELTE["package.json"].replace('"dayjs": "^1.0.0"', "")}
    files["package.json"] = files["package.json"].replace('"scripts": {', '"scripts": {"fill": "node fill.js", ')
    files |= {"src/hooks.server.js": "import { redirect } from '@sveltejs/kit'\n", **_lock("", "@sveltejs/kit vite")}
    files |= {"fill.js": "import { cpSync } from 'node:fs'\ncpSync('static', process.argv[2])\n"}
    text = _text(
        "FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run fill\n"
        'RUN npm run build\nCMD ["node", "build"]\n',
        files,
    )
    assert "RUN npm prune --omit=dev\n" in text and "/app/ ./\n" in _runtime(text)


@pytest.mark.parametrize(("folder", "prunes"), [("app", True), ("lib", False)])
def test_the_routes_of_react_router_are_read_by_its_build(folder: str, prunes: bool) -> None:
    files = {
        "package.json": _manifest(
            "@react-router/node @react-router/serve react react-router",
            "@react-router/dev vite",
            build="react-router build",
            start="react-router-serve ./build/server/index.js",
        ),
        f"{folder}/routes.ts": "import { index } from '@react-router/dev/routes'\nexport default [index('home.tsx')]",
        "app/home.tsx": "export default () => null\n",
        **_lock("@react-router/node @react-router/serve react react-router", "@react-router/dev vite"),
    }
    text = _text('FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["npm", "start"]\n', files)
    assert ("npm prune" in text) is prunes
    assert "/app/build ./build\n" in _runtime(text)


@pytest.mark.parametrize(
    ("packages", "scripts", "folder", "files"),
    [
        ("react react-scripts", "react-scripts build", "build", {"public/index.html": "<p>", "src/index.js": ""}),
        ("vite", "vite build", "dist", {"index.html": "<p>", "src/main.js": ""}),
        (
            "@angular/core @angular/cli",
            "ng build",
            "dist/shop",
            {"angular.json": '{"projects": {"shop": {"architect": {"build": {"options": {}}}}}}', "src/main.ts": ""},
        ),
    ],
    ids=["create-react-app", "vite", "angular"],
)
def test_of_a_site_only_what_is_served_is_copied(
    packages: str, scripts: str, folder: str, files: dict[str, str]
) -> None:
    text = _text(
        "FROM node:20\nRUN npm install -g serve\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
        f'CMD ["serve", "-s", "{folder}"]\n',
        {"package.json": _manifest(packages, build=scripts), **_lock(packages), **files},
    )
    copied = [line for line in _runtime(text).splitlines() if line.startswith("COPY")]
    assert len(copied) == 1 and f"/app/{folder} ./{folder}" in copied[0]
