"""Migrations made by hand."""

from __future__ import annotations

from dfmigrate.migration import Decline, Evidence, Migration, Proved, Status, Step
from dfmigrate_grammar import parse

BEFORE = b"""# Shop
FROM node:18
WORKDIR /app
COPY . .
RUN npm ci
RUN echo "[bold]x[/bold] :smile:"	tab
CMD ["npm", "start"]
"""
REORDERED = BEFORE.replace(b"COPY . .\nRUN npm ci\n", b"COPY package.json ./\nRUN npm ci\nCOPY . .\n")
SPLIT = REORDERED.replace(b"FROM node:18\n", b"FROM node:18 AS build\n").replace(
    b"CMD", b"\nFROM node:18\nWORKDIR /app\nCOPY --from=build /app ./\nCMD"
)
USER = SPLIT.replace(b"CMD", b"USER node\nCMD")


def step(rule: str, before: bytes, after: bytes) -> Step:
    return Step(
        rule,
        f"Title of {rule}",
        f"Reason of {rule} with [red]brackets[/red].",
        parse(before),
        parse(after),
        (Proved("obligation", ("F1", "F2"), f"Proof of {rule}.", (Evidence("package.json", 7, '"start": "[x]",'),)),),
        (Evidence("Dockerfile", 4, "COPY . ."),),
        (f"Warning of {rule}.",),
    )


def migration(before: bytes, *steps: tuple[str, bytes]) -> Migration:
    taken: list[Step] = []
    text = before
    for rule, after in steps:
        taken.append(step(rule, text, after))
        text = after
    return Migration("Dockerfile", parse(before), parse(text), Status.CHANGED, tuple(taken), (), stack="Node (npm)")


def full() -> Migration:
    from dataclasses import replace

    declines = (
        Decline("C8", "slim-runtime", "The health check calls :curl:.", "install [curl].", 9),
        Decline("B4", "slim-runtime", "sharp loads libraries.", "", 12, "package.json"),
    )
    changed = migration(BEFORE, ("copy-manifests-first", REORDERED), ("split-stages", SPLIT), ("run-as-user", USER))
    return replace(changed, declines=declines, notes=("A note.",))
