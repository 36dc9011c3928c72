"""Images that something outside of the Dockerfile starts: the runtime serves every such command, or stays one stage."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

SPLIT = "split-stages"
PYTHON = "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n"
SITE = {"requirements.txt": "flask==3.0.3\ngunicorn==22.0.0\n", "app.py": "import flask\n"}
COMPOSE = "services:\n  web:\n    build: .\n    command: {}\n"
WEB = COMPOSE.format("gunicorn app:app -b 0.0.0.0:8000")
HEROKU = "build:\n  docker:\n    web: Dockerfile\nrelease:\n  image: web\n  command:\n    - python app.py migrate\n"
NODE = (
    "FROM node:20-alpine\nRUN apk add --no-cache python3 make g++\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n"
    "COPY . .\n"
)
GO = "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server .\n"
SERVER = {
    "go.mod": "module example.com/server\n\ngo 1.22\n",
    "main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("up") }\n',
}


def _npm(**scripts: str) -> dict[str, str]:
    """A server whose development dependencies hold a program that may be called by name."""
    manifest = {
        "name": "a",
        "scripts": scripts,
        "dependencies": {"express": "4.19.2"},
        "devDependencies": {"knex": "3"},
    }
    packages = {
        "": manifest,
        "node_modules/express": {"version": "4.19.2"},
        "node_modules/knex": {"version": "3.1.0", "dev": True, "bin": {"knex": "bin/cli.js"}},
    }
    return {
        "package.json": json.dumps(manifest),
        "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": packages}),
        "server.js": "require('express')().listen(process.env.PORT);\n",
    }


POETRY = (
    "FROM python:3.12\nRUN pip install poetry==1.8.2\nRUN poetry config virtualenvs.create false\nWORKDIR /app\n"
    "COPY . .\nRUN poetry run pip install -U pip\nRUN poetry install --no-interaction\nRUN poetry run pip install {}\n"
)
PROJECT = {
    "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.9"\n'
    'flask = "3.0.3"\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
    "shop/__init__.py": "import flask\n",
    "heroku.yml": HEROKU.replace("python app.py", "poetry run flask --app shop")
    + "run:\n  web: poetry run gunicorn shop:app --bind 0.0.0.0:$PORT\n",
}


@dataclass(frozen=True)
class Elsewhere:
    """A project and what comes of it: patterns of the runtime in this order, or the code of the decline."""

    name: str
    dockerfile: str
    files: dict[str, str]
    runtime: tuple[str, ...] = ()
    lacks: tuple[str, ...] = (r"^(CMD|ENTRYPOINT)",)
    declines: str = ""
    dockerfile_name: str = "Dockerfile"


def _migrated(case: Elsewhere) -> Migration:
    files = {case.dockerfile_name: case.dockerfile, ".dockerignore": "node_modules\n", **case.files}
    context = Context.of(files, dockerfile=case.dockerfile_name)
    return migrate(case.dockerfile.encode(), path=case.dockerfile_name, context=context)


POD = (
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: acme/site\n"
    "      {}\n"
)

SPLITS = [
    Elsewhere(
        "a container of a manifest",
        PYTHON,
        {**SITE, "k8s/web.yaml": POD.format('command: ["gunicorn", "app:app"]')},
        (r"^FROM python:.*-slim$", r"/opt/venv"),
    ),
    Elsewhere(
        "a probe of a manifest",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {**SITE, "k8s/web.yaml": POD.format("livenessProbe:\n        exec:\n          command: [curl, localhost]")},
        (r"^FROM python:.*-slim$", r"\bcurl\b"),
        lacks=(),
    ),
    Elsewhere(
        "a script that only a manifest names",
        GO + 'CMD ["/server"]\n',
        {**SERVER, "wait.sh": "#!/bin/sh\nexec /server\n", "k8s/web.yaml": POD.format('command: ["/src/wait.sh"]')},
        (r"^FROM debian:", r"/src/wait\.sh"),
        lacks=(),
    ),
    Elsewhere(
        "a hook of a compose service",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {**SITE, "compose.yaml": "services:\n  web:\n    build: .\n    post_start:\n      - command: curl localhost\n"},
        (r"^FROM python:.*-slim$", r"\bcurl\b"),
        lacks=(),
    ),
    Elsewhere(
        "railway.json",
        PYTHON,
        {**SITE, "railway.json": '{"deploy": {"startCommand": "gunicorn app:app"}}'},
        (r"^FROM python:.*-slim$",),
    ),
    Elsewhere("a compose service", PYTHON, {**SITE, "compose.yaml": WEB}, (r"^FROM python:.*-slim$", r"/opt/venv")),
    Elsewhere(
        "heroku.yml, with a release phase",
        PYTHON,
        {**SITE, "heroku.yml": HEROKU + "run:\n  web: gunicorn app:app -b 0.0.0.0:$PORT\n"},
        (r"^FROM python:.*-slim$",),
    ),
    Elsewhere("a Procfile", PYTHON, {**SITE, "Procfile": "web: gunicorn app:app\n"}, (r"^FROM python:.*-slim$",)),
    Elsewhere(
        "a Procfile that is not sent",
        PYTHON,
        {**SITE, "Procfile": "web: gunicorn app:app\n", ".dockerignore": "Procfile\n"},
        (r"^FROM python:.*-slim$",),
    ),
    Elsewhere(
        "fly.toml",
        PYTHON,
        {**SITE, "fly.toml": '[processes]\nweb = "gunicorn app:app"\n[deploy]\nrelease_command = "python app.py"\n'},
        (r"^FROM python:.*-slim$",),
    ),
    Elsewhere(
        "render.yaml",
        PYTHON,
        {**SITE, "render.yaml": "services:\n  - type: web\n    runtime: docker\n    dockerCommand: gunicorn app:app\n"},
        (r"^FROM python:.*-slim$",),
    ),
    Elsewhere(
        "services that share their build by an anchor",
        PYTHON,
        {
            **SITE,
            "compose.yaml": "x-app: &app\n  build: .\n  restart: always\nservices:\n  web:\n    <<: *app\n"
            "    command: gunicorn app:app\n  worker:\n    <<: *app\n    command: python app.py\n",
        },
        (r"^FROM python:.*-slim$",),
    ),
    Elsewhere(
        "CMD beside a compose command that the runtime has too",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {**SITE, "compose.yaml": COMPOSE.format("python app.py worker")},
        (r"^FROM python:.*-slim$", r"^CMD"),
        lacks=(),
    ),
    Elsewhere(
        "CMD in its own working directory",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {**SITE, "compose.yaml": "services:\n  web:\n    build: .\n    working_dir: /app\n"},
        (r"^FROM python:.*-slim$", r"^CMD"),
        lacks=(),
    ),
    Elsewhere(
        "CMD beside a development service of another Dockerfile",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {
            **SITE,
            "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      dockerfile: Dockerfile.dev\n"
            "    command: make watch\n",
        },
        (r"^FROM python:.*-slim$", r"^CMD"),
        lacks=(),
    ),
    Elsewhere(
        "CMD beside a Procfile, which is for images without one",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {**SITE, "Procfile": "web: bin/unknown\n"},
        (r"^FROM python:.*-slim$", r"^CMD"),
        lacks=(),
    ),
    Elsewhere(
        "production dependencies are enough for what is started",
        NODE,
        {**_npm(), "Procfile": "web: node server.js\n"},
        (r"^FROM node:.*-alpine", r"^COPY --from=builder .*/app/node_modules"),
        lacks=(r"^CMD", r"apk add.*python3"),
    ),
    Elsewhere(
        "Poetry finds at start the environment into which its own pip installs too",
        POETRY.format("gunicorn"),
        PROJECT,
        (r"^FROM python:.*-slim$", r"^ENV VIRTUAL_ENV=/opt/venv PATH=", r"^COPY --from=builder /opt/venv /opt/venv$"),
    ),
    Elsewhere(
        "a worker needs a program that the slim image lacks",
        PYTHON,
        {**SITE, "Procfile": "web: gunicorn app:app\nworker: git daemon\n"},
        (r"^FROM python:.*-slim$", r"apt-get install .* git "),
    ),
    Elsewhere(
        "a script of package.json",
        NODE + 'CMD ["node", "server.js"]\n',
        {**_npm(worker="node server.js worker"), "compose.yaml": COMPOSE.format("npm run worker")},
        (r"^FROM node:.*-alpine", r"^COPY --from=builder .*/app/node_modules", r"^CMD"),
        lacks=(r"apk add.*python3",),
    ),
    Elsewhere(
        "a shell starts the program, so an image without one will not do",
        GO + 'CMD ["/server"]\n',
        {**SERVER, "compose.yaml": COMPOSE.format("sh -c 'exec /server'")},
        (r"^FROM debian:bookworm-slim", r"^CMD"),
        lacks=(r"distroless",),
    ),
]

DECLINES = [
    Elsewhere("nothing starts it", PYTHON, SITE, declines="E17"),
    Elsewhere(
        "a compose service without a command",
        PYTHON,
        {**SITE, "compose.yaml": "services:\n  a:\n    build: .\n"},
        declines="E17",
    ),
    Elsewhere(
        "a Procfile beside a Dockerfile of another name",
        PYTHON,
        {**SITE, "Procfile": "web: gunicorn app:app\n"},
        declines="E17",
        dockerfile_name="Dockerfile.dev",
    ),
    Elsewhere(
        "heroku.yml builds another Dockerfile",
        PYTHON,
        {**SITE, "heroku.yml": "build:\n  docker:\n    web: web.Dockerfile\nrun:\n  web: gunicorn app:app\n"},
        declines="E17",
    ),
    Elsewhere(
        "fly.toml starts an image that is built elsewhere",
        PYTHON,
        {**SITE, "fly.toml": '[build]\nimage = "acme/site"\n[processes]\nweb = "gunicorn app:app"\n'},
        declines="E17",
    ),
    Elsewhere(
        "only a development server",
        PYTHON,
        {**SITE, "compose.yaml": COMPOSE.format("gunicorn --reload app:app")},
        declines="C2",
    ),
    Elsewhere(
        "the compiler is called when the container starts",
        GO,
        {**SERVER, "compose.yaml": COMPOSE.format('bash -c "ls && make all && ./server"')},
        declines="C3",
    ),
    Elsewhere(
        "packages are installed anew at each start",
        PYTHON,
        {**SITE, "compose.yaml": COMPOSE.format('sh -c "pip install -r requirements.txt && gunicorn app:app"')},
        declines="C3",
    ),
    Elsewhere(
        "a script of package.json that restarts the server",
        NODE + 'CMD ["node", "server.js"]\n',
        {**_npm(dev="nodemon server.js"), "compose.yaml": COMPOSE.format("npm run dev")},
        declines="C13",
    ),
    Elsewhere(
        "a script of package.json that compiles",
        NODE + 'CMD ["node", "server.js"]\n',
        {**_npm(up="tsc && node server.js"), "compose.yaml": COMPOSE.format("npm run up")},
        declines="C13",
    ),
    Elsewhere(
        "a service that runs the tests",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {**SITE, "compose.yaml": COMPOSE.format("python -m pytest")},
        declines="C13",
    ),
    Elsewhere(
        "one service of several compiles",
        PYTHON,
        {**SITE, "Procfile": "web: gunicorn app:app\n", "compose.yaml": COMPOSE.format("make watch")},
        declines="C13",
    ),
    Elsewhere(
        "a development override",
        PYTHON,
        {
            **SITE,
            "docker-compose.yml": WEB,
            "docker-compose.override.yml": "services:\n  web:\n    command: gunicorn --reload app:app\n",
        },
        declines="C13",
    ),
    Elsewhere(
        "a second service that uses the image by its name",
        PYTHON,
        {
            **SITE,
            "compose.yaml": "services:\n  web:\n    build: .\n    image: shop\n    command: gunicorn app:app\n"
            "  worker:\n    image: shop\n    command: make work\n",
        },
        declines="C13",
    ),
    Elsewhere(
        "a command from a variable", PYTHON, {**SITE, "compose.yaml": COMPOSE.format("$COMMAND")}, declines="C13"
    ),
    Elsewhere(
        "another working directory",
        PYTHON,
        {**SITE, "compose.yaml": WEB + "    working_dir: /app/sub\n"},
        declines="C13",
    ),
    Elsewhere(
        "CMD in another working directory",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {**SITE, "compose.yaml": "services:\n  web:\n    build: .\n    working_dir: /app/sub\n"},
        declines="C13",
    ),
    Elsewhere(
        "a worker needs a program that nobody knows",
        GO,
        {**SERVER, "Procfile": "web: /server\nworker: frobnicate all\n"},
        declines="C10",
    ),
    Elsewhere(
        "the release phase runs a script that is not in the image",
        PYTHON,
        {**SITE, "Procfile": "web: gunicorn app:app\nrelease: ./release.sh\n", ".dockerignore": "*.sh\n"},
        declines="A1",
    ),
    Elsewhere(
        "a file that no instruction puts there",
        PYTHON,
        {**SITE, "compose.yaml": COMPOSE.format("python host_only.py")},
        declines="C13",
    ),
    Elsewhere(
        "the file of a platform cannot be read",
        PYTHON + 'CMD ["gunicorn", "app:app"]\n',
        {**SITE, "fly.toml": "[processes\n"},
        declines="C13",
    ),
]


def test_every_name_is_its_own() -> None:
    names = [case.name for case in (*SPLITS, *DECLINES)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", SPLITS, ids=lambda case: str(case.name))
def test_it_is_split(case: Elsewhere) -> None:
    migration = _migrated(case)
    assert SPLIT in {step.rule for step in migration.steps}, migration.declines
    after = bytes(migration.after).decode()
    runtime = after[after.rindex("FROM ") :]
    position = 0
    for pattern in case.runtime:
        found = re.compile(pattern, re.MULTILINE).search(runtime, position)
        assert found is not None, f"{pattern}\n{after}"
        position = found.end()
    for pattern in case.lacks:
        assert re.search(pattern, runtime, re.MULTILINE) is None, after


@pytest.mark.parametrize("case", DECLINES, ids=lambda case: str(case.name))
def test_it_stays_one_stage(case: Elsewhere) -> None:
    migration = _migrated(case)
    assert SPLIT not in {step.rule for step in migration.steps}, bytes(migration.after).decode()
    assert case.declines in {decline.code for decline in migration.declines if decline.rule == SPLIT}


def test_development_dependencies_stay_where_a_release_calls_one() -> None:
    plain = _migrated(Elsewhere("", NODE, {**_npm(), "Procfile": "web: node server.js\n"}))
    calls = _migrated(Elsewhere("", NODE, {**_npm(), "Procfile": "web: node server.js\nrelease: npx knex migrate\n"}))
    assert b"npm prune" in bytes(plain.after)
    assert b"npm prune" not in bytes(calls.after)


MODE = (
    "FROM node:20-alpine\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nENV NODE_ENV=production\n"
    'CMD ["node", "server.js"]\n'
)
BY_MODE = {
    "server.js": "if (process.env.NODE_ENV !== 'production') {\n  require('knex')\n}\n"
    "require('express')().listen(process.env.PORT)\n"
}


@pytest.mark.parametrize(
    ("service", "pruned"),
    [
        ("", True),
        ("    environment:\n      - NODE_ENV=production\n", True),
        ("    environment:\n      - NODE_ENV=development\n", False),
        ("    environment:\n      NODE_ENV: test\n", False),
        ("    environment:\n      - NODE_ENV\n", False),
        ("    env_file: .env\n", False),
    ],
)
def test_a_service_may_start_it_in_another_mode(service: str, pruned: bool) -> None:
    files = {**_npm(), **BY_MODE, "compose.yaml": f"services:\n  web:\n    build: .\n{service}"}
    assert (b"npm prune" in bytes(_migrated(Elsewhere("", MODE, files)).after)) is pruned


@pytest.mark.parametrize("command", ["((" * 5_000, "$(" * 3_000, "a" * 100_000, "'", "\\", "&& ||", "cd /x &&", "\x00"])
def test_no_command_is_too_strange(command: str) -> None:
    files = {**SITE, "Procfile": f"web: {command}\nworker: python app.py\n"}
    assert _migrated(Elsewhere("", PYTHON, files)).error is None
