from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

_TARGET = Path(__file__).parents[1] / "grammar" / "fuzz_parse.py"
_MOST_SECONDS = 240


@pytest.mark.fuzz
def test_no_input_breaks_the_parser(tmp_path: Path) -> None:
    runs = os.environ.get("DFMIGRATE_FUZZ")
    if not runs:
        pytest.skip("set DFMIGRATE_FUZZ to the number of inputs to try")
    if find_spec("atheris") is None:
        pytest.skip("atheris is not installed")
    limits = [f"-runs={runs}", f"-max_total_time={_MOST_SECONDS}", "-seed=1", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run([sys.executable, str(_TARGET), *limits], capture_output=True, text=True, check=False)
    last = done.stderr[-3000:] + done.stdout[-3000:]
    assert done.returncode == 0, last
    assert "\nDone " in last
    print(next(line for line in last.split("\n") if line.startswith("Done ")))
