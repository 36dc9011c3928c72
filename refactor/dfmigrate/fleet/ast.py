"""``dfmigrate ast``: one Dockerfile in, its tree out."""

from __future__ import annotations

import enum
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from dfmigrate.fleet.load import Target, read_source
from dfmigrate.fleet.outcome import Exit, Problem
from dfmigrate.review.ast import pointed, tree_lines
from dfmigrate.review.brief import place
from dfmigrate_grammar import Dockerfile, parse
from dfmigrate_grammar.rows import rows
from dfmigrate_grammar.traps import explain


class Form(enum.Enum):
    """What is printed of the tree."""

    TEXT = "text"
    JSON = "json"
    """One row for programs: what BuildKit's own parser says of the file, without what only a build can know."""
    NOTHING = "nothing"
    """Only whether the tree gives every byte back."""


def run_ast(path: str, form: Form) -> Exit:
    """Read a file, or standard input for ``-``, and print its tree, also when BuildKit would refuse it."""
    source = sys.stdin.buffer.read() if path == "-" else _read(Path(path))
    if isinstance(source, Problem):
        print(place(source.path, source.line, source.text), file=sys.stderr)
        return source.code
    tree = parse(source)
    label = "-" if path == "-" else Target.of(Path(path)).label
    if form is Form.NOTHING:
        return _round_trip(tree, source, label)
    sys.stdout.flush()
    for line in tree_lines(tree) if form is Form.TEXT else [_row(tree, source)]:
        sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
    for line in _refusal(tree, label):
        print(line, file=sys.stderr)
    return Exit.INVALID if tree.problems and not tree.is_foreign else Exit.DONE


def _read(path: Path) -> bytes | Problem:
    target = Target.of(path)
    if path.is_dir():
        return Problem(target.label, Exit.FAILED, "this is a folder", "name the Dockerfile")
    return read_source(target)


def _round_trip(tree: Dockerfile, source: bytes, label: str) -> Exit:
    if bytes(tree) == source:
        return Exit.DONE
    print(place(label, None, "the tree does not give every byte back; report it with the file"), file=sys.stderr)
    return Exit.FAILED


def _row(tree: Dockerfile, source: bytes) -> str:
    row = {"sha256": hashlib.sha256(source).hexdigest()} | rows(tree)
    return json.dumps(row, ensure_ascii=False)


def _refusal(tree: Dockerfile, label: str) -> Iterator[str]:
    """What BuildKit would say, where it would say it, and the trap behind it."""
    if tree.is_foreign:
        yield place(label, 1, f"{tree.frontend} reads this file, so it may be no Dockerfile")
        return
    for problem in tree.problems[:1]:
        yield place(label, problem.line, problem.message)
        yield from pointed(problem)
        trap = explain(tree, problem)
        if trap is not None:
            yield place(label, trap.line, f"{trap.message} [{trap.code}]")
