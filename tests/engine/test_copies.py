"""What the model says that COPY and ADD put into the image is what a real engine puts there.

Needs an engine, as ``test_apps.py`` does. Each case of ``copy_cases.py`` is predicted from its files on disk, built,
and compared path by path: the kind, where a link points, and owner and mode where the model claims to know them. What
the model calls unknown is named in the case, and a path that was not predicted must lie there.

What the engine made is stored in ``copies.txt`` (``DFMIGRATE_ACCEPT=1`` writes it): ``test_stored_copies.py`` compares
the model with that where there is no engine.
"""

from __future__ import annotations

import io
import os
import tarfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from . import containers
from .copied import Found, differences, laid_out, predicted, stored, written
from .copy_cases import CASES, Case
from .test_apps import WHY_NOT

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Found]]]:
    """Every case, built two at a time while the first ones are compared."""
    root = tmp_path_factory.mktemp("copies")
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        builds = {
            case.name: pool.submit(_built, case, laid_out(case, root / f"{at:03}")) for at, case in enumerate(CASES)
        }
        yield builds
    print(f"\n{len(CASES)} contexts built and compared in {time.monotonic() - began:.0f} s")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_copied_paths_are_the_predicted_ones(case: Case, built: dict[str, Future[Found]], tmp_path: Path) -> None:
    assert differences(predicted(case, laid_out(case, tmp_path)), built[case.name].result(), case.unknown) == []


def test_the_stored_answers_are_the_engine_s(built: dict[str, Future[Found]]) -> None:
    real = {name: build.result() for name, build in built.items()}
    if os.environ.get("DFMIGRATE_ACCEPT") == "1":
        written(real)
    assert stored() == real


def _built(case: Case, context: Path) -> Found:
    data = containers.exported(context, context / case.dockerfile)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {"/" + member.name.strip("/"): _row(member) for member in archive if member.name.strip("/.")}


def _row(member: tarfile.TarInfo) -> tuple[str, str, str]:
    kind = "d" if member.isdir() else "l" if member.issym() else "f"
    shown = member.linkname if member.issym() else f"{member.mode:o}"
    return kind, f"{member.uid}:{member.gid}", shown
