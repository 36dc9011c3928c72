"""What becomes of Node projects beyond plain npm: package managers, generated files, sites, and what must stay."""

from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

NEST = {
    "src/main.ts": "import { NestFactory } from '@nestjs/core';\nimport { PrismaClient } from '@prisma/client';\n",
    "prisma/schema.prisma": 'generator client {\n  provider = "prisma-client-js"\n}\n',
    "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}',
    "nest-cli.json": "{}",
}
EXPRESS = {"server.js": "require('express')().listen(3000)\n"}
NEXT = {"build": "next build", "start": "next start"}
SITE = {"src/index.tsx": "import React from 'react'\n", "public/index.html": "<div id=root></div>\n"}


def _manifest(production: str = "", dev: str = "", scripts: dict[str, str] | None = None) -> str:
    return json.dumps(
        {
            "name": "shop",
            "scripts": scripts or {},
            "dependencies": dict.fromkeys(production.split(), "^1.0.0"),
            "devDependencies": dict.fromkeys(dev.split(), "^1.0.0"),
        }
    )


def _npm_lock(production: str, dev: str = "", built: str = "") -> str:
    packages: dict[str, object] = {"": {}}
    for name in production.split():
        packages[f"node_modules/{name}"] = {"version": "1.0.0"}
    for name in dev.split():
        packages[f"node_modules/{name}"] = {"version": "1.0.0", "dev": True}
    for name in built.split():
        packages[f"node_modules/{name}"] = {"version": "1.0.0", "hasInstallScript": True}
    return json.dumps({"lockfileVersion": 3, "packages": packages})


def _yarn_lock(names: str) -> str:
    entries = [f'{name}@^1.0.0:\n  version "1.0.0"\n  resolved "https://x/{name}.tgz"\n' for name in names.split()]
    return "# yarn lockfile v1\n\n\n" + "\n".join(entries)


def _migrated(dockerfile: str, files: dict[str, str]) -> Migration:
    context = Context.of({"Dockerfile": dockerfile, ".dockerignore": "node_modules\n", **files})
    return migrate(dockerfile.encode(), path="Dockerfile", context=context)


def _text(dockerfile: str, files: dict[str, str]) -> str:
    return bytes(_migrated(dockerfile, files).after).decode()


def _codes(dockerfile: str, files: dict[str, str]) -> set[str]:
    done = _migrated(dockerfile, files)
    assert bytes(done.after).decode().lower().count("from ") == 1, bytes(done.after).decode()
    return {decline.code for decline in done.declines if decline.rule == "split-stages"}


def _runtime(text: str) -> str:
    return text[text.rindex("FROM ") :]


def test_prisma_keeps_its_client_when_development_packages_go() -> None:
    text = _text(
        "FROM node:18-alpine\nWORKDIR /app\nCOPY . /app\nRUN npm install\nRUN npx prisma generate\nRUN npx nest build\n"
        'CMD ["node", "dist/main.js"]\n',
        {**NEST, "package.json": _manifest("@nestjs/core @prisma/client", "prisma @nestjs/cli typescript")},
    )
    assert "RUN npx nest build\nRUN npm prune --omit=dev\n" in text
    assert "/app/node_modules" in _runtime(text)
    assert "/app/src" not in _runtime(text)


@pytest.mark.parametrize(
    ("install", "lock", "prune"),
    [
        ("npm ci", "package-lock.json", "npm prune --omit=dev"),
        ("npm ci --legacy-peer-deps", "package-lock.json", "npm prune --omit=dev --legacy-peer-deps"),
        ("yarn --frozen-lockfile", "yarn.lock", "yarn install --production --frozen-lockfile"),
        ("yarn install", "yarn.lock", "yarn install --production"),
        ("pnpm install --frozen-lockfile", "pnpm-lock.yaml", "pnpm prune --prod"),
    ],
)
def test_development_packages_go_by_the_hand_that_brought_them(install: str, lock: str, prune: str) -> None:
    locks = {
        "package-lock.json": _npm_lock("express", "typescript"),
        "yarn.lock": _yarn_lock("express typescript"),
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    }
    enable = "RUN npm install -g pnpm@9\n" if lock == "pnpm-lock.yaml" else ""
    text = _text(
        f"FROM node:20-alpine\n{enable}WORKDIR /app\nCOPY package.json {lock} ./\nRUN {install}\nCOPY . .\n"
        'CMD ["node", "server.js"]\n',
        {**EXPRESS, "package.json": _manifest("express", "typescript"), lock: locks[lock]},
    )
    assert f"RUN {prune}\n" in text


@pytest.mark.parametrize("install", ["bun install", "yarn"])
def test_nothing_is_pruned_where_that_is_not_examined(install: str) -> None:
    lock = {"yarn.lock": "__metadata:\n  version: 8\n"} if install == "yarn" else {"bun.lock": "{}"}
    files = {**EXPRESS, "package.json": _manifest("express", "typescript"), **lock}
    base = "node:20-alpine" if install == "yarn" else "oven/bun:1.2-alpine"
    text = _text(f'FROM {base}\nWORKDIR /app\nCOPY . .\nRUN {install}\nCMD ["node", "server.js"]\n', files)
    assert "prune" not in text and "--production" not in text


def test_a_lifecycle_script_does_not_run_again() -> None:
    files = {**EXPRESS, "package.json": _manifest("express", "husky", {"prepare": "husky"})}
    dockerfile = 'FROM node:20-alpine\nWORKDIR /app\nCOPY . .\nRUN {}\nCMD ["node", "server.js"]\n'
    assert "npm prune --omit=dev --ignore-scripts" in _text(dockerfile.format("npm install"), files)
    assert "NO_BENEFIT" in _codes(dockerfile.format("yarn install"), files)


def test_a_configuration_that_is_loaded_at_start_keeps_its_packages() -> None:
    files = {
        "package.json": _manifest(
            "next react", "@next/bundle-analyzer", {"build": "next build", "start": "next start"}
        ),
        "next.config.js": "module.exports = require('@next/bundle-analyzer')({})({})\n",
        "pages/index.js": "export default () => null\n",
    }
    dockerfile = "FROM node:20-alpine\nWORKDIR /app\nCOPY . .\nRUN npm install\nRUN npm run build\nCMD {}\n"
    assert "prune" not in _text(dockerfile.format('["npm", "start"]'), files)
    files["next.config.js"] = "module.exports = {}\n"
    assert "npm prune" in _text(dockerfile.format('["npm", "start"]'), files)


def test_a_package_that_nobody_asked_for_may_be_a_development_one() -> None:
    files = {"server.js": "require('debug')\n", "package.json": _manifest("express", "mocha")}
    dockerfile = 'FROM node:20-alpine\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["node", "server.js"]\n'
    assert "NO_BENEFIT" in _codes(dockerfile, files)


def test_of_a_site_only_what_is_served_is_carried() -> None:
    text = _text(
        "FROM node:20\nRUN npm install -g serve\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\n"
        'CMD ["serve", "-s", "build", "-l", "3000"]\n',
        {**SITE, "package.json": _manifest("react react-scripts", "", {"build": "react-scripts build"})},
    )
    assert "FROM node:${NODE_VERSION}-slim" in text
    assert "RUN npm install -g serve" in _runtime(text)
    assert "/app/build" in _runtime(text) and "node_modules" not in _runtime(text) and "src" not in _runtime(text)


@pytest.mark.parametrize(
    ("install", "split"),
    [
        ("npm install -g serve@14 pm2", True),
        ("npm install --global --registry https://npm.example.org/ pm2@^5.3.0", True),
        ("yarn global add pm2 typescript", True),
        ("npm install -g node-pty pm2 --unsafe-perm", False),
        ("yarn global add sqlite3 pm2", False),
        ("npm install -g wetty@2.5.0 pm2", False),
        ("npm i -g github:acme/runner pm2", False),
        ("npm i -g pm2@git+https://git.example.org/pm2.git", False),
        ("npm i -g pm2@npm:node-pty", False),
    ],
)
def test_a_global_install_is_repeated_only_where_it_compiles_nothing(install: str, split: bool) -> None:
    """The slim image has no compiler, no Python and no Git, and no lock file tells what such a name brings."""
    dockerfile = f'FROM node:20\nRUN {install}\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["pm2-runtime", "server.js"]\n'
    files = {**EXPRESS, "package.json": _manifest("express"), "package-lock.json": _npm_lock("express")}
    migration = _migrated(dockerfile, files)
    assert any(step.rule == "split-stages" for step in migration.steps) is split
    assert split or any(one.code == "B1" and "compiler" in one.message for one in migration.declines)


@pytest.mark.parametrize("command", ['["npx", "serve", "-s", "build"]', "serve build"])
def test_a_server_that_the_project_brings_keeps_its_packages(command: str) -> None:
    text = _text(
        f"FROM node:20-alpine\nWORKDIR /app\nCOPY . .\nRUN yarn install\nRUN yarn build\nCMD {command}\n",
        {
            **SITE,
            "package.json": _manifest("react serve react-scripts", "", {"build": "react-scripts build"}),
            "yarn.lock": _yarn_lock("react serve react-scripts"),
        },
    )
    assert "FROM" not in text or command == "serve build" or "/app/node_modules" in _runtime(text)
    assert "/app/src" not in _runtime(text)


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ('["serve", "-s", "build", "-c", "../serve.json"]', {}),
        ('["serve", "."]', {}),
        ('["serve", "build", "--ssl-cert", "cert.pem"]', {}),
        ('["serve", "-s", "build"]', {"public/serve.json": '{"public": "../other"}'}),
        ('["http-server", "-s", "build"]', {}),
    ],
)
def test_a_server_that_may_read_elsewhere_keeps_all(command: str, extra: dict[str, str]) -> None:
    text = _text(
        "FROM node:20\nRUN npm install -g serve http-server\nWORKDIR /app\nCOPY . .\n"
        f"RUN npm install && npm run build\nCMD {command}\n",
        {**SITE, **extra, "package.json": _manifest("react", "", {"build": "react-scripts build"})},
    )
    assert "FROM node:20 AS" not in text or "/app/src" in _runtime(text) or "/app/ ./" in _runtime(text)


def test_a_database_that_a_migration_makes_is_carried() -> None:
    text = _text(
        "FROM node:20-alpine\nRUN apk add --no-cache python3 make g++\nWORKDIR /app\nCOPY . .\nRUN npm install\n"
        'RUN npx prisma migrate deploy\nCMD ["node", "server.js"]\n',
        {**EXPRESS, "package.json": _manifest("express prisma")},
    )
    assert "/app/ ./" in _runtime(text) or "AS builder" not in text


def test_sources_that_are_compiled_when_they_load_are_kept() -> None:
    files = {
        "src/server.ts": "import './orders'\n",
        "src/orders.ts": "export {}\n",
        "package.json": _manifest("express tsx", "typescript", {"build": "tsc -p .", "start": "tsx src/server.ts"}),
        "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}',
    }
    text = _text("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD npm start\n", files)
    assert "AS builder" not in text or "/app/src" in _runtime(text) or "/app/ ./" in _runtime(text)


def test_a_package_manager_that_only_the_build_calls_stays_behind() -> None:
    files = {
        **EXPRESS,
        "package.json": _manifest("express", "typescript"),
        "package-lock.json": _npm_lock("express", "typescript"),
    }
    dockerfile = "FROM node:20\nRUN npm install -g pnpm@9\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD {}\n"
    assert "pnpm" not in _runtime(_text(dockerfile.format('["node", "server.js"]'), files))
    assert "pnpm@9" in _runtime(_text(dockerfile.format("pnpm exec node server.js"), files))


def test_a_program_that_bun_compiled_goes_on_to_the_slim_image() -> None:
    files = {
        "src/index.ts": "import { Elysia } from 'elysia'\nnew Elysia().listen(8080)\n",
        "package.json": _manifest("elysia", "", {"compile": "bun build --compile --outfile server src/index.ts"}),
        "bun.lockb": "binary",
    }
    text = _text(
        'FROM oven/bun:1.2\nCOPY . .\nRUN bun install --production\nRUN bun run compile\nCMD ["./server"]\n', files
    )
    assert "-slim\n" in text
    assert "/home/bun/app/server ./server" in _runtime(text)


def test_a_command_that_a_package_brings_is_found_in_its_folder() -> None:
    files = {
        "package.json": _manifest("next react", "", NEXT),
        "package-lock.json": json.dumps(
            {
                "lockfileVersion": 3,
                "packages": {
                    "": {},
                    "node_modules/react": {"version": "1.0.0"},
                    "node_modules/next": {"version": "1.0.0", "bin": {"next": "dist/bin/next"}},
                },
            }
        ),
        "pages/index.js": "export default () => null\n",
    }
    dockerfile = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD npm start\n"
    text = _text(dockerfile, files)
    assert "-slim\n" in text and "/app/.next" in _runtime(text) and "/app/node_modules" in _runtime(text)
    files["package.json"] = _manifest("next react", "", {**NEXT, "start": "frobnicate start"})
    assert "C10" in _codes(dockerfile, files)


CUSTOM = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n{}CMD {}\n"
SERVER = "const next = require('next')\n{}require('http').createServer(app.getRequestHandler()).listen(3000)\n"


@pytest.mark.parametrize(
    ("mode", "command", "made", "splits"),
    [
        ("", '["node", "server.js"]', "const app = next({dev: process.env.NODE_ENV !== 'production'})\n", False),
        ("", '["npm", "start"]', "const app = next({dev: process.env.NODE_ENV !== 'production'})\n", True),
        (
            "",
            '["node", "server.js"]',
            "const dev = process.env.NODE_ENV !== 'production'\nconst app = next({dev})\n",
            False,
        ),
        ("", '["node", "server.js"]', "const app = next({ dev: true, port: 3000 })\n", False),
        ("ENV NODE_ENV=production\n", '["node", "server.js"]', "const app = next({ dev: true })\n", False),
        ("", '["node", "server.js"]', "const app = next(options)\n", False),
        (
            "ENV NODE_ENV=production\n",
            '["node", "server.js"]',
            "const app = next({dev: process.env.NODE_ENV !== 'production'})\n",
            True,
        ),
        ("", '["node", "server.js"]', "const app = next({ dev: false })\n", True),
        ("", '["node", "server.js"]', "const app = next()\n", True),
        ("", '["node", "server.js"]', "const app = next({dev: process.env.NODE_ENV === 'development'})\n", True),
        ("", '["npm", "run", "serve"]', "const app = next({ dev: true })\n", True),
    ],
)
def test_a_server_that_compiles_pages_when_they_are_asked_for_is_one_for_development(
    mode: str, command: str, made: str, splits: bool
) -> None:
    scripts = {"build": "next build", "start": "NODE_ENV=production node server.js", "serve": "next start"}
    files = {
        "package.json": _manifest("next react", "tailwindcss postcss", scripts),
        "package-lock.json": _npm_lock("next react", "tailwindcss postcss"),
        "server.js": SERVER.format(made),
        "pages/index.js": "export default () => null\n",
        "postcss.config.js": "module.exports = { plugins: { tailwindcss: {} } }\n",
    }
    dockerfile = CUSTOM.format(mode, command)
    if splits:
        assert "C2" not in {decline.code for decline in _migrated(dockerfile, files).declines}
    else:
        assert _codes(dockerfile, files) == {"C2"}


@pytest.mark.parametrize(
    ("package", "installed"),
    [("python-shell", "python3"), ("pythonia", "python3"), ("systeminformation", "procps"), ("pem", "openssl")],
)
def test_programs_of_the_full_image_that_packages_start_are_installed(package: str, installed: str) -> None:
    runtime = _runtime(_text(CUSTOM.format("", '["node", "dist/index.js"]'), _with_package(package)))
    assert "-slim" in runtime.splitlines()[0] and f" {installed} " in runtime, runtime


def test_a_package_that_starts_a_program_of_unknown_origin_keeps_the_full_image() -> None:
    text = _text(CUSTOM.format("", '["node", "dist/index.js"]'), _with_package("python-bridge"))
    assert "slim" not in text


def _with_package(package: str) -> dict[str, str]:
    return {
        "package.json": _manifest(package, "typescript", {"build": "tsc"}),
        "package-lock.json": _npm_lock(package, "typescript"),
        "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}',
        "src/index.ts": f"import x from '{package}'\nx()\n",
    }
