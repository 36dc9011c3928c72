"""The shape of the code: imports run one way, and no module grows beyond one idea."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import dfmigrate
import dfmigrate_grammar

TOP = Path(__file__).parents[1]
PACKAGES = [Path(package.__file__).parent for package in (dfmigrate_grammar, dfmigrate) if package.__file__]
MODULES = sorted(module for package in PACKAGES for module in package.rglob("*.py"))
MAX_LINES = 400


def test_imports_run_one_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(TOP)
    status = lint_imports(config_filename=str(TOP / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_one_idea(module: Path) -> None:
    assert module.read_bytes().count(b"\n") <= MAX_LINES


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_nothing_prints_but_to_a_stream_it_names(module: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(module.read_bytes())) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert [call.lineno for call in prints if not any(word.arg == "file" for word in call.keywords)] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_annotations_are_not_evaluated(module: Path) -> None:
    text = module.read_text("utf-8")
    assert not text.strip() or "from __future__ import annotations" in text
