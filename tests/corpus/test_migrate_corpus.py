"""The whole way over every file of the corpus, without context: no exception, valid output, nothing left to do."""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfmigrate.migrate import migrate
from dfmigrate_grammar import parse

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif("DFMIGRATE_CORPUS" not in os.environ, reason="set DFMIGRATE_CORPUS to the folder of the corpus"),
]


def _files() -> Iterator[tuple[str, bytes]]:
    with gzip.open(Path(os.environ["DFMIGRATE_CORPUS"]) / "dockerfiles.jsonl.gz") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["sha256"], row["text"].encode() if "text" in row else base64.b64decode(row["base64"])


def test_every_file_round_trips_and_migrates_to_a_valid_file() -> None:
    count = 0
    for name, source in _files():
        assert bytes(parse(source)) == source, name
        migration = migrate(source, path="Dockerfile", context=None)
        assert bytes(migration.before) == source, name
        count += 1
        if not migration.changed:
            assert bytes(migration.after) == source, name
            continue
        after = bytes(migration.after)
        assert not parse(after).problems, name
        assert bytes(migrate(after, path="Dockerfile", context=None).after) == after, name
    assert count == 12_000
