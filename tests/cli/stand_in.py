"""The command line with a small core in place of the real one: what is tested is its contract, not the rules."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import ModuleType

from dfmigrate.migration import Decline, Evidence, Migration, Proved, Status, Step
from dfmigrate_grammar import parse

BEFORE = b"from node:18\nHEALTHCHECK CMD curl x\nCOPY . .\n"
AFTER = b"FROM node:18\nHEALTHCHECK CMD curl x\nCOPY package.json .\n"


def migrate(source: bytes, *, path: str, context: object, settings: object = None) -> Migration:
    """Two steps, upper case for ``from`` and less to copy; some words in the text ask for other outcomes."""
    before = parse(source)
    if b"crash" in source:
        raise LookupError("nobody knows")
    if b"kill" in source:
        os._exit(9)
    if b"sleep" in source:
        Path("asleep").touch()
        time.sleep(60)
    if before.problems:
        problem = before.problems[0]
        said = f"{problem.message}; correct the line"
        return Migration(path, before, before, Status.ERROR, error=said, error_line=problem.line)
    if b"windows" in source:
        said = "a Windows image; only Linux images are migrated"
        return Migration(path, before, before, Status.REFUSED, error=said, error_line=1)
    middle = parse(source.replace(b"from ", b"FROM "))
    after = parse(bytes(middle).replace(b"COPY . .", b"COPY package.json ."))
    evidence = Evidence("package.json", 2, "{[bold]x[/bold]}")
    proof = Proved("files", ("A1",), "Nothing reads the rest.", (evidence,))
    steps = (
        Step("upper-case", "Write keywords in upper case", "It is the custom.", before, middle),
        Step("copy-less", "Copy only the manifest", "No more is read.", middle, after, (proof,), (), ("Look at it.",)),
    )
    taken = tuple(step for step in steps if bytes(step.before) != bytes(step.after))
    declines = (Decline("C8", "slim", "The health check calls curl.", "install curl.", 2),) if b"curl" in source else ()
    notes = () if context is None else (f"context {sorted(context.files)}",) if b"context?" in source else ()
    status = Status.CHANGED if taken else Status.UNCHANGED
    return Migration(path, before, after, status, taken, declines, stack="Node", notes=notes)


# The workers of codemod import this file under another name; tests that import it for its texts keep the real core.
if __name__ in ("__main__", "__mp_main__"):
    core = ModuleType("dfmigrate.migrate")
    core.migrate = migrate  # type: ignore[attr-defined]
    core.RULE_NAMES = ()  # type: ignore[attr-defined]
    sys.modules[core.__name__] = core

if __name__ == "__main__":
    from dfmigrate.__main__ import main

    main()
