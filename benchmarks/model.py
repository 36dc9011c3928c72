"""Compare the time of understanding an application's Dockerfile with that of reading it, on the applications of this
repository: every golden case and every application of tests/engine.

Four steps, each the best of several rounds in one run: reading the bytes (parse), listing the build context from disk,
the model, and all that `explain` asks of model and context. A last line says how long a whole migration takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from dfmigrate.context import Context
from dfmigrate.context.disk import read_context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration
from dfmigrate.model import interpret
from dfmigrate.model.called import called_programs
from dfmigrate.model.dependencies import dependencies
from dfmigrate_grammar import parse

_ROUNDS = 15
_TOP = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds for one application."""

    name: str
    parse: float
    list: float
    model: float
    questions: float
    migrate: float

    @property
    def beyond(self) -> float:
        """What model and context cost beyond reading the Dockerfile."""
        return self.list + self.model + self.questions


def best(work: Callable[[], object]) -> float:
    """Return the milliseconds of the quickest of several rounds."""
    quickest = float("inf")
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        quickest = min(quickest, time.perf_counter() - start)
    return quickest * 1000


def measure(dockerfile: Path) -> Times | None:
    """Return the times of one application; None for a file that has no model."""
    source = dockerfile.read_bytes()
    tree = parse(source)
    if tree.problems or tree.is_foreign:
        return None

    def listed() -> Context:
        return read_context(dockerfile.parent, dockerfile)

    def understood(context: Context) -> None:
        build = interpret(parse(source), context)
        called_programs(build)
        dependencies(build)

    def migrated() -> Migration:
        return migrate(source, path="Dockerfile", context=listed())

    parsing = best(lambda: parse(source))
    listing = best(listed)
    # A context remembers what was asked of it, so each round gets a fresh one.
    model = best(lambda: interpret(parse(source), listed())) - parsing - listing
    questions = best(lambda: understood(listed())) - parsing - listing - model
    return Times(dockerfile.parent.name, parsing, listing, max(model, 0.0), max(questions, 0.0), best(migrated))


def main() -> None:
    """Print a line for each application, and the medians."""
    files = sorted([*_TOP.glob("golden/*/Dockerfile"), *_TOP.glob("tests/engine/apps/*/Dockerfile")])
    times = [found for file in files if (found := measure(file)) is not None]
    heads = ("parse", "list", "model", "asked", "beyond")
    print(f"{'application':<32} {' '.join(f'{head:>7}' for head in heads)} {'ratio':>6} {'migrate':>8}")
    for one in sorted(times, key=lambda one: one.beyond):
        print(
            f"{one.name:<32} {one.parse:7.2f} {one.list:7.2f} {one.model:7.2f} {one.questions:7.2f} {one.beyond:7.2f} "
            f"{one.beyond / one.parse:6.1f} {one.migrate:8.1f}"
        )
    beyond, ratio = median(one.beyond for one in times), median(one.beyond / one.parse for one in times)
    print(f"{len(times)} applications, ms; medians: beyond parsing {beyond:.2f} ms, {ratio:.1f}x parsing; ", end="")
    print(f"most {max(one.beyond for one in times):.2f} ms")


if __name__ == "__main__":
    main()
