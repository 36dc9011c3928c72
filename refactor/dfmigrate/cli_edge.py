"""What every command does at its edges: how it colours, how it fails, and that it never shows a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, NoReturn

import typer


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


ColorOption = Annotated[Color, typer.Option("--color", help="Colour the output.", show_default=True)]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but patches and errors.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")]


def colored(choice: Color) -> bool:
    """Whether standard output is coloured."""
    from dfmigrate.review.color import use_color

    # What goes into a pipe is read by a program, whatever the environment says.
    is_terminal = sys.stdout.isatty()
    return use_color(choice.value, os.environ if is_terminal else {}, is_terminal=is_terminal)


def exit_with(run: Callable[[], int], *, debug: bool) -> NoReturn:
    """Run, and leave with its exit code; no exception of any kind reaches the user as a traceback."""
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has left. What is still buffered must not fail again when the interpreter exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        if debug:
            import traceback

            traceback.print_exc()
        typer.echo(
            f"error: internal error: {type(error).__name__}: {error}; report it with what --debug shows", err=True
        )
        code = 2
    raise typer.Exit(code)


def fail(message: str) -> NoReturn:
    """Wrong usage: one line, and exit code 2."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(2)
