"""Every obligation, and every part of one, is needed: without it some broken migration is no longer refused."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import pytest
from test_mutations import REFUSED, Refused

from dfmigrate.proof import (
    build_steps,
    configuration,
    declared,
    files,
    libraries,
    platform,
    programs,
    rewrites,
    user,
)
from dfmigrate.proof.case import Obligation

# The package gives the function of the same name in the module's place.
_CHECK = importlib.import_module("dfmigrate.proof.check")
OBLIGATIONS: tuple[Obligation, ...] = _CHECK.OBLIGATIONS

_PARTS: list[tuple[ModuleType, str, Any]] = [
    # What asks a part of the obligation, and the answer that lets everything pass.
    (build_steps, "_same_world", ()),
    (build_steps, "_same_files", ()),
    (files, "_context_absence", None),
    (files, "_run_absence", None),
    (programs, "_build_tools", ()),
    (programs, "_preparing", ()),
    (programs, "_shells", ()),
    (platform, "_same_version", ()),
    (libraries, "_packages", []),
    (libraries, "_toolchain", []),
    (libraries, "_dependencies", []),
    (libraries, "_loaded", []),
    (configuration, "_environment", []),
    (configuration, "_path_holds", True),
    (rewrites, "_run", ()),
    (rewrites, "_other", ()),
    (rewrites, "_other_stages", ()),
    (declared, "_labels", ()),
    (declared, "_command", ()),
    (declared, "_bases", ()),
    (user, "_existence", ()),
    (user, "_ownership", ()),
    (user, "_privileges", ()),
    (user, "_context", ()),
]


def _name(obligation: Obligation) -> str:
    return obligation.__module__.rpartition(".")[2]


@pytest.mark.parametrize("obligation", OBLIGATIONS, ids=_name)
def test_an_obligation_counts(obligation: Obligation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_CHECK, "OBLIGATIONS", tuple(other for other in OBLIGATIONS if other is not obligation))
    assert _unnoticed()


@pytest.mark.parametrize(
    ("module", "part", "answer"), _PARTS, ids=[f"{m.__name__.rpartition('.')[2]}{part}" for m, part, _ in _PARTS]
)
def test_a_part_counts(module: ModuleType, part: str, answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, part, lambda *_: answer)
    assert _unnoticed()


def test_variables_that_steer_the_runtime_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "_STEERS", frozenset[str]())
    assert _unnoticed()


def _unnoticed() -> list[Refused]:
    """Rows that are not refused any more, or only with other codes."""
    return [row for row in REFUSED if row.code not in {answer.code for answer in row.verdict().open}]
