"""Count how many simple commands of real RUN instructions are known, and print those that are not, most frequent first.

DFMIGRATE_CORPUS names the folder with cases.jsonl and dockerfiles.jsonl.gz. DFMIGRATE_MIRRORS names the folder with the
cases' repositories, git directories OWNER+NAME; where one lacks the commit, its newest version of the file is read.
``measure_commands.py cases`` reads the cases, ``corpus`` the other files, and ``sample SEED`` prints 100 known commands
of the cases with all that is believed of them, for a check by hand.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from compare_buildkit import corpus_files

from dfmigrate.model.actions import Action
from dfmigrate.model.interpret import interpret
from dfmigrate_grammar import parse

_SHOWN = 150


def case_files(folder: Path, mirrors: Path) -> Iterator[tuple[str, bytes | None]]:
    """Yield the name and the Dockerfile of every case; None where its repository is not there."""
    with (folder / "cases.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            yield case["id"], _text(mirrors / case["repo"].replace("/", "+"), case)


def _text(mirror: Path, case: dict[str, Any]) -> bytes | None:
    if not mirror.is_dir():
        return None
    inner = [entry for entry in sorted(mirror.iterdir()) if entry.is_dir()]
    folder = inner[0] if inner and not (mirror / "HEAD").is_file() else mirror
    for commit in (case["commit"], "HEAD"):
        shown = subprocess.run(["git", "-C", folder, "show", f"{commit}:{case['path']}"], capture_output=True)
        if shown.returncode == 0:
            return shown.stdout
    return None


def actions(source: bytes) -> Iterator[Action | str]:
    """The simple commands of every RUN; for a RUN that could not be read, its reason. Bare assignments run nothing."""
    tree = parse(source)
    if not tree.stages:
        return
    for stage in interpret(tree, None).stages:
        for layer in stage.layers:
            if layer.reading is None:
                continue
            if not layer.reading.actions and layer.reading.opaque is not None:
                yield layer.reading.opaque
            yield from (action for action in layer.reading.actions if action.argv)


def measure(files: Iterable[tuple[str, bytes]]) -> tuple[int, Counter[str]]:
    """Return how many commands there are, and how often each unknown one stands there."""
    total = 0
    unknown: Counter[str] = Counter()
    for _name, source in files:
        for action in actions(source):
            total += 1
            if isinstance(action, str):
                unknown[f"({action})"] += 1
            elif action.role == "unknown":
                unknown[_brief(action)] += 1
    return total, unknown


def _brief(action: Action) -> str:
    if action.argv[0] is None:
        return f"(its name is computed) {action.text[:40]}"
    words = [word if word is not None else "?" for word in action.argv[:3]]
    return " ".join(words).replace("\n", " ")[:70]


def sample(files: Iterable[tuple[str, bytes]], seed: int) -> Iterator[str]:
    """100 known commands with what is believed of them. The shell's own words, which do nothing, are left out."""
    known = [
        (name, action)
        for name, source in files
        for action in actions(source)
        if isinstance(action, Action) and action.facts is not None
    ]
    for number, (name, action) in enumerate(random.Random(seed).sample(known, 100), 1):
        facts = action.facts
        yield f"{number}. {' '.join(action.text.split())[:300]}\n   {name}, in {action.cwd}\n   {facts}"
        writes = " ".join(f"{write.path}({write.kind.name.lower()})" for write in action.writes)
        yield f"   => writes [{writes}] opaque: {action.opaque}\n"


def main(arguments: list[str]) -> int:
    corpus, mirrors = os.environ.get("DFMIGRATE_CORPUS"), os.environ.get("DFMIGRATE_MIRRORS")
    if not corpus or (not mirrors and arguments[:1] != ["corpus"]):
        print("set DFMIGRATE_CORPUS and DFMIGRATE_MIRRORS", file=sys.stderr)
        return 2
    if arguments[:1] == ["corpus"]:
        files = list(corpus_files(Path(corpus)))
    else:
        cases = list(case_files(Path(corpus), Path(mirrors or "")))
        files = [(name, source) for name, source in cases if source is not None]
        for name in (name for name, source in cases if source is None):
            print(f"not there: {name}")
    if arguments[:1] == ["sample"]:
        print("\n".join(sample(files, int(arguments[1]))))
        return 0
    total, unknown = measure(files)
    known = total - unknown.total()
    print(f"{len(files)} files, {total} commands, {known} known: {100 * known / total:.1f} %")
    for name, count in unknown.most_common(_SHOWN):
        print(f"{count:6} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
