from __future__ import annotations

import os
from pathlib import Path

import pytest
from measure_images import is_official, is_resolved, measure


@pytest.mark.corpus
def test_the_release_of_almost_every_official_image_in_the_corpus_is_known() -> None:
    folder = os.environ.get("DFMIGRATE_CORPUS")
    if not folder:
        pytest.skip("set DFMIGRATE_CORPUS to the folder of the corpus")
    found, unresolved = measure(Path(folder))
    assert unresolved.total() < found.total() * 0.05


def test_what_counts() -> None:
    assert is_official("docker.io/library/java:8")
    assert not is_official("acme/java:8")
    assert is_resolved("scratch")
    assert is_resolved("archlinux")
    assert not is_resolved("denoland/deno:1.40.0")
