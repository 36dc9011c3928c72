from __future__ import annotations

from pathlib import Path

import pytest

from dfmigrate.context import read_context
from dfmigrate.fleet.compose_hint import other_context

SERVICE = "services:\n  web:\n    build:\n      context: {context}\n      dockerfile: {dockerfile}\n"


def said(folder: Path, dockerfile: str, context: str) -> str | None:
    return other_context(read_context(folder / context, folder / dockerfile), folder / context, folder / dockerfile)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / "Dockerfile").write_text("FROM a\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_another_context_is_told(project: Path) -> None:
    (project / "compose.yaml").write_text(SERVICE.format(context=".", dockerfile="docker/Dockerfile"))
    assert said(project, "docker/Dockerfile", "docker") == (
        "../compose.yaml builds it with the context .: if that is the way it is built, give --context ."
    )


def test_the_context_that_was_read_is_fine(project: Path) -> None:
    (project / "compose.yaml").write_text(SERVICE.format(context=".", dockerfile="docker/Dockerfile"))
    assert said(project, "docker/Dockerfile", ".") is None


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  web:\n    build: ./docker\n",
        "services:\n  web:\n    build: .\n",
        SERVICE.format(context="${ROOT}", dockerfile="docker/Dockerfile"),
        SERVICE.format(context=".", dockerfile="other/Dockerfile"),
        "services:\n  web:\n    image: a\n",
        "services: [\n",
        "\tnot yaml",
        "- a\n",
        "",
    ],
)
def test_nothing_else_is_told(project: Path, text: str) -> None:
    (project / "compose.yaml").write_text(text)
    assert said(project, "docker/Dockerfile", "docker") is None


def test_of_two_services_one_with_this_context_is_enough(project: Path) -> None:
    two = SERVICE.format(context=".", dockerfile="docker/Dockerfile") + "  api:\n    build: docker\n"
    (project / "compose.yaml").write_text(two)
    assert said(project, "docker/Dockerfile", "docker") is None
