"""What a rule is: a name, its documentation and examples, and a function that proposes changed Dockerfiles, best
first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from dfmigrate.migration import Decline, Evidence
from dfmigrate.model import Build
from dfmigrate_grammar import Dockerfile

Safety = Literal["safe", "review", "manual"]
"""``safe``: proved to change nothing that runs; ``review``: changes something on purpose, or rests on what no file
tells; ``manual``: never applied, only told."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One changed Dockerfile, to be proved before anybody sees it."""

    after: Dockerfile
    title: str
    reason: str
    declared: frozenset[str] = frozenset()
    """The fields of the final image's configuration that change on purpose, such as ``user`` or ``env:PATH``."""
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A Dockerfile with its context, and what the rule makes of it; ``after`` None means it is left alone."""

    before: str
    after: str | None
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    codes: tuple[str, ...] = ()
    """Reason codes that must be among the declines."""


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    documentation: str
    propose: Callable[[Build], Iterator[Proposal | Decline]]
    examples: tuple[Example, ...]
    safety: Safety = "safe"
    optional: bool = False
    """It runs only when it is selected by name."""

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return self.documentation.strip().partition("\n")[0]


class Declined(Exception):
    """Raised at the first doubt, where a rule cannot go on."""

    def __init__(self, decline: Decline) -> None:
        super().__init__(decline.message)
        self.decline = decline


def declined(
    code: str, rule: str, message: str, hint: str, line: int | None = None, path: str | None = None
) -> Declined:
    return Declined(Decline(code, rule, message, hint, line, path))
