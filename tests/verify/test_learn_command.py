"""``verify --learn`` from its options to the settings file, with a fake engine."""

from __future__ import annotations

import json

import pytest

from .conftest import Bench

DOCKERFILE = """\
FROM python:3.12
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py .
RUN ./setup \\
# {what}
    --all
CMD ["python", "app.py"]
"""


def _project(bench: Bench, what: str) -> None:
    text = DOCKERFILE.replace("{what}", what)
    (bench.project / "Dockerfile").write_text(text, encoding="utf-8")
    (bench.project / "app.py").write_text("print(open('/opt/models/a').read())\n", encoding="utf-8")
    (bench.project / "requirements.txt").write_text("markupsafe==2.1.5\n", encoding="utf-8")


def test_what_a_step_left_makes_the_migration_and_is_written_down(bench: Bench) -> None:
    _project(bench, "file opt/models/a")
    done = bench.learn()
    assert done.code == 0, done.out + done.err
    text = bench.settings
    assert "learned" in done.err and text is not None
    assert 'artifact = ["/opt/models"]' in text
    assert "line 6" in text and "1 file" in text
    again = bench.learn()
    assert "nothing to learn" in again.err
    assert bench.settings == text
    assert bench.left == []


def test_a_step_that_leaves_nothing_is_an_answer(bench: Bench) -> None:
    _project(bench, "nothing")
    done = bench.learn()
    assert done.code == 0, done.out + done.err
    assert bench.settings is not None and "artifact = []" in bench.settings


def test_programs_are_told_what_was_learned(bench: Bench) -> None:
    _project(bench, "file opt/models/a")
    learned = json.loads(bench.learn("--format", "json").out)["learned"]
    assert learned["answers"] == {"artifact": ["/opt/models"]}
    assert (learned["file"], learned["refusals"]) == (".dfmigrate.toml", [])
    assert "line 6" in learned["evidence"][0]
    assert json.loads(bench.learn("--format", "json").out)["learned"] is None


def test_programs_are_told_why_nothing_was_learned(bench: Bench) -> None:
    _project(bench, "file etc/passwd")
    learned = json.loads(bench.learn("--format", "json").out)["learned"]
    assert (learned["answers"], learned["file"]) == ({}, None)
    assert "changes users" in learned["refusals"][0]


@pytest.mark.parametrize(
    ("what", "code", "word"),
    [
        ("file etc/passwd", 0, "changes users"),
        ("build fails", 3, "does not build"),
        ("file opt/models/a\n# exit 3", 3, "ends with 3"),
    ],
)
def test_nothing_is_learned_from_what_is_not_all_or_fails(bench: Bench, what: str, code: int, word: str) -> None:
    _project(bench, what)
    done = bench.learn()
    assert done.code == code, done.out + done.err
    assert word in done.out + done.err
    assert bench.settings is None
    assert bench.left == []


def test_nothing_is_written_when_the_migration_breaks(bench: Bench) -> None:
    _project(bench, "file opt/models/a")
    # A stage of its own is what the fake engine takes for trouble.
    (bench.home / "stages-fail").touch()
    done = bench.learn()
    assert done.code == 1, done.out + done.err
    assert "not written down" in done.err
    assert bench.settings is None


def test_learning_is_no_part_of_verifying_another_file(bench: Bench) -> None:
    assert bench.verify("--learn").code == 2
    assert bench.verify("--artifact", "/opt").code == 2


def test_answers_are_taken_as_by_the_bare_form(bench: Bench) -> None:
    _project(bench, "file opt/models/a")
    done = bench.learn("--artifact", "/opt/models")
    assert (done.code, "nothing to learn" in done.err) == (0, True), done.out + done.err
    (bench.project / ".dfmigrate.toml").write_text('artifact = ["models"]\n', encoding="utf-8")
    assert "absolute path" in bench.learn().err
