"""The command line: options in, one run, an exit code out."""

from __future__ import annotations

import copy
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dfmigrate import __version__
from dfmigrate.cli_answers import NOTHING_SAID, Said, takes_answers
from dfmigrate.cli_edge import Color, ColorOption, DebugOption, QuietOption, colored, exit_with, fail
from dfmigrate.cli_verify import verify

DEFAULT = "migrate"
EPILOG = """\b
A path is a Dockerfile, a folder (every Dockerfile below it that git does
not ignore) or - (standard input to standard output, for editors).
\b
  dfmigrate Dockerfile              show the change with its reasons
  dfmigrate Dockerfile | git apply  a pipe gets the plain patch
  dfmigrate -w .                    write the changes
\b
Exit codes: 0 done, 1 --check and something would change, 2 wrong usage or
I/O error, 3 not a valid Dockerfile, 4 --strict and a file was refused.
"""


class TreeFormat(StrEnum):
    """How `ast` prints a tree."""

    TEXT = "text"
    JSON = "json"


class DefaultGroup(TyperGroup):
    """A group whose first word may be missing: ``dfmigrate PATH`` is ``dfmigrate migrate PATH``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {name for param in self.get_params(ctx) for name in param.opts}
        if args and args[0] not in self.commands and args[0].partition("=")[0] not in own:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return ["[OPTIONS] PATH..."]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        merged = copy.copy(self)
        merged.params = [*self.commands[DEFAULT].params, *self.params]
        TyperGroup.format_options(merged, ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        default = self.commands[DEFAULT]
        options = default.shell_complete(ctx, incomplete)
        return [*super().shell_complete(ctx, incomplete), *options]


# Without rich: help and usage errors are plain text whatever the environment says, and start faster.
app = typer.Typer(
    cls=DefaultGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dfmigrate {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn single-stage Dockerfiles into multi-stage ones, and show why each change is safe.

    Nothing is written without -w.
    """


@app.command()
@takes_answers
def migrate(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Dockerfiles, folders, or -.", show_default=False)
    ],
    write: Annotated[bool, typer.Option("--write", "-w", help="Write the changes to the files.")] = False,
    diff: Annotated[bool, typer.Option("--diff", "-d", help="Print the plain patch, at a terminal too.")] = False,
    check: Annotated[bool, typer.Option("--check", "-c", help="Exit with 1 if a file would change.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 if a file was refused.")] = False,
    context: Annotated[
        Path | None,
        typer.Option(
            "--context",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Build context, if not the file's own folder.",
        ),
    ] = None,
    stdin_filename: Annotated[
        Path | None, typer.Option("--stdin-filename", metavar="FILE", help="With -: the file that the text is of.")
    ] = None,
    said: Said = NOTHING_SAID,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Migrate Dockerfiles (the default command)."""
    reads_stdin = "-" in paths
    if write and check:
        fail("--write and --check exclude each other")
    if reads_stdin and (len(paths) > 1 or write):
        fail("- stands alone, and there is no file that --write could write")
    if stdin_filename is not None and not reads_stdin:
        fail("--stdin-filename needs the path -")
    _refuse_typo(paths)
    from dfmigrate.fleet.run import Options, View, run_paths, run_stdin
    from dfmigrate.fleet.targets import targets_of

    if diff:
        view = View.PATCH
    elif check:
        view = View.NOTHING
    elif reads_stdin:
        view = View.TEXT
    elif sys.stdout.isatty() and not quiet:
        view = View.REVIEW
    else:
        view = View.NOTHING if write else View.PATCH
    options = Options(view, colored(color), write, check, strict, quiet, debug, said)
    if reads_stdin:
        folder = context or (stdin_filename and stdin_filename.parent)
        exit_with(lambda: run_stdin(stdin_filename, folder, options), debug=debug)
    exit_with(lambda: run_paths(targets_of(map(Path, paths), context), options), debug=debug)


@app.command()
def codemod(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="DIR|MANIFEST...", help="Folders, or files that list one a line.", show_default=False),
    ],
    write: Annotated[bool, typer.Option("--write", "-w", help="Write the changes to the files.")] = False,
    diff: Annotated[bool, typer.Option("--diff", "-d", help="Print the patches; the table goes to stderr.")] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Write files that are not committed as they are, too.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Files at a time.", show_default="processors")] = (
        os.cpu_count() or 1
    ),
    time_limit: Annotated[float, typer.Option("--time-limit", min=0.1, metavar="SECONDS", help="For one file.")] = 30,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Migrate many local repositories at once.

    Each git checkout below a folder is a unit, and a folder without git is one. A manifest lists a folder a line.
    """
    from dfmigrate.fleet.codemod import Plan, run_codemod

    plan = Plan(write, diff, allow_dirty, jobs, time_limit, colored(color), quiet, debug)
    exit_with(lambda: run_codemod(tuple(map(Path, paths)), plan), debug=debug)


app.command()(verify)


@app.command()
def ast(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A Dockerfile, or -.", show_default=False)],
    format_: Annotated[TreeFormat, typer.Option("--format", help="For people, or one row for programs.")] = (
        TreeFormat.TEXT
    ),
    roundtrip: Annotated[
        bool, typer.Option("--roundtrip", help="Print nothing; exit with 0 if the tree gives every byte back.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Print how a Dockerfile is read: its tree, with lines, forms, commands and traps."""
    from dfmigrate.fleet.ast import Form, run_ast

    form = Form.NOTHING if roundtrip else Form(format_.value)
    exit_with(lambda: run_ast(path, form), debug=debug)


@app.command()
@takes_answers
def explain(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A Dockerfile.", show_default=False)],
    context: Annotated[
        Path | None,
        typer.Option(
            "--context", metavar="DIR", exists=True, file_okay=False, help="Build context, if not its own folder."
        ),
    ] = None,
    said: Said = NOTHING_SAID,
    color: ColorOption = Color.AUTO,
    debug: DebugOption = False,
) -> None:
    """Say what was understood of a Dockerfile, line by line, what is unknown, and why things were not done."""
    from dfmigrate.fleet.explain import run_explain

    exit_with(lambda: run_explain(path, context, said, color=colored(color), debug=debug), debug=debug)


@app.command()
def rule(
    name: Annotated[
        str | None, typer.Argument(metavar="[RULE|CODE]", help="Its name, or a code such as A2.", show_default=False)
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Print what a rule does and when it declines, or what a code means; without a name, the list of rules."""
    from dfmigrate.fleet.rule import run_rule

    exit_with(lambda: run_rule(name), debug=debug)


def _refuse_typo(paths: list[str]) -> None:
    """A mistyped command would else be taken for a path, and the paths after it be worked on."""
    from difflib import get_close_matches

    if not Path(paths[0]).exists():
        commands = ["migrate", "codemod", "explain", "verify", "ast", "rule"]
        for command in get_close_matches(paths[0], commands, n=1, cutoff=0.7):
            fail(f"{paths[0]}: no such file or directory (did you mean the command {command!r}?)")
