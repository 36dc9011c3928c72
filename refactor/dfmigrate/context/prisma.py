"""What the schemas of Prisma generate, and where to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.remembered import remembered

_CLIENT = "prisma-client-js"
_BLOCK = re.compile(r"^\s*generator\s+\w+\s*\{(.*?)^\s*\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\s*(provider|output)\s*=\s*(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Generator:
    """One ``generator`` of a schema; its words are as written, without quotes where they are plain."""

    path: str
    provider: str
    output: str | None

    @property
    def is_usual(self) -> bool:
        """Prisma's own client, at the place that its package looks for it: ``node_modules/.prisma``."""
        return self.provider == _CLIENT and self.output is None

    @property
    def may_make_a_package(self) -> bool:
        """Whether it may write a folder into ``node_modules`` of which no package manager knows."""
        if self.output is not None:
            return "node_modules" in self.output or "(" in self.output
        return self.provider != _CLIENT


@remembered
def generators(context: Context, path: str) -> tuple[Generator, ...]:
    """The generators of one schema, in its order."""
    text = re.sub(r"//.*", "", context.read(path) or "")
    found = []
    for block in _BLOCK.finditer(text):
        fields = {name: value.strip('"') for name, value in _FIELD.findall(block[1])}
        found.append(Generator(path, fields.get("provider", ""), fields.get("output")))
    return tuple(found)


@remembered
def all_generators(context: Context) -> tuple[Generator, ...]:
    """Those of every schema of the project."""
    return tuple(one for path in context.files if path.endswith(".prisma") for one in generators(context, path))
