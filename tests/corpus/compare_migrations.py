"""Compare the splits of the tool with those that people made: run it on the version before, and lay theirs beside it.

DFMIGRATE_CORPUS names the folder with migrations.jsonl, DFMIGRATE_MIRRORS the folder with the repositories' git
directories. For each file that both split: whether the runtime is of the same family, which of the paths that people
copied from their builder are in ours, and what of the original's configuration they lost and we keep.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from repositories import git_directory, lay_out

from dfmigrate.fleet.load import Target, migrate_target
from dfmigrate.knowledge.images import image
from dfmigrate.migration import Migration
from dfmigrate.model import Build, StageModel, interpret, is_within
from dfmigrate.model.oci import oci_config
from dfmigrate_grammar import parse

FIELDS = ("Env", "ExposedPorts", "Entrypoint", "Cmd", "WorkingDir", "User", "Volumes", "Labels", "Healthcheck")
_FAMILIES = {"eclipse-temurin": "java", "openjdk": "java", "amazoncorretto": "java", "maven": "java", "gradle": "java"}
_SYSTEMS = {
    "debian": "system",
    "ubuntu": "system",
    "buildpack-deps": "system",
    "alpine": "system",
    "distroless": "system",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One file that people split."""

    name: str
    result: str
    """``split``, ``not split`` or ``error``."""
    reasons: tuple[str, ...] = ()
    ours: str = ""
    theirs: str = ""
    same_family: bool | None = None
    covered: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    """Configuration of the original that people lost and we keep."""


def compare(row: dict[str, Any], mirrors: Path) -> Compared | None:
    """Migrate the version before; None when the repository or one of the two commits is not there."""
    git = git_directory(mirrors, row["repo"])
    human = _show(git, row["migration_commit"], row["path"]) if git is not None else None
    if git is None or human is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for below in {row["context"], row["path"]}:
            lay_out(git, row["commit"], below, Path(folder))
        target = Target(Path(folder, row["path"]), row["path"], Path(folder, row["context"]))
        outcome = migrate_target(target)
    if not isinstance(outcome, Migration) or outcome.understood is None:
        return Compared(row["id"], "error", (getattr(outcome, "text", None) or getattr(outcome, "error", "") or "",))
    if not any(step.rule == "split-stages" for step in outcome.steps):
        reasons = tuple(f"{d.code} {d.message}" for d in outcome.declines if d.rule == "split-stages")
        return Compared(row["id"], "not split", reasons)
    return _compared(row["id"], outcome, parse(human))


def _compared(name: str, outcome: Migration, human: Any) -> Compared:
    original = outcome.understood
    assert original is not None
    ours = interpret(outcome.after, original.context)
    if human.problems:
        return Compared(name, "split", ("the version that people wrote does not parse",))
    theirs = interpret(human, original.context)
    copied = tuple(_copied(theirs.final))
    held = [path for path in copied if _holds(ours.final, path)]
    return Compared(
        name,
        "split",
        (),
        _image(ours.final),
        _image(theirs.final),
        _family(ours) == _family(theirs),
        tuple(held),
        tuple(path for path in copied if path not in held),
        tuple(_lost(original, ours, theirs)),
    )


def _image(stage: StageModel) -> str:
    """The base image, through the stages that a stage is built on."""
    while stage.parent is not None:
        stage = stage.parent
    return stage.reference or "?"


def _copied(stage: StageModel) -> Iterator[str]:
    """The paths of the builder that people took over, where they were before."""
    for layer in stage.layers:
        if layer.name == "COPY" and layer.instruction.flag("from") is not None:
            yield from (source.rstrip("/") or "/" for source in layer.instruction.sources if source.startswith("/"))


def _holds(stage: StageModel, path: str) -> bool:
    """Whether our runtime has the path, or what lies below it, or a folder around it that is taken whole."""
    return any(is_within(write.path, path) or is_within(path, write.path) for write in stage.files.writes)


def _family(build: Build) -> str:
    stage = build.final
    facts = stage.base or image(stage.reference or "")
    if facts is None:
        return stage.reference or "?"
    return _FAMILIES.get(facts.family, _SYSTEMS.get(facts.family, facts.family))


def _lost(original: Build, ours: Build, theirs: Build) -> Iterator[str]:
    before, kept, human = (oci_config(build.final.final) for build in (original, ours, theirs))
    for field in FIELDS:
        if field == "Env":
            for variable in _own(original, before.get("Env", ())):
                if variable in kept.get("Env", ()) and variable not in human.get("Env", ()):
                    yield f"ENV {variable}"
        elif before.get(field) and kept.get(field) == before[field] != human.get(field):
            yield f"{field} {before[field]} (theirs: {human.get(field)})"


def _own(build: Build, variables: Any) -> list[str]:
    """Variables that the Dockerfile itself sets."""
    names = {pair.name for layer in build.final.layers if layer.name == "ENV" for pair in layer.instruction.pairs}
    return [variable for variable in variables if variable.partition("=")[0] in names]


def _show(git: Path, commit: str, path: str) -> bytes | None:
    done = subprocess.run(["git", f"--git-dir={git}", "show", f"{commit}:{path}"], capture_output=True)
    return done.stdout if done.returncode == 0 else None


def main() -> None:
    """Print every file and the shares."""
    text = Path(os.environ["DFMIGRATE_CORPUS"], "migrations.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in text.split("\n") if line]
    rows = [row for row in rows if not sys.argv[1:] or row["id"] in sys.argv[1:]]
    found = [compare(row, Path(os.environ["DFMIGRATE_MIRRORS"])) for row in rows]
    compared = [one for one in found if one is not None]
    for one in compared:
        print(f"{one.result:<10} {one.name}")
        for reason in one.reasons:
            print(f"{'':<12}{reason[:180]}")
        if one.ours:
            print(f"{'':<12}runtime {one.ours}, theirs {one.theirs}{'' if one.same_family else ' (another family)'}")
        for label, values in (("in ours", one.covered), ("not in ours", one.missed), ("they lost", one.lost)):
            for value in values:
                print(f"{'':<12}{label}: {value[:150]}")
    split = [one for one in compared if one.result == "split" and one.ours]
    held, all_ = sum(len(one.covered) for one in split), sum(len(one.covered) + len(one.missed) for one in split)
    print(f"\n{len(compared)} of {len(rows)} at hand; split {len(split)}")
    if split:
        same = sum(bool(one.same_family) for one in split)
        print(f"same runtime family: {same} of {len(split)} ({same / len(split):.0%})")
    if all_:
        print(f"paths that they copy: {held} of {all_} in ours ({held / all_:.0%})")
    print(f"configuration that they lost and we keep: {sum(len(one.lost) for one in split)}")


if __name__ == "__main__":
    main()
