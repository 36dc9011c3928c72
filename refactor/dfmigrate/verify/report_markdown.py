"""A verification as Markdown, to be pasted into a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.report_text import MOST, TITLES, change, headline, measures, of_weight, parts, statement
from dfmigrate.verify.verification import Learned, Verdict, Verification

_SIGNS = {Verdict.EQUAL: "✅", Verdict.BROKEN: "❌", Verdict.NO_ORIGINAL: "⚠️"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~])")


def as_markdown(answer: Verification) -> str:
    """Headline and measures in sight, what is broken too; the rest folded away."""
    return "\n".join(_lines(answer)) + "\n"


def _lines(answer: Verification) -> Iterator[str]:
    yield f"### {_SIGNS[answer.verdict]} `dfmigrate verify` {_code(answer.path)}"
    yield ""
    yield f"{_plain(headline(answer))}."
    broken = of_weight(answer, Weight.BROKEN)
    if broken:
        yield ""
        yield from _findings(broken)
    yield ""
    yield from _table(("", "before", "after"), measures(answer))
    for weight in (Weight.INCOMPARABLE, Weight.DECLARED, Weight.NOTE):
        found = of_weight(answer, weight)
        if found:
            yield from _folded(f"{TITLES[weight]} ({len(found)})", _findings(found))
    if answer.after.parts:
        yield from _folded("What the image is made of", _table(("part", "size"), parts(answer.after)))
    if answer.learned is not None:
        yield from _folded("Learned from the original's build", _learned(answer.learned))
    if answer.limits:
        yield from _folded("Not compared", (f"- {_plain(limit)}" for limit in answer.limits))
    yield ""
    yield f"<sub>{_plain(answer.engine)}</sub>"


def _findings(findings: tuple[Finding, ...]) -> Iterator[str]:
    yield "| code | line | what | before → after |"
    yield "|---|---:|---|---|"
    for finding in findings[:MOST]:
        line = "" if finding.line is None else str(finding.line)
        hint = f"<br>{_plain(finding.hint)}" if finding.hint else ""
        yield f"| {finding.code} | {line} | {_plain(statement(finding))}{hint} | {_plain(change(finding) or '')} |"
    if len(findings) > MOST:
        yield f"| | | and {len(findings) - MOST} more | |"


def _learned(learned: Learned) -> Iterator[str]:
    yield from (f"- {_plain(line)}" for line in learned.evidence)
    yield from (f"- not learned: {_plain(line)}" for line in learned.refusals)
    if learned.answers:
        yield ""
        answers = "; ".join(f"{name} = {', '.join(values) or 'nothing'}" for name, values in learned.answers)
        where = "not written down" if learned.file is None else f"written to {learned.file}"
        yield f"{_plain(answers)} ({_plain(where)})"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(_plain(cell) for cell in row)} |"


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"


def _plain(text: str) -> str:
    """Text of others as text: no markup, no table cell and no mention of a person comes out of it."""
    return _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;")).replace("@", "@<!-- -->")


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`"
