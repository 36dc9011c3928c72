"""Which steps of a build ran, which came from the cache, and which one failed: read from the plain progress log."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STEP = re.compile(r"#(\d+) \[((?!internal\b|auth\b)[^\]]*?)(\d+)/(\d+)\] (.+)")
_CACHED = re.compile(r"#(\d+) CACHED$")
_SECONDS = re.compile(r"#(\d+) DONE (\d+(?:\.\d+)?)s$")
_FAILED = re.compile(r"#(\d+) ERROR: (.+)")
_PLACE = re.compile(r"^\S*:(\d+)$\n-{5,}$", re.MULTILINE)
# `STEP 3/7: RUN x`, `[1/2] STEP 3/7: RUN x` and `Step 3/7 : RUN x`.
_SERIAL = re.compile(r"(?:\[(\d+)/\d+\] )?(?:STEP|Step) (\d+)/\d+ ?: (.+)")
_SERIAL_CACHED = re.compile(r"\s*-{2,3}> Using cache\b")
_MADE = re.compile(r"\s*-{2,3}> ([0-9a-f]{10,64})$")
_REASON = re.compile(r"^(?:ERROR|Error|error): (.+)|^(The command '.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class BuildStep:
    """One instruction as the builder executed it."""

    stage: str
    """The stage's name, ``stage-1`` where it has none, empty in a file of one stage."""
    text: str
    """The instruction in one line, its variables expanded as the builder prints it."""
    cached: bool
    seconds: float | None = None
    """None: the builder does not say."""
    line: int | None = None
    """Of the Dockerfile; None where no line or more than one reads so."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a build failed."""

    reason: str
    line: int | None
    """The line of the Dockerfile on which the failing instruction starts."""
    step: str = ""
    tail: str = ""
    """The last lines of the log."""


def steps_of(log: str, dockerfile: bytes) -> tuple[BuildStep, ...]:
    """The steps in the order in which the log first names them."""
    lines = log.split("\n")
    where = _lines_of(dockerfile)
    if any(_STEP.match(line) for line in lines):
        return _buildkit(lines, where)
    return _serial(lines, where)


def failure_of(log: str, dockerfile: bytes) -> Failure:
    """What a failed build says of its reason."""
    reasons = [found[1] or found[2] for found in _REASON.finditer(log)]
    lines = [line for line in log.split("\n") if line.strip()]
    reason = reasons[-1] if reasons else (lines[-1].strip() if lines else "the builder said nothing")
    step = _failed_step(log)
    place = _PLACE.search(log)
    line = int(place[1]) if place is not None else _lines_of(dockerfile).get(_folded(step))
    return Failure(reason.removeprefix("failed to solve: "), line, step, "\n".join(lines[-20:]))


def made_images(log: str) -> tuple[str, ...]:
    """The ids of the images that a builder without BuildKit's cache made on its way, never those of a FROM."""
    found: list[str] = []
    is_ours = False
    for line in log.split("\n"):
        step = _SERIAL.match(line)
        if step is not None:
            is_ours = not step[3].upper().startswith("FROM ")
        elif _SERIAL_CACHED.match(line):
            is_ours = False
        elif is_ours and (made := _MADE.match(line)) is not None:
            found.append(made[1])
    return tuple(found)


def _failed_step(log: str) -> str:
    lines = log.split("\n")
    failed = {found[1] for line in lines if (found := _FAILED.match(line))}
    texts = [found[5] for line in lines if (found := _STEP.match(line)) and found[1] in failed]
    if texts or failed:
        return texts[0] if texts else ""
    serial = [found[3] for line in lines if (found := _SERIAL.match(line))]
    return serial[-1] if serial else ""


def _buildkit(lines: list[str], where: dict[str, int]) -> tuple[BuildStep, ...]:
    cached = {found[1] for line in lines if (found := _CACHED.match(line))}
    seconds = {found[1]: float(found[2]) for line in lines if (found := _SECONDS.match(line))}
    found_steps = {found[1]: found for line in lines if (found := _STEP.match(line))}
    return tuple(
        BuildStep(found[2].strip(), found[5], number in cached, seconds.get(number), where.get(_folded(found[5])))
        for number, found in found_steps.items()
    )


def _serial(lines: list[str], where: dict[str, int]) -> tuple[BuildStep, ...]:
    steps: list[BuildStep] = []
    for line in lines:
        found = _SERIAL.match(line)
        if found is not None:
            stage = f"stage-{int(found[1]) - 1}" if found[1] else ""
            steps.append(BuildStep(stage, found[3], False, None, where.get(_folded(found[3]))))
        elif steps and _SERIAL_CACHED.match(line):
            last = steps[-1]
            steps[-1] = BuildStep(last.stage, last.text, True, None, last.line)
    return tuple(steps)


def _lines_of(dockerfile: bytes) -> dict[str, int]:
    """Instructions by their text; those that stand there twice are left out."""
    from dfmigrate_grammar import parse

    tree = parse(dockerfile)
    found: dict[str, int] = {}
    twice = set()
    for instruction in tree.instructions:
        text = _folded(f"{instruction.name} {instruction.logical}")
        if text in found:
            twice.add(text)
        found[text] = tree.line_of(instruction)
    return {text: line for text, line in found.items() if text not in twice}


def _folded(text: str) -> str:
    keyword, _, rest = " ".join(text.split()).partition(" ")
    return f"{keyword.upper()} {rest}"
