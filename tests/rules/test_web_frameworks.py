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
    "src/server.js": "const app = require('express')()\napp.use(require('./bundle'))\napp.listen(80)\n",
    "src/bundle.js": "if (process.env.NODE_ENV === 'production') {\n  module.exports = (req, res) => res.end('{')\n"
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
        {"src/bundle.js": PIZZA["src/bundle.js"].replace("===", "!==")},
        {"src/bundle.js": PIZZA["src/bundle.js"].replace("'production'", "mode")},
        {"src/bundle.js": PIZZA["src/bundle.js"].replace("process.env.NODE_ENV ===", "process.env.MODE ===")},
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
