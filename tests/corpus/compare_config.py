"""Compare the configuration that the model gives every corpus file's image with the one that BuildKit gives it.

DFMIGRATE_CORPUS names the folder with dockerfiles.jsonl.gz and buildkit.jsonl.gz.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from compare_buildkit import corpus_files, oracle_rows

from dfmigrate.knowledge.overlay import Overlay, PrivateImage
from dfmigrate.model import Given, interpret, oci_config
from dfmigrate.settings import Settings
from dfmigrate_grammar import parse

BASES = Settings(Overlay(images=(PrivateImage("scratch", "scratch"), PrivateImage("*", "scratch", workdir=""))))
"""Base images that bring nothing but a PATH; the empty image also says where it starts."""
BUILD = Given(arguments={}, platform="linux/amd64")


def differences(folder: Path) -> tuple[Counter[str], list[str]]:
    """Return how many files were compared and how they came out, and one line for each field that differs."""
    counts: Counter[str] = Counter()
    found: list[str] = []
    for (name, source), expected in zip(corpus_files(folder), oracle_rows(folder), strict=True):
        assert name == expected["sha256"]
        if expected["build_error"] is not None:
            counts["refused by BuildKit"] += 1
            continue
        counts["files"] += 1
        got = oci_config(interpret(parse(source), None, BASES, BUILD).final.final)
        fields = sorted(field for field in {*got, *expected["config"]} if not _same(field, got, expected["config"]))
        counts["different files"] += bool(fields)
        counts.update(f"different {field}" for field in fields)
        found.extend(f"{name}: {field}: {got.get(field)!r} for {expected['config'].get(field)!r}" for field in fields)
    return counts, found


def _same(field: str, got: dict[str, Any], expected: dict[str, Any]) -> bool:
    return field in got and field in expected and bool(got[field] == expected[field])


def main() -> int:
    folder = os.environ.get("DFMIGRATE_CORPUS")
    if not folder:
        print("set DFMIGRATE_CORPUS to the folder of the corpus", file=sys.stderr)
        return 2
    counts, found = differences(Path(folder))
    print("\n".join(found[:50]))
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
