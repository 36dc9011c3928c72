"""Containers of one image: started with limits, asked, stopped, removed."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfmigrate.verify.engine import Engine, EngineError
from dfmigrate.verify.journal import LABEL, Run
from dfmigrate.verify.process import Done, TimeIsUpError, call

MEMORY = "2g"
PROCESSES = 512
STOP_SECONDS = 10
KILLED = 137
"""The exit code of what did not end when it was asked."""
COMMAND_SECONDS = 120.0
HOST_NAME = "dfmigrate"

_LISTENING = "0A"
_UNCONNECTED = "07"
"""The state of a UDP socket that takes what comes; no row of a TCP table has it."""
_CLIENTS_FROM = 32768
"""UDP ports from here on are those that the kernel gives to clients, for a question to a name server as a rule."""
_TABLES = ("tcp", "tcp6", "udp", "udp6")
_REFUSED = re.compile(r"(?:Error response from daemon: |Error: )(.+)")


@dataclass(frozen=True, slots=True)
class Start:
    """How every container of a comparison is started."""

    environment: tuple[tuple[str, str], ...] = ()
    network: str | None = "none"
    """None: the engine's own choice, a bridge as a rule."""
    port: int | None = None
    """Published on the loopback address of this machine, where the network is one that can."""


@dataclass(frozen=True, slots=True)
class State:
    """What the engine says of a container."""

    running: bool
    exit: int
    out_of_memory: bool = False
    pid: int = 0


@dataclass(frozen=True, slots=True)
class Container:
    """A container of ours; gone when its ``with`` block ends."""

    engine: Engine
    name: str
    refusal: str = ""
    """Why it was not started: its command is not there, or may not be executed."""

    def state(self) -> State:
        said: dict[str, Any] = json.loads(self.engine.demand("inspect", "--format", "{{json .State}}", self.name))
        return State(
            running=bool(said.get("Running")),
            exit=int(said.get("ExitCode") or 0),
            out_of_memory=bool(said.get("OOMKilled")),
            pid=int(said.get("Pid") or 0),
        )

    def logs(self) -> Done:
        """All that it has written so far."""
        return self.engine.ask("logs", self.name)

    def execute(self, words: Sequence[str], *, seconds: float) -> Done | None:
        """Run a command in it, with its user and environment; None when it did not end in time."""
        try:
            return call([self.engine.program, "exec", self.name, *words], seconds=seconds)
        except TimeIsUpError:
            return None
        except OSError as error:
            raise EngineError(f"{self.engine.program}: {error.strerror or error}") from None

    def stop(self, seconds: int = STOP_SECONDS) -> int:
        """Ask it to end, as an orchestrator does, and say its exit code; killed after that time."""
        self.engine.demand("stop", "--time", str(seconds), self.name)
        return self.state().exit

    def published(self, port: int) -> int | None:
        """The port of this machine that leads to one of the container's."""
        done = self.engine.ask("port", self.name, f"{port}/tcp")
        number = done.out.strip().split("\n")[0].rpartition(":")[2]
        return int(number) if done.code == 0 and number.isdigit() else None

    def listening(self) -> frozenset[str] | None:
        """Where it listens in a network of its own, ``8080``, ``127.0.0.1:8080`` or ``53/udp``; None: unknown.

        Read from the kernel's table, so that nothing has to be installed in the image.
        """
        tables = self._tables_from_outside() or self._tables_from_inside()
        return None if tables is None else listeners(tables)

    def _tables_from_outside(self) -> str | None:
        process = self._process()
        try:
            tables = None if process is None else [process / "net" / table for table in _TABLES]
            return None if tables is None else "".join(table.read_text("ascii") for table in tables if table.exists())
        except OSError:
            return None

    def _process(self) -> Path | None:
        """What this machine's kernel says of the first process, where it is one of this machine."""
        process = Path(f"/proc/{self.state().pid}")
        name = self.engine.ask("inspect", "--format", "{{.Id}}", self.name).out.strip()
        try:
            # The engine may count processes in a machine of its own; then that number is another process here.
            return process if name and name in (process / "cgroup").read_text(encoding="utf-8") else None
        except OSError:
            return None

    def _tables_from_inside(self) -> str | None:
        done = self.execute(["cat", *(f"/proc/net/{table}" for table in _TABLES)], seconds=20)
        return done.out if done is not None and "local_address" in done.out else None

    def ignores(self, signal: int) -> bool:
        """Whether its first process is known to take no notice of a signal."""
        process = self._process()
        try:
            return process is not None and drops((process / "status").read_text(encoding="utf-8"), signal)
        except OSError:
            return False

    def users(self) -> frozenset[int] | None:
        """The user ids of its processes; None: unknown."""
        if self.engine.name != "docker":
            return None
        done = self.engine.ask("top", self.name, "-eo", "pid,uid")
        rows = [row.split() for row in done.out.strip().split("\n")[1:]]
        if done.code != 0 or not rows or not all(len(row) == 2 and row[1].isdigit() for row in rows):
            return None
        return frozenset(int(uid) for _, uid in rows)


@contextlib.contextmanager
def started(
    engine: Engine, run: Run, name: str, image: str, start: Start, arguments: Sequence[str] = ()
) -> Iterator[Container]:
    """Start an image in the background; whatever happens, nothing of it is left afterwards."""
    container = run.container(name)
    try:
        done = engine.ask(*_words(run, container, start), "--detach", image, *arguments)
        if done.code != 0 and not engine.answers():
            raise EngineError(f"{engine.name} stopped answering: {done.last_line}")
        yield Container(engine, container, _refusal(done))
    finally:
        engine.ask("rm", "--force", "--volumes", container)


def run_once(engine: Engine, run: Run, name: str, image: str, start: Start, arguments: Sequence[str]) -> Done | None:
    """Run an image with these arguments to its end; None when it did not end in time."""
    container = run.container(name)
    try:
        return call([engine.program, *_words(run, container, start), image, *arguments], seconds=COMMAND_SECONDS)
    except TimeIsUpError:
        return None
    except OSError as error:
        raise EngineError(f"{engine.program}: {error.strerror or error}") from None
    finally:
        engine.ask("rm", "--force", "--volumes", container)


def _words(run: Run, container: str, start: Start) -> list[str]:
    """The same limits for all; the default capabilities stay, because an original may need them."""
    words = ["run", "--name", container, "--label", f"{LABEL}={run.id}", "--pull=never", "--hostname", HOST_NAME]
    words += ["--security-opt=no-new-privileges", f"--memory={MEMORY}", f"--memory-swap={MEMORY}"]
    words += [f"--pids-limit={PROCESSES}"]
    if start.network is not None:
        words.append(f"--network={start.network}")
    if start.network == "host":
        # Servers that listen on their own host's name must find it.
        words.append(f"--add-host={HOST_NAME}:127.0.0.1")
    if start.port is not None and start.network not in ("none", "host"):
        words.append(f"--publish=127.0.0.1::{start.port}")
    for key, value in start.environment:
        words += ["--env", f"{key}={value}"]
    return words


def _refusal(done: Done) -> str:
    if done.code == 0:
        return ""
    reasons = _REFUSED.findall(done.err)
    return str(reasons[0]) if reasons else done.last_line


def drops(status: str, signal: int) -> bool:
    """Whether a container's first process with this ``/proc/PID/status`` never sees a signal.

    The kernel drops what such a process has no handler for, unless it is blocked and so may be waited for.
    """
    rows = dict(row.split(":", 1) for row in status.strip().split("\n"))
    try:
        return not (int(rows["SigCgt"], 16) | int(rows["SigBlk"], 16)) >> (signal - 1) & 1
    except (ValueError, KeyError):
        return False


def listeners(tables: str) -> frozenset[str]:
    """The listening addresses in the text of the kernel's tables; where it is any address, only the port is named."""
    found = set()
    for row in tables.split("\n"):
        fields = row.split()
        if len(fields) < 4 or fields[3] not in (_LISTENING, _UNCONNECTED):
            continue
        address, _, digits = fields[1].partition(":")
        host, port = _host(address), int(digits, 16)
        is_udp = fields[3] == _UNCONNECTED
        if host == "127.0.0.11" or (is_udp and port >= _CLIENTS_FROM):  # the engine's own name server
            continue
        found.add((f"{host}:{port}" if host else str(port)) + ("/udp" if is_udp else ""))
    return frozenset(found)


def _host(address: str) -> str:
    """The kernel writes words of four bytes in the machine's order, which is little-endian on all that we meet."""
    if not address.strip("0"):
        return ""
    if len(address) == 8:
        return ".".join(str(byte) for byte in reversed(bytes.fromhex(address)))
    if address == "00000000000000000000000001000000":
        return "[::1]"
    return f"[{address.lower()}]"
