"""The measured table in Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from .harness import Sides

HEAD = (
    "| application | size before | size after | smaller by | of the ideal | user | rebuild before | rebuild after |\n"
    "|---|---:|---:|---:|---:|---|---:|---:|\n"
)


def table(proofs: Iterable[Sides]) -> str:
    return HEAD + "".join(_row(sides) for sides in proofs)


def _row(sides: Sides) -> str:
    before, after = sides.behaviours
    saved = 1 - after.size / before.size
    seconds = [f"{rebuilt.build.seconds:.1f} s" for rebuilt in sides.rebuilds]
    ideal = f"{sides.ratio:.2f}"
    user = after.config.get("User") or "root"
    cells = (sides.app.name, _megabytes(before.size), _megabytes(after.size), f"{saved:.0%}", ideal, user, *seconds)
    return f"| {' | '.join(cells)} |\n"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
