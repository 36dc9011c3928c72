"""The options with which open questions are answered, shared by the commands that migrate."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

Said = dict[str, list[str]]
"""The answers that were given, by name."""
NOTHING_SAID: Said = {}


def answered(
    artifact: Annotated[
        list[str] | None,
        typer.Option("--artifact", metavar="PATH", help="What a step that is not understood leaves behind, all of it."),
    ] = None,
    runtime: Annotated[
        str | None, typer.Option("--runtime", metavar="IMAGE", help="The image that the result is to run in.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", metavar="UID[:GID]", help="The user to run as; root to leave it as it is.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", metavar="PATH", help="A path that the runtime must have, too.")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="CODE", help="Take an open obligation upon yourself.")
    ] = None,
    max_rung: Annotated[
        str | None, typer.Option("--max-rung", metavar="RUNG", help="T0 no split, T1 same base ... T4 distroless.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULE", help="A rule that is not to run.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="RULE", help="An optional rule that is to run, too.")
    ] = None,
    guards: Annotated[
        bool | None, typer.Option("--guards/--no-guards", help="Add checks to the build that find what is missing.")
    ] = None,
) -> Said:
    """The answers among the options; the signature is where the options are declared."""
    lists = {"artifact": artifact, "keep": keep, "accept": accept, "ignore": ignore, "select": select}
    switch = None if guards is None else str(guards).lower()
    words = {"runtime": runtime, "user": user, "max-rung": max_rung, "guards": switch}
    said = {name: values for name, values in lists.items() if values}
    return said | {name: [value] for name, value in words.items() if value is not None}


def takes_answers(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of ``answered`` in place of its parameter ``said``, which gets what they say."""
    options = inspect.signature(answered, eval_str=True).parameters
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command, eval_str=True).parameters.items():
        parameters += options.values() if name == "said" else (parameter,)

    def called(**given: Any) -> None:
        command(said=answered(**{name: given.pop(name) for name in options}), **given)

    called.__name__, called.__doc__ = command.__name__, command.__doc__
    # Typer reads both.
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return called
