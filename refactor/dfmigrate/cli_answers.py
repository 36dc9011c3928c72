"""The options with which open questions are answered, shared by the commands that migrate."""

from __future__ import annotations

from typing import Annotated

import typer

ArtifactOption = Annotated[
    list[str] | None,
    typer.Option("--artifact", metavar="PATH", help="What a step that is not understood leaves behind, all of it."),
]
RuntimeOption = Annotated[
    str | None, typer.Option("--runtime", metavar="IMAGE", help="The image that the result is to run in.")
]
UserOption = Annotated[
    str | None, typer.Option("--user", metavar="UID[:GID]", help="The user to run as; root to leave it as it is.")
]
KeepOption = Annotated[
    list[str] | None, typer.Option("--keep", metavar="PATH", help="A path that the runtime must have, too.")
]
AcceptOption = Annotated[
    list[str] | None, typer.Option("--accept", metavar="CODE", help="Take an open obligation upon yourself.")
]
MaxRungOption = Annotated[
    str | None, typer.Option("--max-rung", metavar="RUNG", help="T0 no split, T1 same base ... T4 distroless.")
]
IgnoreOption = Annotated[list[str] | None, typer.Option("--ignore", metavar="RULE", help="A rule that is not to run.")]

SelectOption = Annotated[
    list[str] | None, typer.Option("--select", metavar="RULE", help="An optional rule that is to run, too.")
]
GuardsOption = Annotated[
    bool | None, typer.Option("--guards/--no-guards", help="Add checks to the build that find what is missing.")
]


def answered(
    artifact: list[str] | None,
    runtime: str | None,
    user: str | None,
    keep: list[str] | None,
    accept: list[str] | None,
    max_rung: str | None,
    ignore: list[str] | None,
    select: list[str] | None,
    guards: bool | None,
) -> dict[str, list[str]]:
    """The answers that were given, by name."""
    lists = {"artifact": artifact, "keep": keep, "accept": accept, "ignore": ignore, "select": select}
    switch = None if guards is None else str(guards).lower()
    words = {"runtime": runtime, "user": user, "max-rung": max_rung, "guards": switch}
    said = {name: values for name, values in lists.items() if values}
    return said | {name: [value] for name, value in words.items() if value is not None}
