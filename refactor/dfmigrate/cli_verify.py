"""``dfmigrate verify``: its options."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dfmigrate.cli_answers import NOTHING_SAID, Said, takes_answers
from dfmigrate.cli_edge import Color, ColorOption, DebugOption, QuietOption, colored, exit_with, fail


class VerifyFormat(StrEnum):
    """How `verify` shows what came out."""

    PRETTY = "pretty"
    JSON = "json"
    MARKDOWN = "markdown"


@takes_answers
def verify(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A Dockerfile, or its folder.", show_default=False)],
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="Verify this file, not the migration.")
    ] = None,
    context: Annotated[
        Path | None, typer.Option("--context", metavar="DIR", exists=True, file_okay=False, help="Build context.")
    ] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", metavar="NAME", help="docker, podman or buildah; else the first there.")
    ] = None,
    build_arg: Annotated[list[str] | None, typer.Option("--build-arg", metavar="K=V", help="As for a build.")] = None,
    env: Annotated[list[str] | None, typer.Option("--env", metavar="K=V", help="For the containers.")] = None,
    smoke: Annotated[
        str | None,
        typer.Option(
            "--smoke", metavar="CMD", help="Run this in the container if it stays up, else as its arguments; no shell."
        ),
    ] = None,
    http: Annotated[
        list[str] | None, typer.Option("--http", metavar="PATH[=STATUS]", help="Ask this, and compare the answers.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Where to ask.", show_default="EXPOSE")
    ] = None,
    build_network: Annotated[
        str | None, typer.Option("--build-network", metavar="NAME", help="For the builds.", show_default="the engine's")
    ] = None,
    network: Annotated[
        str | None,
        typer.Option(
            "--network", metavar="NAME", help="For the containers.", show_default="none without --http or --port"
        ),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="How long each start is watched.")] = 10,
    keep_images: Annotated[bool, typer.Option("--keep-images", help="Keep both images.")] = False,
    learn: Annotated[
        bool, typer.Option("--learn", help="Answer open questions from the original's build, and write that down.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before code is run.")] = False,
    format_: Annotated[VerifyFormat, typer.Option("--format", help="For people, programs or a pull request.")] = (
        VerifyFormat.PRETTY
    ),
    said: Said = NOTHING_SAID,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Build and start a Dockerfile before and after its migration, and compare: the one command that runs code.

    Exit codes: 0 all that can be compared is equal or declared, 1 the migration differs, 2 wrong usage or no engine,
    3 the original itself does not build or start.
    """
    from dfmigrate.fleet.verify import run_verify
    from dfmigrate.fleet.verify_plan import Wish
    from dfmigrate.verify.report import Form

    if against is not None and (learn or said):
        fail("--against verifies another file: the migration, and what it is told, have no part in it")
    _refuse_open_quotation(smoke)
    wish = Wish(
        path,
        against,
        context,
        engine,
        _pairs("--build-arg", build_arg),
        build_network,
        network,
        smoke,
        tuple(_http(word) for word in http or ()),
        port,
        _pairs("--env", env),
        seconds,
        keep_images,
        learn,
        said,
        yes,
        Form(format_.value),
        colored(color),
        quiet,
    )
    exit_with(lambda: run_verify(wish), debug=debug)


def _refuse_open_quotation(smoke: str | None) -> None:
    import shlex

    try:
        shlex.split(smoke or "")
    except ValueError as error:
        fail(f"--smoke {smoke}: {str(error).lower()}")


def _pairs(option: str, words: list[str] | None) -> tuple[tuple[str, str], ...]:
    """``K=V`` each; a name alone takes its value from our own environment, as with the engines."""
    found = []
    for word in words or ():
        name, is_given, value = word.partition("=")
        if not name:
            fail(f"{option} {word}: give NAME=VALUE")
        if is_given or name in os.environ:
            found.append((name, value if is_given else os.environ[name]))
    return tuple(found)


def _http(word: str) -> tuple[str, int | None]:
    path, _, status = word.rpartition("=")
    if path and status.isdigit() and len(status) == 3:
        word, code = path, int(status)
    else:
        code = None
    if not word.startswith("/"):
        fail(f"--http {word}: give a path that starts with /")
    return word, code
