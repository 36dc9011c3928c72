"""Compare the splits of the tool with those that people made: run it on the version before, and lay theirs beside it.

DFMIGRATE_CORPUS names the folder with migrations.jsonl, DFMIGRATE_MIRRORS the folder with the repositories' git
directories. For each file that both split: whether the runtime is of the same family, which of the paths that people
copied from their builder are in ours (``human_copies.py`` says when), and what of the original's configuration they
lost and we keep. A version of theirs whose last stage takes nothing from another one is listed, and not counted: what
it built is not in it.
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
from human_copies import Copied, copied, takes_nothing
from repositories import git_directory, lay_out

from dfmigrate.fleet.load import Target, migrate_target
from dfmigrate.knowledge.images import image
from dfmigrate.migration import Migration
from dfmigrate.model import Build, StageModel, interpret
from dfmigrate.model.oci import oci_config
from dfmigrate_grammar import parse

FIELDS = ("Env", "ExposedPorts", "Entrypoint", "Cmd", "WorkingDir", "User", "Volumes", "Labels", "Healthcheck")
_FAMILIES = {"eclipse-temurin": "java", "openjdk": "java", "amazoncorretto": "java", "maven": "java", "gradle": "java"}
# The image of Elixir is built on that of Erlang, and a release brings its own runtime system.
_FAMILIES |= {"elixir": "beam", "erlang": "beam"}
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
    copied: tuple[Copied, ...] = ()
    broken: bool = False
    """Theirs takes nothing from the stage that builds."""
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
    if takes_nothing(theirs):
        return Compared(name, "split", ours=_image(ours.final), theirs=_image(theirs.final), broken=True)
    return Compared(
        name,
        "split",
        (),
        _image(ours.final),
        _image(theirs.final),
        _family(ours) == _family(theirs),
        tuple(copied(original, ours, theirs)),
        False,
        tuple(_lost(original, ours, theirs)),
    )


def _image(stage: StageModel) -> str:
    """The base image, through the stages that a stage is built on."""
    while stage.parent is not None:
        stage = stage.parent
    return stage.reference or "?"


def _family(build: Build) -> str:
    stage = build.final
    facts = stage.base or image(stage.reference or "")
    if facts is None:
        # `vapor/ubuntu` is somebody's Ubuntu.
        name = (stage.reference or "?").rpartition("/")[2].partition(":")[0]
        return _SYSTEMS.get(name, stage.reference or "?")
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
        _print(one)
    both = [one for one in compared if one.result == "split" and one.ours]
    print(f"\n{len(compared)} of {len(rows)} at hand; split {len(both)}")
    whole = [one for one in both if not one.broken]
    if whole:
        same = sum(bool(one.same_family) for one in whole)
        print(f"same runtime family: {same} of {len(whole)} ({same / len(whole):.0%})")
    paths = [path for one in whole for path in one.copied]
    if paths:
        held = sum(bool(path.how) for path in paths)
        print(f"paths that they copy: {held} of {len(paths)} in ours ({held / len(paths):.0%})")
    print(f"configuration that they lost and we keep: {sum(len(one.lost) for one in whole)}")


def _print(one: Compared) -> None:
    print(f"{one.result:<10} {one.name}")
    for reason in one.reasons:
        print(f"{'':<12}{reason[:180]}")
    if one.broken:
        print(f"{'':<12}not counted: their last stage, {one.theirs}, takes nothing from the one that builds")
    elif one.ours:
        print(f"{'':<12}runtime {one.ours}, theirs {one.theirs}{'' if one.same_family else ' (another family)'}")
    for path in one.copied:
        print(f"{'':<12}{f'in ours ({path.how})' if path.how else 'not in ours'}: {path.path}")
    for value in one.lost:
        print(f"{'':<12}they lost: {value[:150]}")


if __name__ == "__main__":
    main()
