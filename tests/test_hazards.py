"""The catalogue of codes: each one that the package can emit is explained once, and not as one that nobody examines."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfmigrate.knowledge.hazards import Hazard, hazard, hazard_groups
from dfmigrate.review.hazards import catalogue

TOP = Path(__file__).parents[1]
PAGE = TOP / "docs" / "hazards.md"
MODULES = sorted((TOP / "refactor" / "dfmigrate").rglob("*.py"))

_HAZARD = re.compile(r"[A-H]\d{1,2}")
_OWN = re.compile(r"[A-Z]{2,}(_[A-Z]+)*")
_SAYS_A_CODE = frozenset({"Decline", "declined", "Open", "Proved", "_decline", "_open", "_whole"})


def _emitted() -> dict[str, str]:
    """Each code with one place that emits it: hazard ids told by their form, the tool's own codes by what is called."""
    found: dict[str, str] = {}
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_bytes())):
            for code in _codes(node):
                found.setdefault(code, f"{module.relative_to(TOP)}:{getattr(node, 'lineno', 0)}")
    return found


def _codes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and _HAZARD.fullmatch(node.value):
            yield node.value
    elif isinstance(node, ast.Call) and _name(node.func) in _SAYS_A_CODE:
        for word in (*node.args, *(keyword.value for keyword in node.keywords)):
            yield from (text for text in _texts(word) if _OWN.fullmatch(text))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts(word: ast.expr) -> Iterator[str]:
    """The argument itself, and both sides of a choice; not the arguments of calls within it."""
    if isinstance(word, ast.Constant) and isinstance(word.value, str):
        yield word.value
    elif isinstance(word, ast.IfExp):
        yield from (*_texts(word.body), *_texts(word.orelse))


HAZARDS = [one for group in hazard_groups() for one in group.hazards]
EMITTED = _emitted()


def test_the_codes_are_found() -> None:
    assert {"A12", "E10", "C8", "MULTI_STAGE", "NO_BENEFIT", "WINDOWS", "INTERNAL", "COMMENT"} <= EMITTED.keys()


@pytest.mark.parametrize("code", sorted(EMITTED))
def test_an_emitted_code_is_explained(code: str) -> None:
    found = hazard(code)
    assert found is not None, f"{EMITTED[code]} emits {code}, which knowledge/hazards.toml does not explain"
    assert not found.tool.startswith("**not yet examined**"), f"{EMITTED[code]} examines {code}"


@pytest.mark.parametrize("one", HAZARDS, ids=lambda one: one.code)
def test_an_entry_says_what_breaks_what_the_tool_does_and_what_lifts_it(one: Hazard) -> None:
    assert one.title
    assert all(text.endswith(".") for text in (one.breaks, one.tool, one.you)), one


def test_the_page_is_made_of_the_entries() -> None:
    preface, contents, _ = PAGE.read_text("utf-8").partition("| group | codes |")
    page = preface + catalogue()
    if os.environ.get("DFMIGRATE_ACCEPT"):
        PAGE.write_text(page, "utf-8")
    assert contents
    assert PAGE.read_text("utf-8") == page


def _cases() -> dict[str, list[str]]:
    """Each code with the modules of ``tests/rules`` that have a case for it: ``Hazard("A1", ...)``."""
    found: dict[str, list[str]] = {}
    for module in sorted((TOP / "tests" / "rules").glob("test_hazard_?.py")):
        for node in ast.walk(ast.parse(module.read_bytes())):
            if isinstance(node, ast.Call) and _name(node.func) == "Hazard" and isinstance(node.args[0], ast.Constant):
                found.setdefault(str(node.args[0].value), []).append(module.name)
    return found


@pytest.mark.parametrize("code", [one.code for one in HAZARDS if _HAZARD.fullmatch(one.code)])
def test_a_hazard_has_a_case_that_shows_it_minded(code: str) -> None:
    modules = _cases().get(code, [])
    assert modules == [f"test_hazard_{code[0].lower()}.py"] * max(len(modules), 1), code
