"""The repository's own folder, which a checkout without .dockerignore copies into the image."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

DOCKERFILE = b'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/a.js"]\n'
PROJECT = {
    "package.json": '{"scripts": {"build": "tsc"}, "devDependencies": {"typescript": "5"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}}}',
    "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}',
}


@pytest.mark.parametrize(
    ("source", "carried"),
    [
        ("console.log(1)", False),
        ("import fs from 'fs'; fs.readFileSync('.git/HEAD')", True),
        ("import fs from 'fs'; fs.readFileSync('./.git/HEAD')", True),
        ("import { execSync } from 'child_process'; execSync('git describe')", True),
    ],
)
def test_the_folder_of_git_is_carried_only_where_it_may_be_read(source: str, carried: bool) -> None:
    files = {**PROJECT, "Dockerfile": DOCKERFILE.decode(), "a.ts": source}
    context = replace(Context.of(files), unlisted=frozenset({".git"}))
    after = bytes(migrate(DOCKERFILE, path="Dockerfile", context=context).after)
    assert after.count(b"\nFROM ") == 2
    assert (b"/.git " in after or b" /app/ " in after) is carried
