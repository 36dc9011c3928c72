"""Every application answers the same after its migration, from a smaller image, and rebuilds without a new install.

Needs an engine: ``DFMIGRATE_ENGINE=1`` and a ``docker`` that answers. ``DFMIGRATE_ENGINE_REPORT`` is where the table
goes. ``DFMIGRATE_ENGINE_BY_HAND`` names a folder with ``<application>/Dockerfile`` to prove instead of the tool's own.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import containers
from .application import AS_THE_TOOL_SAYS, Application, applications
from .configuration import differences, last_base
from .harness import Behaviour, Sides, lay_side_by_side
from .report import table

ROOT = Path(__file__).parents[2]
APPLICATIONS = applications()
TOOL_SECONDS = 60


def _why_not() -> str:
    if os.environ.get("DFMIGRATE_ENGINE") != "1":
        return "set DFMIGRATE_ENGINE=1 to build and run real applications"
    if not containers.available():
        return "DFMIGRATE_ENGINE=1, but `docker version` does not answer"
    return ""


WHY_NOT = _why_not()
pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]


@pytest.fixture(scope="module")
def proofs() -> Iterator[list[Sides]]:
    done: list[Sides] = []
    yield done
    report = os.environ.get("DFMIGRATE_ENGINE_REPORT")
    if report:
        Path(report).write_bytes(table(done).encode())
    else:
        sys.stdout.write("\n" + table(done))


@pytest.fixture(scope="module", params=APPLICATIONS, ids=lambda app: app.name)
def sides(request: pytest.FixtureRequest, proofs: list[Sides], tmp_path_factory: pytest.TempPathFactory) -> Sides:
    app: Application = request.param
    laid = lay_side_by_side(app, lambda folder: _migrate(app, folder), tmp_path_factory.mktemp(app.name))
    proofs.append(laid)
    return laid


def test_the_application_does_what_it_should(sides: Sides) -> None:
    _check_answers(sides.app, sides.behaviours[0])


def test_the_migrated_application_does_the_same(sides: Sides) -> None:
    before, after = sides.behaviours
    assert after.answers == before.answers
    assert [(run.exit, run.stdout) for run in after.runs] == [(run.exit, run.stdout) for run in before.runs]
    assert after.complaints <= before.complaints
    assert after.exit == before.exit


def test_the_image_is_smaller(sides: Sides) -> None:
    before, after = sides.behaviours
    if sides.app.expected.smaller is True:
        assert after.size < before.size
    else:
        assert after.size <= before.size * 1.01


def test_it_is_about_as_small_as_the_ideal(sides: Sides) -> None:
    assert sides.ratio <= 1.25 or sides.app.expected.larger


def test_the_process_runs_as_the_image_says(sides: Sides) -> None:
    after = sides.behaviours[1]
    declared = str(after.config.get("User") or "root")
    is_root = declared.partition(":")[0] in {"root", "0"}
    if sides.app.expected.user != AS_THE_TOOL_SAYS:
        assert is_root == (sides.app.expected.user == "root")
    if sides.app.start is None:
        return
    assert after.user_ids
    if is_root:
        assert after.user_ids[0] == 0
    else:
        assert 0 not in after.user_ids
    if declared.partition(":")[0].isdigit():
        assert set(after.user_ids) == {int(declared.partition(":")[0])}


def test_the_configuration_is_equal(sides: Sides) -> None:
    before, after = sides.behaviours
    bases = tuple(_base_config(dockerfile) for dockerfile in sides.dockerfiles)
    command = sides.app.expected.command
    meant = {**before.config, "Cmd": list(command)} if command else before.config
    assert differences(meant, after.config, (bases[0], bases[1]), sides.dockerfiles[1]) == ()


def test_an_edit_does_not_install_again(sides: Sides) -> None:
    after = sides.rebuilds[1]
    assert after.shows, "the edit did not reach the answer"
    for pattern in sides.app.rebuild.cached:
        runs = [step for step in after.build.steps if re.match(rf"RUN .*({pattern})", step.text)]
        assert runs, f"no RUN step matches {pattern!r}"
        assert [step.text for step in runs if not step.cached] == []


def test_most_are_as_small_as_the_ideal(proofs: list[Sides]) -> None:
    split = [
        sides.ratio for sides in proofs if sides.dockerfiles[0].count(b"FROM ") < sides.dockerfiles[1].count(b"FROM ")
    ]
    if split:
        assert statistics.median(split) <= 1.05


def _check_answers(app: Application, behaviour: Behaviour) -> None:
    for request, answer in zip(app.requests, behaviour.answers, strict=True):
        assert answer.status == request.status, f"{request.path}: {answer}"
        assert request.contains in answer.body, request.path
    for command, finished in zip(app.commands, behaviour.runs, strict=True):
        assert finished.exit == command.exit, finished
        assert command.contains in finished.stdout, finished


def _base_config(dockerfile: bytes) -> dict[str, object]:
    base = last_base(dockerfile)
    if base == "scratch":
        return {}
    config: dict[str, object] = containers.image(base)["Config"]
    return config


def _migrate(app: Application, folder: Path) -> None:
    by_hand = os.environ.get("DFMIGRATE_ENGINE_BY_HAND")
    if by_hand:
        shutil.copytree(Path(by_hand) / app.name, folder, dirs_exist_ok=True)
        return
    roots = os.pathsep.join([str(ROOT / "grammar"), str(ROOT / "refactor")])
    done = subprocess.run(
        [sys.executable, "-m", "dfmigrate", str(folder / "Dockerfile"), "--write"],
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        timeout=TOOL_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
