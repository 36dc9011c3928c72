"""Commands that pipelines run in the containers of compose services."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfmigrate.context import Context, read_context
from dfmigrate.context.pipeline_runs import pipeline_runs

COMPOSE = "services:\n  db:\n    image: postgres\n  app:\n    build: .\n"
WORKFLOW = "jobs:\n  test:\n    env:\n      RUN: docker-compose -f compose.yml run app\n    steps:\n    - run: {}\n"


def found(line: str, path: str = ".github/workflows/ci.yml") -> list[tuple[object, object, bool]]:
    files = {"Dockerfile": "FROM node:20\n", "compose.yml": COMPOSE, path: WORKFLOW.format(line)}
    return [(one.command, one.entrypoint, one.unknown is None) for one in pipeline_runs(Context.of(files))]


@pytest.mark.parametrize(
    "line",
    [
        "docker compose run app npm test",
        "docker-compose -f compose.yml --env-file .env run --rm -T -e CI=1 app npm test",
        '"${RUN} npm test"',
        "docker compose build && docker compose run app npm test | tee log",
    ],
)
def test_what_run_starts(line: str) -> None:
    assert found(line) == [(("npm", "test"), None, True)]


def test_exec_leaves_the_entry_point_out() -> None:
    assert found("docker compose exec -T app npm test") == [(None, ("npm", "test"), True)]


@pytest.mark.parametrize(
    "line",
    [
        "docker compose up -d",
        "docker compose run app",
        "docker compose run db psql",
        "docker compose build app",
        "npm run app test",
    ],
)
def test_what_is_no_command_in_this_image(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(
    "line",
    ["docker compose run app $COMMAND", "docker compose run --entrypoint sh app -c ls", "docker compose run app 'x"],
)
def test_what_cannot_be_read(line: str) -> None:
    assert found(line) == [(None, None, False)]


def test_other_files_are_no_pipelines() -> None:
    assert found("docker compose run app npm test", "README.md") == []
    assert found("docker compose run app npm test", ".gitlab-ci.yml") != []


def test_one_above_the_context_is_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/ci.yml").write_text(WORKFLOW.format("docker compose run app npm test"))
    (tmp_path / "compose.yml").write_text(COMPOSE.replace("build: .", "build: web"))
    (tmp_path / "web").mkdir()
    (tmp_path / "web/Dockerfile").write_text("FROM node:20\n")
    context = read_context(tmp_path / "web", tmp_path / "web/Dockerfile")
    assert [one.path for one in pipeline_runs(context)] == ["../.github/workflows/ci.yml"]
