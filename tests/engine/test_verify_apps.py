"""``dfmigrate verify`` over every application: what the tool makes of it is proved on the engine.

Needs an engine: ``DFMIGRATE_ENGINE=1`` and a ``docker`` that answers.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest

from .application import Application
from .test_apps import APPLICATIONS, ROOT, WHY_NOT

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

_SECONDS = 900


def _words(app: Application) -> list[str]:
    words = ["verify", str(app.folder), "--build-network=host", "--yes", "--quiet", "--format=json"]
    if app.start is None:
        return [*words, "--smoke", " ".join(app.commands[0].args)] if app.commands and app.commands[0].args else words
    port = app.start.port if isinstance(app.start.port, int) else _free_port()
    if isinstance(app.start.port, str):
        words.append(f"--env={app.start.port}={port}")
    words += [f"--env={name}={value}" for name, value in app.start.env]
    asked = [f"--http={request.path}={request.status}" for request in app.requests if request.method == "GET"]
    return [*words, "--network=host", f"--port={port}", f"--seconds={app.start.seconds}", *asked]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("app", APPLICATIONS, ids=lambda app: app.name)
def test_the_migration_is_proved(app: Application) -> None:
    roots = os.pathsep.join([str(ROOT / "grammar"), str(ROOT / "refactor")])
    done = subprocess.run(
        [sys.executable, "-m", "dfmigrate", *_words(app)],
        env={**os.environ, "PYTHONPATH": roots},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if "nothing to verify" not in done.stderr:
        assert json.loads(done.stdout)
