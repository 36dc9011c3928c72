"""``dfmigrate verify`` over every application: what the tool makes of it is proved on the engine.

The first goes through the command itself, the others through what the command calls, so that base images are read once.
Needs an engine: ``DFMIGRATE_ENGINE=1`` and a ``docker`` that answers.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dfmigrate.fleet.verify_plan import Draft, Wish, drafted
from dfmigrate.verify.engine import detect
from dfmigrate.verify.journal import opened_run
from dfmigrate.verify.leftovers import clear
from dfmigrate.verify.report_json import as_json
from dfmigrate.verify.run import proved
from dfmigrate.verify.shelf import Shelf
from dfmigrate.verify.verification import Verdict

from .application import Application
from .harness import OWN_FILES
from .ports import free_port, held
from .test_apps import APPLICATIONS, ROOT, WHY_NOT

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

_SECONDS = 900


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The images that were read already."""
    return Shelf()


def _wish(app: Application, work: Path) -> Wish:
    # The same context as in the other proofs, so that the engine finds their steps in its cache.
    folder = work / app.name
    shutil.copytree(app.folder, folder, ignore=OWN_FILES)
    wish = Wish(folder / "Dockerfile", build_network="host", yes=True, quiet=True)
    if app.start is None or app.start.args:
        # `verify` starts an image by its own command alone.
        words = app.commands[0].args if app.commands else ()
        return replace(wish, smoke=shlex.join(words) if words else None)
    port = app.start.port if isinstance(app.start.port, int) else free_port()
    own = ((app.start.port, str(port)),) if isinstance(app.start.port, str) else ()
    asked = tuple((request.path, request.status) for request in app.requests if request.method == "GET")
    environment = (*own, *app.start.env)
    return replace(
        wish, network="host", port=port, seconds=float(app.start.seconds), environment=environment, http=asked
    )


def _words(wish: Wish) -> list[str]:
    words = ["verify", str(wish.path), "--build-network=host", "--yes", "--quiet", "--format=json"]
    if wish.smoke is not None:
        words += ["--smoke", wish.smoke]
    words += [f"--env={name}={value}" for name, value in wish.environment]
    if wish.port is not None:
        words += ["--network=host", f"--port={wish.port}", f"--seconds={wish.seconds}"]
    return [*words, *(f"--http={path}={status}" for path, status in wish.http)]


@pytest.mark.parametrize("app", APPLICATIONS, ids=lambda app: app.name)
def test_the_migration_is_proved(app: Application, shelf: Shelf, tmp_path: Path) -> None:
    wish = _wish(app, tmp_path)
    draft = drafted(wish)
    assert isinstance(draft, Draft), draft
    if draft.is_empty:
        return
    engine = detect(None)
    own = app.start.port if app.start is not None and isinstance(app.start.port, int) else None
    with held(own), opened_run() as run:
        try:
            answer = proved(engine, run, draft.plan, lambda line: None, shelf)
        finally:
            clear(engine, run)
    assert answer.verdict is Verdict.EQUAL, as_json(answer)


@pytest.mark.parametrize("app", [app for app in APPLICATIONS if app.name == "go-templates"], ids=lambda app: app.name)
def test_the_command_says_the_same(app: Application, tmp_path: Path) -> None:
    roots = os.pathsep.join([str(ROOT / "grammar"), str(ROOT / "refactor")])
    done = subprocess.run(
        [sys.executable, "-m", "dfmigrate", *_words(_wish(app, tmp_path))],
        env={**os.environ, "PYTHONPATH": roots},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["verdict"] == "equal"
