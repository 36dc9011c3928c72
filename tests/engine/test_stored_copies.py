"""The model against what an engine made of each case of ``copy_cases.py``, as ``test_copies.py`` wrote it down."""

from __future__ import annotations

from pathlib import Path

import pytest

from .copied import differences, laid_out, predicted, stored
from .copy_cases import CASES, Case

STORED = stored()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_prediction_is_what_an_engine_made(case: Case, tmp_path: Path) -> None:
    assert differences(predicted(case, laid_out(case, tmp_path)), STORED[case.name], case.unknown) == []


def test_there_are_enough_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 90
    assert set(STORED) == {case.name for case in CASES}
    # What is unknown cannot be wrong: it must stay the exception.
    assert sum(bool(case.unknown) for case in CASES) <= len(CASES) // 10


def test_a_wrong_prediction_is_seen(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == "modes")
    files = predicted(case, laid_out(case, tmp_path))
    real = STORED[case.name]
    more, fewer = {**real, "/x/more": ("f", "0:0", "644")}, {path: row for path, row in real.items() if path != "/x/a"}
    assert differences(files, more, ()) == ["/x/more was not predicted"]
    assert differences(files, fewer, ()) == ["/x/a is not there"]
    assert differences(files, {**real, "/x/a": ("f", "1:0", "600")}, ()) == [
        "/x/a: owner 0:0 is 1:0",
        "/x/a: mode 664 is 600",
    ]
    assert differences(files, real, ("/x",)) == ["unknown regions ()"]
