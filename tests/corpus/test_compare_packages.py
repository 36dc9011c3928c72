from __future__ import annotations

import os
from pathlib import Path

import pytest
from compare_packages import RELEASES, differences


@pytest.mark.corpus
def test_every_development_package_means_what_the_example_says_or_a_class_explains_it() -> None:
    folder = os.environ.get("DFMIGRATE_CORPUS")
    if not folder:
        pytest.skip("set DFMIGRATE_CORPUS to the folder of the corpus")
    counts, found = differences(Path(folder))
    assert set(counts) == set(RELEASES)
    assert all(classes["equal"] > 3000 for classes in counts.values())
    assert found == []
