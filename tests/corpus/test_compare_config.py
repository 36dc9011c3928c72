from __future__ import annotations

import os
from pathlib import Path

import pytest
from compare_config import differences


@pytest.mark.corpus
def test_every_corpus_image_is_configured_as_buildkit_configures_it() -> None:
    folder = os.environ.get("DFMIGRATE_CORPUS")
    if not folder:
        pytest.skip("set DFMIGRATE_CORPUS to the folder of the corpus")
    counts, found = differences(Path(folder))
    assert counts["files"] > 0
    assert found == []
