"""Hazards of group F. Manifests first: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import FIRST, GO, JAVA, NODE, SPLIT, Hazard, check, go, java, node

_SCRIPTED = {
    **NODE,
    "package.json": '{"name": "a", "scripts": {"postinstall": "node setup.js"}, "dependencies": {"express": "4.0.0"}}',
    "setup.js": "",
}
CASES = (
    Hazard("F1", "a postinstall that reads the source", node(), _SCRIPTED, left=(FIRST,), says=("F1",)),
    Hazard(
        "F2",
        "a workspace",
        node(),
        {
            **NODE,
            "package.json": '{"name": "a", "workspaces": ["packages/*"]}',
            "packages/b/package.json": '{"name": "b"}',
        },
        left=(FIRST,),
        says=("F1",),
    ),
    Hazard(
        "F3",
        "a module in a folder of the project",
        go(),
        {
            **GO,
            "go.mod": GO["go.mod"] + "\nrequire example.com/b v1.0.0\n\nreplace example.com/b => ./b\n",
            "go.sum": "",
            "b/b.go": "package b\n",
        },
        left=(FIRST,),
        says=("F3",),
    ),
    Hazard(
        "F4",
        "a further file of the install",
        node(),
        {**NODE, ".npmrc": "registry=https://example.com/\n"},
        done=(FIRST,),
        has=(r"^COPY (--\S+ )*\.npmrc package", r"^RUN npm install$"),
    ),
    Hazard(
        "F5",
        "Composer's scripts",
        'FROM composer:2\nWORKDIR /app\nCOPY . .\nRUN composer install\nCMD ["php", "a.php"]\n',
        {
            "composer.json": '{"scripts": {"post-autoload-dump": "php artisan x"}, "require": {"slim/slim": "4.0.0"}}',
            "a.php": "",
        },
        left=(FIRST,),
        says=("F1",),
    ),
    Hazard(
        "F6", "an install that the source would overwrite", node(), NODE, left=(FIRST,), says=("A12",), ignored="dist\n"
    ),
    Hazard(
        "F7",
        "an install and a build in one RUN",
        node().replace("RUN npm install", "RUN npm install && npm run build"),
        {**NODE, "package.json": '{"name": "a", "scripts": {"build": "node b.js"}}', "b.js": ""},
        left=(FIRST,),
        says=("F7",),
    ),
    Hazard(
        "F8",
        "only files that are there",
        node(),
        {"package.json": NODE["package.json"], "server.js": ""},
        done=(FIRST,),
        has=(r"^COPY (--\S+ )*package\.json \./$",),
    ),
    Hazard(
        "F9",
        "the install command as it is",
        node(),
        {"package.json": NODE["package.json"], "server.js": ""},
        done=(FIRST,),
        has=(r"^RUN npm install$",),
    ),
    Hazard(
        "F10",
        "a variable that the install sees",
        node().replace("RUN npm", "ENV NPM_CONFIG_REGISTRY=https://example.com/\nRUN npm"),
        NODE,
        has=(r"^ENV NPM_CONFIG_REGISTRY=", r"^RUN npm install$"),
    ),
    Hazard("F11", "no download that may be incomplete", java(), JAVA, lacks=(r"go-offline",), left=(FIRST,)),
    Hazard(
        "F12",
        "another folder than the context",
        node().replace("COPY . .", "COPY api/ ./"),
        NODE,
        says=("F12",),
        left=(SPLIT,),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
