"""One run's name, folder and processes, kept on disk so that the next run can clear away what a killed one left."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LABEL = "dfmigrate.verify"
PREFIX = "dfmigrate-verify"
"""Containers are called ``PREFIX-<run>-...``, images ``PREFIX/<run>:...``; the images' own labels stay as they are."""

LONGEST_RUN_SECONDS = 24 * 3600
"""A run of another machine's or user's is taken for dead when it is older; we cannot see its process."""

_RECORD = "run.json"
_CLIENTS = "clients"
_IMAGES = "images"


@dataclass(frozen=True, slots=True)
class Run:
    """One call of ``dfmigrate verify``."""

    id: str
    folder: Path
    """For its temporary files; gone when it ends."""

    def container(self, name: str) -> str:
        return f"{PREFIX}-{self.id}-{name}"

    def image(self, name: str) -> str:
        return f"{PREFIX}/{self.id}:{name}"

    def note_client(self, pid: int) -> None:
        """Remember a client of the engine: killed alone, we would leave it working."""
        with (self.folder / _CLIENTS).open("a", encoding="ascii") as stream:
            stream.write(f"{pid} {_birth(pid)}\n")

    def note_images(self, ids: Iterable[str]) -> None:
        """Remember images without a name that a build of ours made on its way."""
        with (self.folder / _IMAGES).open("a", encoding="ascii") as stream:
            stream.writelines(f"{one}\n" for one in ids)


@dataclass(frozen=True, slots=True)
class Dead:
    """A run that ended without clearing up."""

    id: str
    folder: Path
    clients: tuple[int, ...]
    """Processes of its own that still work."""


@contextlib.contextmanager
def opened_run() -> Iterator[Run]:
    """A new run; its folder is kept only when ``keep`` is put into it (what the engine holds could not be removed)."""
    run_id = f"{int(time.time()):x}-{secrets.token_hex(4)}"
    folder = _base() / run_id
    folder.mkdir(mode=0o700)
    record = {"pid": os.getpid(), "birth": _birth(os.getpid())}
    (folder / _RECORD).write_text(json.dumps(record), encoding="ascii")
    run = Run(run_id, folder)
    try:
        yield run
    finally:
        if not (folder / "keep").exists():
            shutil.rmtree(folder, ignore_errors=True)


def keep_journal(run: Run) -> None:
    """Leave the folder for the next run to find."""
    with contextlib.suppress(OSError):
        (run.folder / "keep").touch()


def dead_runs() -> tuple[Dead, ...]:
    """The runs of this user on this machine whose process is gone."""
    found = []
    for folder in sorted(path for path in _base().iterdir() if (path / _RECORD).is_file()):
        try:
            record = json.loads((folder / _RECORD).read_text(encoding="ascii"))
            alive = _is_alive(int(record["pid"]), str(record["birth"])) and not (folder / "keep").exists()
        except (OSError, ValueError, KeyError, TypeError):
            alive = False
        if not alive:
            found.append(Dead(folder.name, folder, _clients(folder)))
    return tuple(found)


def noted_images(folder: Path) -> tuple[str, ...]:
    """What ``note_images`` remembered for a run, the latest first: none before what is built on it."""
    try:
        rows = (folder / _IMAGES).read_text(encoding="ascii").split()
    except OSError:
        return ()
    return tuple(dict.fromkeys(reversed(rows)))


def is_outdated(run_id: str) -> bool:
    """Whether a run without a folder here is too old to be still at work."""
    try:
        began = int(run_id.partition("-")[0], 16)
    except ValueError:
        return False
    return time.time() - began > LONGEST_RUN_SECONDS


def known_runs() -> frozenset[str]:
    """Every run that has a folder, dead or alive."""
    return frozenset(path.name for path in _base().iterdir())


def _base() -> Path:
    """Ours alone: what is read here names processes that will be stopped."""
    base = Path(tempfile.gettempdir()) / f"{PREFIX}-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        base.mkdir(mode=0o700)
    status = base.lstat()
    if base.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise PermissionError(1, "is not a folder of yours alone; remove it", str(base))
    return base


def _clients(folder: Path) -> tuple[int, ...]:
    try:
        rows = [row.split(" ", 1) for row in (folder / _CLIENTS).read_text(encoding="ascii").split("\n") if row]
    except OSError:
        return ()
    return tuple(int(pid) for pid, birth in rows if pid.isdigit() and birth and _is_alive(int(pid), birth))


def _is_alive(pid: int, birth: str) -> bool:
    if birth:
        return _birth(pid) == birth
    # No /proc: the number alone must do, and may belong to another process by now.
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _birth(pid: int) -> str:
    """When a process started, in ticks since the boot; empty where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name in parentheses may hold blanks; the state follows it, and Z is dead already.
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
