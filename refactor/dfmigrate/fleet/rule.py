"""``dfmigrate rule``: what the rules do, in the words of their own documentation, and what a code means."""

from __future__ import annotations

import difflib
import sys

from dfmigrate.fleet.outcome import Exit
from dfmigrate.knowledge.hazards import hazard, hazard_groups
from dfmigrate.review.hazards import section
from dfmigrate.rules import RULES, Example, Rule


def run_rule(name: str | None) -> Exit:
    """Print one rule's documentation, class and examples, what a code stands for, or a line for each rule."""
    if name is None:
        for line in _list():
            print(line, file=sys.stdout)
        return Exit.DONE
    rule = next((rule for rule in RULES if rule.name == name), None)
    code = hazard(name) if rule is None else None
    if rule is not None:
        print(_page(rule), file=sys.stdout)
    elif code is not None:
        print(f"# {code.code} {code.title}\n\n{section(code)}", end="", file=sys.stdout)
    else:
        print(f"error: no rule or code {name!r}; {_nearest(name)}", file=sys.stderr)
        return Exit.FAILED
    return Exit.DONE


def _nearest(name: str) -> str:
    names = [rule.name for rule in RULES]
    codes = [one.code for group in hazard_groups() for one in group.hazards]
    near = difflib.get_close_matches(name, names, n=1) or difflib.get_close_matches(name.upper(), codes, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are the codes of declines, and {', '.join(names)}"


def _list() -> list[str]:
    width = max(len(rule.name) for rule in RULES)
    return [f"{rule.name:<{width}}  {rule.safety:<6}  {_when(rule):<8}  {rule.summary}" for rule in RULES]


def _when(rule: Rule) -> str:
    return "selected" if rule.optional else "default"


def _page(rule: Rule) -> str:
    how = f"--select {rule.name}" if rule.optional else f"runs by default; --ignore {rule.name} leaves it out"
    parts = [f"# {rule.name}", f"Class: {rule.safety}. Selection: {how}.", rule.documentation.strip(), "## Examples"]
    return "\n\n".join((*parts, *(_example(example) for example in rule.examples)))


def _example(example: Example) -> str:
    if example.after is None:
        codes = f" ({', '.join(example.codes)})" if example.codes else ""
        return f"Left alone{codes}:\n\n{_indented(example.before)}"
    return f"Before:\n\n{_indented(example.before)}\n\nAfter:\n\n{_indented(example.after)}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))
