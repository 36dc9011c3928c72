"""Learned answers go behind what a settings file says, and every other byte of it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfmigrate.fleet.learned import HEAD, Addition, addition
from dfmigrate.fleet.outcome import Problem
from dfmigrate.fleet.settings_file import settings_for
from dfmigrate.settings import Settings

LEARNED = {"artifact": ["/opt/models"]}
ROWS = f'{HEAD}\n#   line 3 left /opt/models\nartifact = ["/opt/models"]\n'


def _added(folder: Path, name: str = "Dockerfile") -> Addition | Problem:
    return addition(folder / name, LEARNED, ["line 3 left /opt/models"])


def _artifacts(file: Path) -> tuple[str, ...] | None:
    settings = settings_for(file)
    assert isinstance(settings, Settings)
    return settings.answers.artifacts


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "api").mkdir()
    return tmp_path


def test_a_file_is_made_at_the_root_of_the_checkout(checkout: Path) -> None:
    change = _added(checkout / "api")
    assert isinstance(change, Addition)
    change.write()
    assert change.file == checkout / ".dfmigrate.toml"
    assert change.file.read_text("utf-8") == f'[files."api/Dockerfile"]\n{ROWS}'
    assert _artifacts(checkout / "api" / "Dockerfile") == ("/opt/models",)
    assert _artifacts(checkout / "Dockerfile") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('accept = ["E2"] # ours\n', f'accept = ["E2"] # ours\n\n[files."Dockerfile"]\n{ROWS}'),
        ('accept = ["E2"]', f'accept = ["E2"]\n\n[files."Dockerfile"]\n{ROWS}'),
        ("# nothing\r\n", f'# nothing\r\n\r\n[files."Dockerfile"]\n{ROWS}'.replace("\r", "").replace("\n", "\r\n")),
        (
            '[files."Dockerfile"] # ours\nuser = "7"\n\n[images]\n"a/*" = "*"\n',
            f'[files."Dockerfile"] # ours\n{ROWS}user = "7"\n\n[images]\n"a/*" = "*"\n',
        ),
    ],
)
def test_the_rest_of_the_file_stays(checkout: Path, before: str, after: str) -> None:
    file = checkout / "dfmigrate.toml"
    file.write_bytes(before.encode())
    change = _added(checkout)
    assert isinstance(change, Addition)
    change.write()
    assert file.read_bytes() == after.encode()
    assert _artifacts(checkout / "Dockerfile") == ("/opt/models",)


def test_pyproject_has_a_table_of_its_own(checkout: Path) -> None:
    file = checkout / "pyproject.toml"
    file.write_text('[project]\nname = "x"\n\n[tool.dfmigrate]\naccept = ["E2"]\n', "utf-8")
    change = _added(checkout)
    assert isinstance(change, Addition)
    change.write()
    assert file.read_text("utf-8").endswith(f'\n\n[tool.dfmigrate.files."Dockerfile"]\n{ROWS}')
    assert _artifacts(checkout / "Dockerfile") == ("/opt/models",)


@pytest.mark.parametrize(
    "text", ['files = { Dockerfile = { user = "7" } }\n', '[files."Dockerfile"]\nartifact = ["/x"]\n', "broken = \n"]
)
def test_where_it_cannot_be_put_the_user_is_told_what_to_write(checkout: Path, text: str) -> None:
    file = checkout / ".dfmigrate.toml"
    file.write_text(text, "utf-8")
    change = _added(checkout)
    assert isinstance(change, Problem)
    assert 'artifact = ["/opt/models"]' in change.hint
    assert file.read_text("utf-8") == text


def test_names_are_quoted_and_are_no_patterns(checkout: Path) -> None:
    change = _added(checkout / "api", 'Docker[1]"file')
    assert isinstance(change, Addition)
    change.write()
    assert _artifacts(checkout / "api" / 'Docker[1]"file') == ("/opt/models",)
    assert _artifacts(checkout / "api" / 'Docker1"file') is None


def test_the_evidence_stays_a_comment(checkout: Path) -> None:
    change = addition(checkout / "Dockerfile", LEARNED, ["line 3 (`a\nb = 1`) left\x00 it"])
    assert isinstance(change, Addition)
    assert b"#   line 3 (`a?b = 1`) left? it\n" in change.after
