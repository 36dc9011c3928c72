"""The command line: options in, one run, an exit code out."""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from dfmigrate import __version__
from dfmigrate.cli_answers import (
    AcceptOption,
    ArtifactOption,
    IgnoreOption,
    KeepOption,
    MaxRungOption,
    RuntimeOption,
    UserOption,
    answered,
)

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


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class TreeFormat(StrEnum):
    """How `ast` prints a tree."""

    TEXT = "text"
    JSON = "json"


class VerifyFormat(StrEnum):
    """How `verify` shows what came out."""

    PRETTY = "pretty"
    JSON = "json"
    MARKDOWN = "markdown"


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


ColorOption = Annotated[Color, typer.Option("--color", help="Colour the output.", show_default=True)]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but patches and errors.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")]


@app.command()
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
    artifact: ArtifactOption = None,
    runtime: RuntimeOption = None,
    user: UserOption = None,
    keep: KeepOption = None,
    accept: AcceptOption = None,
    max_rung: MaxRungOption = None,
    ignore: IgnoreOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Migrate Dockerfiles (the default command)."""
    reads_stdin = "-" in paths
    if write and check:
        _fail("--write and --check exclude each other")
    if reads_stdin and (len(paths) > 1 or write):
        _fail("- stands alone, and there is no file that --write could write")
    if stdin_filename is not None and not reads_stdin:
        _fail("--stdin-filename needs the path -")
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
    said = answered(artifact, runtime, user, keep, accept, max_rung, ignore)
    options = Options(view, _colored(color), write, check, strict, quiet, debug, said)
    if reads_stdin:
        folder = context or (stdin_filename and stdin_filename.parent)
        _exit_with(lambda: run_stdin(stdin_filename, folder, options), debug=debug)
    _exit_with(lambda: run_paths(targets_of(map(Path, paths), context), options), debug=debug)


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

    plan = Plan(write, diff, allow_dirty, jobs, time_limit, _colored(color), quiet, debug)
    _exit_with(lambda: run_codemod(tuple(map(Path, paths)), plan), debug=debug)


@app.command()
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
    keep: Annotated[bool, typer.Option("--keep", help="Keep both images.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before code is run.")] = False,
    format_: Annotated[VerifyFormat, typer.Option("--format", help="For people, programs or a pull request.")] = (
        VerifyFormat.PRETTY
    ),
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Build and start a Dockerfile before and after its migration, and compare: the one command that runs code.

    Exit codes: 0 all that can be compared is equal or declared, 1 the migration differs, 2 wrong usage or no engine,
    3 the original itself does not build or start.
    """
    from dfmigrate.fleet.verify import Wish, run_verify
    from dfmigrate.verify.report import Form

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
        keep,
        yes,
        Form(format_.value),
        _colored(color),
        quiet,
    )
    _exit_with(lambda: run_verify(wish), debug=debug)


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
    _exit_with(lambda: run_ast(path, form), debug=debug)


@app.command()
def explain(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A Dockerfile.", show_default=False)],
    context: Annotated[
        Path | None,
        typer.Option(
            "--context", metavar="DIR", exists=True, file_okay=False, help="Build context, if not its own folder."
        ),
    ] = None,
    artifact: ArtifactOption = None,
    runtime: RuntimeOption = None,
    user: UserOption = None,
    keep: KeepOption = None,
    accept: AcceptOption = None,
    max_rung: MaxRungOption = None,
    ignore: IgnoreOption = None,
    color: ColorOption = Color.AUTO,
    debug: DebugOption = False,
) -> None:
    """Say what was understood of a Dockerfile, line by line, what is unknown, and why things were not done."""
    from dfmigrate.fleet.explain import run_explain

    said = answered(artifact, runtime, user, keep, accept, max_rung, ignore)
    _exit_with(lambda: run_explain(path, context, said, color=_colored(color), debug=debug), debug=debug)


def _pairs(option: str, words: list[str] | None) -> tuple[tuple[str, str], ...]:
    """``K=V`` each; a name alone takes its value from our own environment, as with the engines."""
    found = []
    for word in words or ():
        name, is_given, value = word.partition("=")
        if not name:
            _fail(f"{option} {word}: give NAME=VALUE")
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
        _fail(f"--http {word}: give a path that starts with /")
    return word, code


def _refuse_typo(paths: list[str]) -> None:
    """A mistyped command would else be taken for a path, and the paths after it be worked on."""
    from difflib import get_close_matches

    if not Path(paths[0]).exists():
        for command in get_close_matches(paths[0], ["migrate", "codemod", "explain", "verify", "ast"], n=1, cutoff=0.7):
            _fail(f"{paths[0]}: no such file or directory (did you mean the command {command!r}?)")


def _colored(choice: Color) -> bool:
    from dfmigrate.review.color import use_color

    # What goes into a pipe is read by a program, whatever the environment says.
    is_terminal = sys.stdout.isatty()
    return use_color(choice.value, os.environ if is_terminal else {}, is_terminal=is_terminal)


def _exit_with(run: Callable[[], int], *, debug: bool) -> NoReturn:
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


def _fail(message: str) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(2)
