"""Questions to git, asked so that a hostile checkout cannot make it run code, page, prompt or reach the network."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

# A repository's own configuration can name programs: a file system monitor, hooks, a transport for missing objects.
_SAFE = (
    "git",
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
)
SECONDS = 60


def listed_files(folder: Path) -> tuple[Path, ...] | None:
    """The files below a folder that git tracks or would track; None where git has no answer."""
    listing = _ask(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listing is None:
        return None
    names = dict.fromkeys(name for name in listing.split(b"\0") if name)
    return tuple(folder / os.fsdecode(name) for name in names)


def is_committed(file: Path, content: bytes) -> bool | None:
    """Whether the last commit holds the file exactly as it is; None where the file is in no checkout.

    The bytes are compared here: ``git status`` would run the filters that the repository configures.
    """
    if _ask(file.parent, "rev-parse", "--is-inside-work-tree") is None:
        return None
    return _ask(file.parent, "cat-file", "blob", f"HEAD:./{file.name}") == content


def _ask(folder: Path, *arguments: str) -> bytes | None:
    # A hook of the user's may have set GIT_DIR or GIT_INDEX_FILE for another repository.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environ |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        done = subprocess.run(
            [*_SAFE, *arguments],
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
