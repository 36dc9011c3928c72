"""Measure for how many FROM references to official images the distribution and its release are known.

DFMIGRATE_CORPUS names the folder with buildkit.jsonl.gz. Counted are references without variables that name an official
image of today or of the past; ``floating`` counts as known, and so does ``scratch``, which has no distribution.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dfmigrate.knowledge.images import image
from dfmigrate.knowledge.tags import HUB_PREFIXES

OFFICIAL = frozenset((Path(__file__).parent / "official_images.txt").read_text("utf-8").split())
"""Every name that docker-library/official-images:library has held since 2013, and ``scratch``."""


def references(folder: Path) -> Iterator[str]:
    """Yield the base images of every file; the names of its own stages are left out."""
    with gzip.open(folder / "buildkit.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from _bases(json.loads(line)["instructions"] or ())


def _bases(instructions: list[dict[str, list[str] | str]]) -> Iterator[str]:
    stages: set[str] = set()
    for instruction in instructions:
        words = instruction["args"]
        if instruction["keyword"] != "FROM" or not words:
            continue
        if words[0].lower() not in stages and "$" not in words[0]:
            yield words[0]
        if len(words) > 2:
            stages.add(words[2].lower())


def is_official(reference: str) -> bool:
    name = reference.partition("@")[0]
    prefix = next((prefix for prefix in HUB_PREFIXES if name.startswith(prefix)), "")
    return name[len(prefix) :].partition(":")[0] in OFFICIAL


def is_resolved(reference: str) -> bool:
    facts = image(reference)
    if facts is None or facts.distribution is None:
        return False
    return facts.distribution == "none" or facts.release is not None or facts.floating


def measure(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Return the official references of the corpus, and those among them that are not resolved."""
    found = Counter(reference for reference in references(folder) if is_official(reference))
    return found, Counter({name: count for name, count in found.items() if not is_resolved(name)})


def main() -> None:
    found, unresolved = measure(Path(os.environ["DFMIGRATE_CORPUS"]))
    total, missing = found.total(), unresolved.total()
    print(f"official references: {total}, resolved: {total - missing}, {100 * (total - missing) / total:.1f} %")
    for name, count in unresolved.most_common():
        print(count, name, file=sys.stdout)


if __name__ == "__main__":
    main()
