"""What is told beside the patch, where nothing in the patch shows it."""

from __future__ import annotations

from dataclasses import replace

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.settings import DEFAULTS, Answers, Settings

NODE = b'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n'
PACKAGE = '{"name": "shop", "version": "1.0.0", "devDependencies": {"tsx": "4.19.2"}}'
LOCK = """{"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": {
 "": {"name": "shop", "version": "1.0.0", "devDependencies": {"tsx": "4.19.2"}},
 "node_modules/tsx": {"version": "4.19.2", "dev": true, "bin": {"tsx": "dist/cli.mjs"}}}}"""


def test_development_dependencies_that_stay() -> None:
    files = {"package.json": PACKAGE, "package-lock.json": LOCK, "server.js": "require(process.argv[2])\n"}
    done = migrate(NODE, path="Dockerfile", context=Context.of(files))
    assert b"AS builder" in bytes(done.after)
    assert b"prune" not in bytes(done.after)
    said = [warning for step in done.steps for warning in step.warnings]
    assert any(warning.startswith("development dependencies stay in the runtime: ") for warning in said)


def test_what_cannot_be_accepted() -> None:
    text = b'FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN ./setup.sh\nCMD ["python", "app.py"]\n'
    files = {"setup.sh": "#!/bin/sh\nfetch-all\n", "app.py": "print(1)\n"}
    settings = replace(DEFAULTS, answers=Answers(accept=frozenset({"A2"})))
    assert isinstance(settings, Settings)
    done = migrate(text, path="Dockerfile", context=Context.of(files), settings=settings)
    (why,) = [decline for decline in done.declines if decline.code == "A2"]
    assert why.message.endswith("(accepting A2 does not lift this)")
    assert "verify --learn" in why.hint
