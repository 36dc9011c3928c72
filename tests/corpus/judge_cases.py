"""Run the tool on the judged real cases, each in its build context, and compare with what a careful reader said.

DFMIGRATE_CORPUS names the folder with cases.jsonl, DFMIGRATE_MIRRORS the folder with the repositories' git directories
(OWNER+NAME). Prints each case with verdict, rung and reasons, then the table by ecosystem. With DFMIGRATE_CASES the
checkouts are kept in that folder, and before, after and what was said are laid beside them.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from repositories import git_directory, lay_out

from dfmigrate.fleet.load import Target, migrate_target
from dfmigrate.migration import Migration
from dfmigrate.review.brief import remarks

_RUNG = re.compile(r"\((T\d|as asked): ")


@dataclass(frozen=True, slots=True)
class Judged:
    """One case: what the reader said, and what the tool did."""

    name: str
    verdict: str
    """``yes``, ``no`` or ``unclear``: should it be migrated?"""
    ecosystem: str
    result: str
    """``split``, ``changed``, ``left`` or ``error``."""
    rung: str
    reasons: tuple[str, ...]
    at: str


def cases(corpus: Path, names: list[str]) -> list[dict[str, Any]]:
    """The rows of cases.jsonl, or those that are named."""
    rows = [json.loads(line) for line in (corpus / "cases.jsonl").read_text("utf-8").split("\n") if line]
    return [row for row in rows if not names or row["id"] in names]


def judge(case: dict[str, Any], mirrors: Path, kept: Path | None) -> Judged | None:
    """Migrate one case; None when its repository or its Dockerfile is not there."""
    git = git_directory(mirrors, case["repo"])
    if git is None:
        return None
    with _folder(kept, case["id"]) as folder:
        context = folder / "tree" / case["context"]
        file = folder / "tree" / case["path"]
        mark = folder / "at"
        if not mark.exists():
            for below in {case["context"], case["path"]}:
                at = lay_out(git, case["commit"], below, folder / "tree")
            mark.write_text(at or "", "utf-8")
        at = mark.read_text("utf-8")
        if not file.is_file():
            return None
        outcome = migrate_target(Target(file, case["path"], context))
        judged = _judged(case, outcome, at)
        if kept is not None and isinstance(outcome, Migration):
            (folder / "before.Dockerfile").write_bytes(bytes(outcome.before))
            (folder / "after.Dockerfile").write_bytes(bytes(outcome.after))
            (folder / "said").write_text("\n".join(remarks(outcome)), "utf-8", "backslashreplace")
            (folder / "case.json").write_text(json.dumps(case, indent=1), "utf-8")
        return judged


def _judged(case: dict[str, Any], outcome: object, at: str) -> Judged:
    result, rung, reasons = "error", "", ()
    if isinstance(outcome, Migration) and outcome.error is None:
        titles = [step.title for step in outcome.steps if step.rule == "split-stages"]
        rung = match[1] if titles and (match := _RUNG.search(titles[-1])) else ""
        result = "split" if titles else "changed" if outcome.changed else "left"
        reasons = tuple(f"{d.code} {d.message}" for d in outcome.declines if d.rule == "split-stages")
    ecosystem = " ".join(case.get("ecosystem") or ["?"])
    return Judged(case["id"], case["should_migrate"], ecosystem, result, rung, reasons, at[:7])


@contextmanager
def _folder(kept: Path | None, name: str) -> Iterator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        (kept / name).mkdir(parents=True, exist_ok=True)
        yield kept / name


def main() -> None:
    """Print every case and the tables."""
    kept = Path(os.environ["DFMIGRATE_CASES"]) if "DFMIGRATE_CASES" in os.environ else None
    rows = cases(Path(os.environ["DFMIGRATE_CORPUS"]), sys.argv[1:])
    found = [judge(case, Path(os.environ["DFMIGRATE_MIRRORS"]), kept) for case in rows]
    judged = [one for one in found if one is not None]
    for one in sorted(judged, key=lambda one: (one.verdict, one.result, one.name)):
        print(f"{one.verdict:<8} {one.result:<8} {one.rung:<3} {one.name} ({one.ecosystem}) {one.at}")
        for reason in one.reasons if one.result != "split" else ():
            print(f"{'':<20} {reason[:200]}")
    print(f"\n{len(judged)} of {len(found)} cases; not at hand: {found.count(None)}")
    for verdict in ("yes", "no", "unclear"):
        results = Counter(one.result for one in judged if one.verdict == verdict)
        total = results.total()
        print(f"{verdict}: " + ", ".join(f"{count} {name} ({count / total:.0%})" for name, count in results.items()))
    print("\n| ecosystem | yes: split of all | no: split of all | unclear: split of all |\n|---|---|---|---|")
    for ecosystem in sorted({one.ecosystem for one in judged}):
        cells = [_share(judged, ecosystem, verdict) for verdict in ("yes", "no", "unclear")]
        print(f"| {ecosystem} | {' | '.join(cells)} |")


def _share(judged: list[Judged], ecosystem: str, verdict: str) -> str:
    here = [one for one in judged if (one.ecosystem, one.verdict) == (ecosystem, verdict)]
    return f"{sum(one.result == 'split' for one in here)} of {len(here)}" if here else ""


if __name__ == "__main__":
    main()
