"""Every rule's examples, as its documentation shows them, run alone and proved."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migration import Decline
from dfmigrate.model import interpret
from dfmigrate.proof import Case, check
from dfmigrate.rules import RULES, Example, Proposal, Rule
from dfmigrate_grammar import parse

_CASES = [
    pytest.param(rule, example, id=f"{rule.name}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
]


def _first_proved(rule: Rule, example: Example) -> tuple[str | None, set[str]]:
    before = interpret(parse(example.before), Context.of({"Dockerfile": example.before, **example.files}))
    codes: set[str] = set()
    for proposal in rule.propose(before):
        if isinstance(proposal, Decline):
            codes.add(proposal.code)
            continue
        assert isinstance(proposal, Proposal)
        verdict = check(Case(before, interpret(proposal.after, before.context), proposal.declared))
        if verdict.holds:
            return proposal.after.source, codes
        codes.update(answer.code for answer in verdict.open)
    return None, codes


@pytest.mark.parametrize(("rule", "example"), _CASES)
def test_example(rule: Rule, example: Example) -> None:
    after, codes = _first_proved(rule, example)
    assert after == example.after
    assert codes >= set(example.codes)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_documents_itself(rule: Rule) -> None:
    for heading in ("## What it does", "## Why", "## When it declines"):
        assert heading in rule.documentation
    assert any(example.after is not None for example in rule.examples) or rule.safety == "manual"
    assert any(example.after is None for example in rule.examples)
