"""Hazards of group C. Tools and development dependencies at run time: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import GO, JAVA, NODE, SPLIT, TYPESCRIPT, Hazard, check, go, java, node, typescript

_DEV = (
    TYPESCRIPT["package.json"]
    .replace('"node dist/index.js"', '"ts-node src/index.ts"')
    .replace('"typescript": "5.0.0"}}', '"typescript": "5.0.0", "ts-node": "10.0.0"}}')
)
_SERVICE = "services:\n  web:\n    build: .\n    {}\n"
CASES = (
    Hazard(
        "C1",
        "a start script with a development dependency",
        typescript(command='CMD ["npm", "start"]'),
        {**TYPESCRIPT, "package.json": _DEV},
        lacks=(r"npm prune",),
    ),
    Hazard(
        "C2",
        "a development server",
        node(command='CMD ["npx", "nodemon", "server.js"]'),
        NODE,
        left=(SPLIT,),
        says=("C2",),
    ),
    *(
        Hazard(
            "C1",
            f"modules that {path} preloads: {text!r}",
            typescript(command='CMD ["node", "dist/index.js"]'),
            {**TYPESCRIPT, path: text},
            done=(SPLIT,),
            lacks=(r"npm prune",),
            warns=(r"NODE_OPTIONS may preload a module",),
        )
        for path, text in (
            ("compose.yaml", _SERVICE.format("environment:\n      NODE_OPTIONS: -r dotenv/config")),
            ("compose.yaml", _SERVICE.format("environment:\n      - NODE_OPTIONS=-r dotenv/config")),
            ("compose.yaml", _SERVICE.format("env_file: .env")),
            ("fly.toml", '[env]\nNODE_OPTIONS = "--require dotenv/config"\n'),
            (
                "render.yaml",
                "services:\n- type: web\n  runtime: docker\n  envVars:\n  - key: NODE_OPTIONS\n"
                "    value: -r dotenv/config\n",
            ),
            ("app.json", '{"env": {"NODE_OPTIONS": "-r dotenv/config"}}'),
        )
    ),
    *(
        Hazard(
            "C1",
            f"no preloaded module: {path}",
            typescript(),
            {**TYPESCRIPT, path: text},
            done=(SPLIT,),
            has=(r"npm prune",),
        )
        for path, text in (
            ("compose.yaml", _SERVICE.format("environment:\n      NODE_OPTIONS: --max-old-space-size=512")),
            ("fly.toml", '[env]\nPORT = "80"\n'),
        )
    ),
    Hazard("C3", "compiled at start", go(command='CMD ["go", "run", "."]'), GO, left=(SPLIT,), says=("C3",)),
    Hazard(
        "C4",
        "migrations at start",
        typescript(command='CMD ["sh", "-c", "npx knex migrate:latest && node dist/index.js"]'),
        {**TYPESCRIPT, "migrations/1.js": "", "knexfile.js": ""},
        lacks=(r"npm prune",),
    ),
    Hazard(
        "C5",
        "a lifecycle script that pruning would run again",
        typescript(),
        {
            **TYPESCRIPT,
            "package.json": TYPESCRIPT["package.json"].replace(
                '"build": "tsc"', '"build": "tsc", "prepare": "husky install"'
            ),
        },
        lacks=(r"npm prune",),
        has=(r"^RUN npm ci$",),
    ),
    Hazard(
        "C6",
        "NODE_ENV ahead of the install",
        typescript(middle="ENV NODE_ENV=production\n"),
        TYPESCRIPT,
        lacks=(r"npm prune",),
    ),
    Hazard(
        "C7",
        "a source that imports a development dependency",
        typescript(),
        {**TYPESCRIPT, "src/index.ts": "import ts from 'typescript';\nts.version;\n"},
        lacks=(r"npm prune",),
    ),
    Hazard(
        "C8",
        "the health check's curl",
        typescript(after="HEALTHCHECK CMD curl -f http://localhost:3000/\n"),
        TYPESCRIPT,
        has=(r"\bcurl\b",),
        lacks=(r"^RUN npm",),
    ),
    Hazard(
        "C9",
        "a shell form",
        go(command="CMD ./server"),
        GO,
        done=(SPLIT,),
        lacks=(r"^FROM (scratch|gcr\.io/distroless)",),
    ),
    Hazard(
        "C10",
        "git called by a source",
        typescript(),
        {**TYPESCRIPT, "src/index.ts": "import {exec} from 'child_process';\nexec('git log');\n"},
        has=(r"install .*\bgit\b",),
    ),
    Hazard(
        "C11",
        "the library that LD_PRELOAD names",
        "FROM ruby:3.2\nENV LD_PRELOAD=libjemalloc.so.2\nRUN apt-get update && apt-get inst"
        "all -y libjemalloc2\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install"
        '\nCOPY . .\nCMD ["ruby", "app.rb"]\n',
        {
            "Gemfile": "source 'https://gems.example.com'\ngem 'sinatra'\n",
            "Gemfile.lock": "GEM\n  remote: https://gems.example.com/\n  specs:\n    sinatra (4.0.0)\n\nDEPENDENCIES\n "
            " sinatra\n",
            "app.rb": "",
        },
        has=(r"LD_PRELOAD=libjemalloc\.so\.2", r"libjemalloc2"),
    ),
    Hazard(
        "C12",
        "an extension of PHP",
        "FROM php:8.2-apache\nRUN apt-get update && apt-get install -y libpng-dev git\nRUN "
        "docker-php-ext-install gd\nCOPY . /var/www/html\n",
        {"index.php": "<?php echo 1;\n"},
        has=(r"docker-php-ext-install gd",),
        lacks=(r"^FROM debian",),
    ),
    Hazard(
        "C13",
        "a compose file that starts a tool",
        typescript(),
        {**TYPESCRIPT, "docker-compose.yml": "services:\n  web:\n    build: .\n    command: npx tsc --watch\n"},
        left=(SPLIT,),
        says=("C13",),
    ),
    Hazard(
        "C14",
        "tests in the build",
        typescript(after="RUN npm test\n"),
        {
            **TYPESCRIPT,
            "package.json": TYPESCRIPT["package.json"].replace(
                '"build": "tsc"', '"build": "tsc", "test": "node test.js"'
            ),
            "test.js": "",
        },
        has=(r"^RUN npm test$",),
    ),
    Hazard(
        "C15",
        "certificates for a program that speaks TLS",
        go(),
        {**GO, "main.go": 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n'},
        done=(SPLIT,),
        has=(r"^COPY --from=builder /etc/ssl/certs/ca-certificates\.crt ",),
    ),
    Hazard(
        "C16",
        "a time zone",
        go(before="ENV TZ=Europe/Berlin\n", base="golang:1.22-alpine"),
        GO,
        done=(SPLIT,),
        has=(r"^FROM alpine", r"\btzdata\b"),
    ),
    *(
        Hazard(
            "C16",
            "a time zone from outside",
            go(base="golang:1.22-alpine"),
            {**GO, path: text},
            done=(SPLIT,),
            has=(r"\btzdata\b",),
        )
        for path, text in (
            ("compose.yaml", _SERVICE.format("environment:\n      - TZ=Europe/Berlin")),
            ("fly.toml", '[env]\nTZ = "Europe/Berlin"\n'),
        )
    ),
    Hazard(
        "C17",
        "the locale of the old base",
        java(base="maven:3.8-openjdk-11"),
        JAVA,
        has=(r"^FROM eclipse-temurin", r"LANG=C\.UTF-8"),
    ),
    Hazard("C18", "nothing of what an empty image lacks", go(), GO, lacks=(r"^FROM scratch",), done=(SPLIT,)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
