"""The whole way over every file of the corpus, without context: no exception, valid output, nothing left to do."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfmigrate.migrate import migrate
from dfmigrate_grammar import parse

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif("DFMIGRATE_CORPUS" not in os.environ, reason="set DFMIGRATE_CORPUS to the folder of the corpus"),
]


_COMMENT = re.compile(rb"^[ \t]*(#[^\r\n]*)", re.MULTILINE)


def _files() -> Iterator[tuple[str, bytes]]:
    with gzip.open(Path(os.environ["DFMIGRATE_CORPUS"]) / "dockerfiles.jsonl.gz") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["sha256"], row["text"].encode() if "text" in row else base64.b64decode(row["base64"])


def _lost(before: bytes, after: bytes) -> Counter[bytes]:
    """Comment lines of the input that the result does not have."""
    return Counter(_COMMENT.findall(before)) - Counter(_COMMENT.findall(after))


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
        assert _lost(source, after) == Counter(), name
        # What is changed is changed by steps, each of which goes on where the one before it ended.
        ends = [bytes(migration.before), *(bytes(step.after) for step in migration.steps)]
        assert [bytes(step.before) for step in migration.steps] == ends[:-1] and ends[-1] == after, name
        assert all(step.proofs and bytes(step.before) != bytes(step.after) for step in migration.steps), name
    assert count == 12_000
