"""Compare the tree of every corpus file with what BuildKit said of it, and print what differs.

DFMIGRATE_CORPUS names the folder with dockerfiles.jsonl.gz and buildkit.jsonl.gz.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dfmigrate_grammar import parse
from dfmigrate_grammar.rows import rows

FIELDS = ("parse_error", "instruction_error", "escape", "warnings", "instructions")
_HINT = re.compile(r" \(did you mean .*\?\)$")


def corpus_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every file."""
    with gzip.open(folder / "dockerfiles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row.get("text")
            yield row["sha256"], text.encode() if text is not None else base64.b64decode(row["base64"])


def oracle_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what BuildKit said of every file, in the same order."""
    with gzip.open(folder / "buildkit.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def differences(folder: Path) -> tuple[Counter[str], list[str]]:
    """Return how many files were compared and how they came out, and one line for each difference."""
    counts: Counter[str] = Counter()
    found: list[str] = []
    for (name, source), expected in zip(corpus_files(folder), oracle_rows(folder), strict=True):
        assert name == expected["sha256"]
        counts["files"] += 1
        tree = parse(source)
        if bytes(tree) != source:
            found.append(f"{name}: not the same bytes")
        got = rows(tree)
        counts["instructions"] += len(got["instructions"])
        for field in FIELDS:
            if got[field] == expected[field]:
                continue
            if _is_cosmetic(field, got[field], expected[field]):
                counts["cosmetic"] += 1
                print(f"cosmetic {name}: {got[field]!r} for {expected[field]!r}")
            else:
                found.append(f"{name}: {field}: {_first_difference(got[field], expected[field])}")
    counts["different"] = len(found)
    return counts, found


def _is_cosmetic(field: str, got: Any, expected: Any) -> bool:
    """BuildKit chooses at random among equally near suggestions."""
    return field == "instruction_error" and _HINT.sub("", got or "") == _HINT.sub("", expected or "")


def _first_difference(got: Any, expected: Any) -> str:
    if isinstance(got, list) and isinstance(expected, list):
        for one, other in zip(got, expected, strict=False):
            if one != other:
                return _first_difference(one, other)
        return f"{len(got)} for {len(expected)}"
    if isinstance(got, dict) and isinstance(expected, dict):
        return "; ".join(f"{key}: {got[key]!r} for {expected[key]!r}" for key in got if got[key] != expected[key])
    return f"{got!r} for {expected!r}"


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
