"""The catalogue of codes: each one that the package can emit is explained once, and not as one that nobody examines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
CATALOGUE = TOP / "docs" / "hazards.md"
MODULES = sorted((TOP / "refactor" / "dfmigrate").rglob("*.py"))

_HAZARD = re.compile(r"[A-H]\d{1,2}")
_OWN = re.compile(r"[A-Z]{2,}(_[A-Z]+)*")
_SAYS_A_CODE = frozenset({"Decline", "declined", "Open", "Proved", "_decline", "_open", "_whole"})
_SECTION = re.compile(r'^### (\S+) (.+) <a id="([a-z0-9-]+)"></a>$')
_LINK = re.compile(r"\[([A-Z0-9_]+)\]\(#([a-z0-9-]+)\)")


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


def _sections() -> list[tuple[str, str, tuple[str, ...]]]:
    """Code, anchor and lines of each section, in their order."""
    found: list[tuple[str, str, list[str]]] = []
    for line in CATALOGUE.read_text("utf-8").split("\n"):
        heading = _SECTION.match(line)
        if heading is not None:
            found.append((heading[1], heading[3], []))
        elif line.startswith("#"):
            assert not line.startswith("###"), f"not the form of a section: {line}"
        elif found and line.startswith("- "):
            found[-1][2].append(line)
    return [(code, anchor, tuple(lines)) for code, anchor, lines in found]


SECTIONS = _sections()
EMITTED = _emitted()


def test_the_codes_are_found() -> None:
    assert {"A12", "E10", "C8", "MULTI_STAGE", "NO_BENEFIT", "WINDOWS", "INTERNAL", "COMMENT"} <= EMITTED.keys()


@pytest.mark.parametrize("code", sorted(EMITTED))
def test_an_emitted_code_is_explained(code: str) -> None:
    lines = next((lines for name, _, lines in SECTIONS if name == code), None)
    assert lines is not None, f"{EMITTED[code]} emits {code}, which docs/hazards.md does not explain"
    assert not lines[1].startswith("- **Tool**: **not yet examined**"), f"{EMITTED[code]} examines {code}"


def test_codes_and_anchors_are_unique() -> None:
    codes = [code for code, _, _ in SECTIONS]
    assert len(codes) == len(set(codes))
    assert [anchor for _, anchor, _ in SECTIONS] == [code.lower().replace("_", "-") for code in codes]


@pytest.mark.parametrize(("code", "lines"), [pytest.param(code, lines, id=code) for code, _, lines in SECTIONS])
def test_a_section_says_what_breaks_what_the_tool_does_and_what_lifts_it(code: str, lines: tuple[str, ...]) -> None:
    assert [line.partition("**: ")[0] for line in lines] == ["- **Breaks", "- **Tool", "- **You"], code


def test_the_table_of_contents_names_every_section() -> None:
    contents = CATALOGUE.read_text("utf-8").partition("\n## ")[0]
    assert _LINK.findall(contents) == [(code, anchor) for code, anchor, _ in SECTIONS]


def _cases() -> dict[str, list[str]]:
    """Each code with the modules of ``tests/rules`` that have a case for it: ``Hazard("A1", ...)``."""
    found: dict[str, list[str]] = {}
    for module in sorted((TOP / "tests" / "rules").glob("test_hazard_?.py")):
        for node in ast.walk(ast.parse(module.read_bytes())):
            if isinstance(node, ast.Call) and _name(node.func) == "Hazard" and isinstance(node.args[0], ast.Constant):
                found.setdefault(str(node.args[0].value), []).append(module.name)
    return found


@pytest.mark.parametrize("code", [code for code, _, _ in SECTIONS if _HAZARD.fullmatch(code)])
def test_a_hazard_has_a_case_that_shows_it_minded(code: str) -> None:
    modules = _cases().get(code, [])
    assert modules == [f"test_hazard_{code[0].lower()}.py"] * max(len(modules), 1), code
