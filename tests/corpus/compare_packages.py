"""Compare the tables of Debian's development packages with an example that others computed from the same archive.

DFMIGRATE_CORPUS names the corpus; the example lies beside it, in ``data/debian-dev-to-runtime.json.gz``. Where both
differ, one of these classes must explain it, or it counts as unexplained:

documentation
    The example names ``gcc-N-base``, which every part of the compiler depends on in exactly its version and which is in
    section ``libs``. It holds only documentation (``dpkg --contents gcc-10-base``: ``/usr/share/doc``), so that nothing
    needs it at run time. Ours leaves it out, has what was proved by hand, or does not decide.
further
    Ours has all that the example has, and libraries of further development packages of the same source, which this one
    depends on and whose headers and CMake files it includes (``libmrpt-opengl-dev``'s name ``mrpt::poses`` and
    ``mrpt::img``). What is linked against them is not known from outside, and one package too many breaks nothing.
undecided
    Ours knows less: a library that stands outside section ``libs``, or a program that loads modules (tarantool), is
    nothing that the generator's rules prove.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path

from dfmigrate.knowledge.packages import runtime_packages

RELEASES = ("bullseye", "bookworm", "trixie")
_DOCUMENTATION = re.compile(r"gcc-\d+-base")
_PROVED_BY_HAND = re.compile(r"lib(gcc|stdc\+\+)-\d+-dev")
_UNDECIDED = {"tarantool-dev": "modules for a program", "libsysprof-4-dev": "libsysprof-4 is in section devel"}
Example = dict[str, list[str]]


def read_example(corpus: Path) -> dict[str, Example]:
    """By release and development package: the runtime packages."""
    with gzip.open(corpus.parent / "data" / "debian-dev-to-runtime.json.gz") as lines:
        found: dict[str, Example] = json.load(lines)
        return found


def classify(release: str, package: str, example: Example) -> str:
    """Tell whether ours is equal for one package, or which class explains the difference."""
    ours = runtime_packages("debian", release, package)
    theirs = set(example[package])
    needed = {name for name in theirs if not _DOCUMENTATION.fullmatch(name)}
    if ours is not None and set(ours) == theirs:
        return "equal"
    if needed != theirs and (ours is None or set(ours) == needed or _PROVED_BY_HAND.fullmatch(package)):
        return "documentation"
    if ours is None:
        return "undecided" if package in _UNDECIDED else "unexplained"
    return (
        "further" if needed < set(ours) and _are_of_one_source(package, set(ours) - needed, example) else "unexplained"
    )


def _are_of_one_source(package: str, added: set[str], example: Example) -> bool:
    """Each added library is what the example gives to a development package of the same family of names."""
    family = package.split("-")[0]
    return all(
        any(name in needs for other, needs in example.items() if other.split("-")[0] == family) for name in added
    )


def differences(corpus: Path) -> tuple[dict[str, Counter[str]], list[str]]:
    """Return how the packages of each release came out, and one line for each difference that no class explains."""
    example = read_example(corpus)
    counts: dict[str, Counter[str]] = {}
    found: list[str] = []
    for release in RELEASES:
        classes = {package: classify(release, package, example[release]) for package in example[release]}
        counts[release] = Counter(classes.values())
        for package, name in classes.items():
            if name == "unexplained":
                ours = runtime_packages("debian", release, package)
                found.append(f"{release} {package}: {ours} for {example[release][package]}")
    return counts, found


def main() -> int:
    folder = os.environ.get("DFMIGRATE_CORPUS")
    if not folder:
        print("set DFMIGRATE_CORPUS to the folder of the corpus", file=sys.stderr)
        return 2
    counts, found = differences(Path(folder))
    for release, classes in counts.items():
        print(f"{release}: " + ", ".join(f"{count} {name}" for name, count in classes.most_common()))
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
