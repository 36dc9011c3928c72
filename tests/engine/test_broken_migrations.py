"""Migrations that were broken on purpose: each is found, for the right reason and at the right line.

Needs an engine, as ``test_apps.py``. Every folder of ``broken/`` has an original ``Dockerfile``, a broken
``Dockerfile.migrated``, their context, and in ``case.toml`` what must be found.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dfmigrate.model import Build, interpret
from dfmigrate.verify.build_log import Failure
from dfmigrate.verify.compare import compare
from dfmigrate.verify.configuration import image_config
from dfmigrate.verify.engine import Engine, EngineError, detect
from dfmigrate.verify.filesystem import ImageFiles, read_image
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.images import Recipe, build, facts, file_system
from dfmigrate.verify.journal import Run, opened_run
from dfmigrate.verify.pair import Image
from dfmigrate_grammar import parse

BROKEN = Path(__file__).with_name("broken")


def _engine() -> Engine | str:
    if os.environ.get("DFMIGRATE_ENGINE") != "1":
        return "set DFMIGRATE_ENGINE=1 to build broken migrations"
    try:
        return detect(None)
    except EngineError as error:
        return f"DFMIGRATE_ENGINE=1, but {error}"


ENGINE = _engine()
WHY_NOT = ENGINE if isinstance(ENGINE, str) else ""
pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]


@dataclass(frozen=True, slots=True)
class Case:
    """A broken migration, and what must be said of it."""

    folder: Path
    description: str
    code: str
    subject: str
    cause: str
    """How the line of the migrated file begins that is to blame."""
    declared: tuple[str, ...] = ()


def _case(folder: Path) -> Case:
    said = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    return Case(folder, **{**said, "declared": tuple(said.get("declared", ()))})


CASES = [_case(path.parent) for path in sorted(BROKEN.glob("*/case.toml"))]


@dataclass
class Workshop:
    """An engine, a run on it, and the base images that were read already."""

    engine: Engine
    run: Run
    bases: dict[str, ImageFiles]

    def image(self, name: str, dockerfile: bytes, folder: Path, meant: Build) -> Image:
        described, files = self._made(name, dockerfile, folder, self._base(meant))
        return Image(files, image_config(described), self._base(meant))

    def _base(self, meant: Build) -> ImageFiles:
        reference = meant.final.node.image.text
        if reference == "scratch":
            return ImageFiles()
        if reference not in self.bases:
            text = f"FROM {reference}\n".encode()
            self.bases[reference] = self._made(f"base{len(self.bases)}", text, BROKEN, None)[1]
        return self.bases[reference]

    def _made(
        self, name: str, dockerfile: bytes, folder: Path, known: ImageFiles | None
    ) -> tuple[dict[str, object], ImageFiles]:
        built = build(self.engine, self.run, name, dockerfile, Recipe(folder, network="host"))
        assert not isinstance(built, Failure), f"{built.reason}\n{built.tail}"
        try:
            with file_system(self.engine, self.run, built.reference) as stream:
                return dict(facts(self.engine, built.reference).config), read_image(stream, known=known)
        finally:
            self.engine.ask("image", "rm", "--force", built.reference)


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    assert isinstance(ENGINE, Engine)
    with opened_run() as run:
        yield Workshop(ENGINE, run, {})


@pytest.fixture(scope="module")
def table() -> Iterator[list[str]]:
    rows: list[str] = []
    yield rows
    head = "| broken on purpose | code | found | line |\n|---|---|---|---|\n"
    text = head + "".join(rows)
    report = os.environ.get("DFMIGRATE_BROKEN_REPORT")
    if report:
        Path(report).write_bytes(text.encode())
    else:
        sys.stdout.write("\n" + text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)
def test_a_broken_migration_is_found(case: Case, workshop: Workshop, table: list[str]) -> None:
    texts = [(case.folder / name).read_bytes() for name in ("Dockerfile", "Dockerfile.migrated")]
    original, migrated = (interpret(parse(text), None) for text in texts)
    before = workshop.image("before", texts[0], case.folder, original)
    after = workshop.image("after", texts[1], case.folder, migrated)
    findings = compare(before, after, original, migrated, frozenset(case.declared))
    found = [each for each in findings if each.weight is Weight.BROKEN]
    reason = next((each for each in found if (each.code, each.subject) == (case.code, case.subject)), None)
    assert reason is not None, "\n".join(_said(each) for each in findings if each.weight is not Weight.NOTE)
    line = texts[1].decode().split("\n")[(reason.line or 0) - 1]
    table.append(f"| {case.description} | {reason.code} | {reason.subject}: {reason.message} | `{line}` |\n")
    assert line.startswith(case.cause)
    # What is told beside it follows from it; a broken migration is no list of guesses.
    assert len(found) <= 3, "\n".join(map(_said, found))


@pytest.mark.parametrize("case", CASES[:1], ids=["itself"])
def test_an_image_is_equal_to_itself(case: Case, workshop: Workshop) -> None:
    text = (case.folder / "Dockerfile").read_bytes()
    meant = interpret(parse(text), None)
    images = [workshop.image(name, text, case.folder, meant) for name in ("before", "after")]
    assert compare(images[0], images[1], meant, meant) == ()


def _said(finding: Finding) -> str:
    return f"{finding.weight.value} {finding.code} {finding.subject}: {finding.message} (line {finding.line})"
