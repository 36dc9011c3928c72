"""The words and numbers that the reports for people share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dfmigrate.review.visible import sentence, visible
from dfmigrate.verify.behaviour import Answer, Behaviour
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.verification import Side, Verdict, Verification

TITLES = {
    Weight.BROKEN: "Broken",
    Weight.INCOMPARABLE: "Not comparable",
    Weight.DECLARED: "Different on purpose",
    Weight.NOTE: "Notes",
}
HEADLINES = {
    Verdict.EQUAL: "The migrated image does what the original does",
    Verdict.BROKEN: "The migrated image does not do what the original does",
    Verdict.NO_ORIGINAL: "Nothing is proved: the original does not work here",
}
MOST = 40
"""Findings of one weight that a report for people lists."""
_SHOWN = 120


def headline(answer: Verification) -> str:
    text = HEADLINES[answer.verdict]
    return f"{text} ({sentence(answer.original_fails)})" if answer.original_fails else text


def of_weight(answer: Verification, weight: Weight) -> tuple[Finding, ...]:
    return tuple(finding for finding in answer.findings if finding.weight is weight)


def statement(finding: Finding) -> str:
    """Subject and message in one line, safe to print."""
    return f"{visible(finding.subject)}: {sentence(finding.message)}"


def change(finding: Finding) -> str | None:
    """Before and after in one line; None when neither is known."""
    if finding.before is None and finding.after is None:
        return None
    return f"{_short(finding.before)} -> {_short(finding.after)}"


def measures(answer: Verification) -> Iterator[tuple[str, str, str]]:
    """Name, before and after of everything that was measured or asked."""
    before, after = answer.before, answer.after
    if before.image is not None or after.image is not None:
        yield "size", _size(before), _size(after) + _saved(before, after)
        yield "layers", _layers(before), _layers(after)
    yield "build", _seconds(before.seconds), _seconds(after.seconds)
    if before.rebuild is not None and after.rebuild is not None:
        yield (
            f"after a touch of {visible(before.rebuild.file)}",
            f"{_seconds(before.rebuild.seconds)}, {_steps(before)}",
            f"{_seconds(after.rebuild.seconds)}, {_steps(after)}",
        )
    if before.behaviour is not None and after.behaviour is not None:
        yield from _seen(before.behaviour, after.behaviour)


def _seen(before: Behaviour, after: Behaviour) -> Iterator[tuple[str, str, str]]:
    """What both containers were asked, and where and as whom they ran."""
    later = {answer.path: answer for answer in after.answers}
    for answer in before.answers:
        yield f"answer to {visible(answer.path)}", _status(answer), _status(later.get(answer.path))
    rows = (
        ("smoke command", _smoke(before), _smoke(after)),
        ("health check", _health(before), _health(after)),
        ("listens on", _listed(before.ports), _listed(after.ports)),
        ("runs as user", _listed(before.users), _listed(after.users)),
        ("ends with", _code(before.exit), _code(after.exit)),
    )
    yield from (row for row in rows if row[1:] != ("-", "-"))


def _status(answer: Answer | None) -> str:
    return "none" if answer is None or answer.status is None else str(answer.status)


def _smoke(side: Behaviour) -> str:
    if side.smoke is None:
        return "-"
    return "no end" if side.smoke.exit is None else f"exit {side.smoke.exit}"


def _health(side: Behaviour) -> str:
    return {None: "-", True: "healthy", False: "unhealthy"}[side.healthy]


def _listed(values: Iterable[str] | Iterable[int] | None) -> str:
    return ", ".join(sorted(map(str, values or ()))) or "-"


def _code(code: int | None) -> str:
    return "-" if code is None else str(code)


def parts(side: Side) -> Iterator[tuple[str, str]]:
    """What each part of the Dockerfile adds."""
    for part in side.parts:
        yield visible(part.name), f"{megabytes(part.bytes)} in {part.files} files"


def megabytes(size: int) -> str:
    """A size in bytes for people; small ones in kB."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"


def _size(side: Side) -> str:
    return megabytes(side.image.size) if side.image is not None else "-"


def _saved(before: Side, after: Side) -> str:
    if before.image is None or after.image is None or not before.image.size:
        return ""
    return f" ({(after.image.size - before.image.size) / before.image.size:+.0%})"


def _layers(side: Side) -> str:
    return str(len(side.image.layers)) if side.image is not None else "-"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds else "-"


def _steps(side: Side) -> str:
    count = len(side.rebuild.repeated) if side.rebuild is not None else 0
    return f"{count} step{'' if count == 1 else 's'} run again"


def _short(text: str | None) -> str:
    if text is None:
        return "nothing"
    line = visible(" ".join(text.split()))
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
