"""Start an image as the user asked, and write down what it does."""

from __future__ import annotations

import contextlib
import http.client
import signal
import socket
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dfmigrate.verify.behaviour import Answer, Behaviour, Smoke, complaints_in
from dfmigrate.verify.containers import COMMAND_SECONDS, KILLED, STOP_SECONDS, Container, Start, run_once, started
from dfmigrate.verify.engine import Engine, EngineError
from dfmigrate.verify.journal import Run
from dfmigrate.verify.process import Done

_PAUSE_SECONDS = 0.3
_ANSWER_SECONDS = 10.0
_SOON_SECONDS = 3
_MOST_BODY = 4 << 20
_TAIL_LINES = 15
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of both images, in the same way."""

    start: Start
    seconds: float = 10.0
    """How long one is watched, and how long it may take until it answers."""
    http: tuple[tuple[str, int | None], ...] = ()
    """Paths, each with the status that it should have; None: the original's."""
    smoke: tuple[str, ...] | None = None
    """A command: run inside of an image that stays up, and else as the image's own arguments."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An image to be started."""

    name: str
    reference: str
    config: Mapping[str, Any]


def observe(engine: Engine, run: Run, subject: Subject, question: Question, like: Behaviour | None = None) -> Behaviour:
    """From start to stop. ``like``: the original, which decides whether the smoke command is run inside or alone."""
    refuse_taken_port(question.start)
    began = time.monotonic()
    with started(engine, run, subject.name, subject.reference, question.start) as container:
        if container.refusal:
            return Behaviour(container.refusal, None)
        answers = _answers(container, question, began)
        _watch(container, question, began, enough=bool(answers))
        healthy = _health(container, subject.config, question.seconds)
        ports = _ports(container, question)
        users = container.users()
        smoke = _smoke_inside(container, question, like)
        state = container.state()
        ended = None if state.running else state.exit
        seconds = time.monotonic() - began
        stopped = container.stop(_patience(container, subject.config, like)) if state.running else None
        said = container.logs()
    if question.smoke is not None and ended is not None and (like is None or like.exit is not None):
        smoke = _smoke_alone(engine, run, subject, question)
    return Behaviour(
        refusal="",
        exit=ended,
        ports=ports if ended is None else None,
        users=users if ended is None else None,
        answers=answers,
        smoke=smoke,
        healthy=healthy,
        stopped=stopped,
        out=said.out if ended is not None else "",
        complaints=complaints_in(said.err + said.out),
        out_of_memory=state.out_of_memory,
        seconds=seconds,
        tail="\n".join((said.out + said.err).rstrip().split("\n")[-_TAIL_LINES:]),
    )


def refuse_taken_port(start: Start) -> None:
    """EngineError where somebody else would answer."""
    if start.network == "host" and start.port is not None and _connects(start.port):
        raise EngineError(f"port {start.port} of this machine is taken, and --network host shares it")


def _patience(container: Container, config: Mapping[str, Any], like: Behaviour | None) -> int:
    """Seconds to end in; none where nobody handles the signal, few where the original was waited for in vain."""
    number = signal_number(str(config.get("StopSignal") or ""))
    if number is not None and container.ignores(number):
        return 0
    return _SOON_SECONDS if like is not None and like.stopped == KILLED else STOP_SECONDS


def signal_number(said: str) -> int | None:
    """A STOPSIGNAL as a number, SIGTERM where there is none; None for one that this system has no name for."""
    if said.isdigit():
        return int(said)
    name = said.upper().removeprefix("SIG") or "TERM"
    return signal.Signals[f"SIG{name}"].value if f"SIG{name}" in signal.Signals.__members__ else None


def _watch(container: Container, question: Question, began: float, *, enough: bool) -> None:
    """Until the time is over or it ends; one that has answered need not be watched."""
    while not enough and time.monotonic() - began < question.seconds and container.state().running:
        time.sleep(_PAUSE_SECONDS)


def _answers(container: Container, question: Question, began: float) -> tuple[Answer, ...]:
    if not question.http:
        return ()
    inside = question.start.port
    assert inside is not None
    port = inside if question.start.network == "host" else container.published(inside)
    if port is None:
        why = "its port is not published; an engine without a bridge network needs --network host"
        return tuple(Answer(path, None, "", why) for path, _ in question.http)
    first, wanted = question.http[0]
    _until(
        lambda: _is_ready(get(port, first), wanted) or not container.state().running,
        question.seconds - (time.monotonic() - began),
    )
    return tuple(get(port, path) for path, _ in question.http)


def _is_ready(answer: Answer, wanted: int | None) -> bool:
    return answer.status is not None and wanted in (None, answer.status)


def get(port: int, path: str) -> Answer:
    """One request to this machine; no redirect is followed."""
    for address in _LOOPBACK:
        answer = _ask(address, port, path)
        if isinstance(answer, Answer):
            break
    return answer if isinstance(answer, Answer) else Answer(path, None, "", answer.strerror or str(answer))


def _ask(address: str, port: int, path: str) -> Answer | OSError:
    """OSError where nothing listens; some servers do so on IPv6 alone."""
    connection = http.client.HTTPConnection(address, port, timeout=_ANSWER_SECONDS)
    try:
        connection.connect()
    except OSError as error:
        return error
    try:
        connection.request("GET", path, headers={"Host": "localhost", "User-Agent": "dfmigrate-verify"})
        response = connection.getresponse()
        body = response.read(_MOST_BODY)
        if response.headers.get("Content-Encoding") == "gzip":
            # It was not asked for, and holds the time.
            body = zlib.decompressobj(wbits=31).decompress(body, _MOST_BODY)
        kind = response.headers.get("Content-Type", "")
        return Answer(path, response.status, kind, body.decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException, zlib.error) as error:
        return Answer(path, None, "", getattr(error, "strerror", None) or str(error) or type(error).__name__)
    finally:
        connection.close()


def _health(container: Container, config: Mapping[str, Any], seconds: float) -> bool | None:
    """The health check's own command, run as the engine would, without waiting for its interval."""
    words = health_command(config)
    if words is None or not container.state().running:
        return None

    def passes() -> bool:
        done = container.execute(words, seconds=_ANSWER_SECONDS + seconds)
        return done is not None and done.code == 0

    return _until(passes, seconds)


def health_command(config: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The words of HEALTHCHECK as they are executed; None where there is none."""
    test = (config.get("Healthcheck") or {}).get("Test") or ()
    if not test or test[0] == "NONE":
        return None
    if test[0] == "CMD-SHELL":
        return (*(config.get("Shell") or ("/bin/sh", "-c")), *test[1:])
    return tuple(test[1:])


def _ports(container: Container, question: Question) -> frozenset[str] | None:
    if question.start.network != "host":
        return container.listening()
    # The table is the whole machine's; only the port that was free before is known to be the container's.
    port = question.start.port
    if port is None:
        return None
    return frozenset({str(port)}) if _connects(port) else frozenset()


def _smoke_inside(container: Container, question: Question, like: Behaviour | None) -> Smoke | None:
    if question.smoke is None or (like is not None and like.exit is not None) or not container.state().running:
        return None
    return _smoke(container.execute(question.smoke, seconds=COMMAND_SECONDS))


def _smoke_alone(engine: Engine, run: Run, subject: Subject, question: Question) -> Smoke:
    assert question.smoke is not None
    name = f"{subject.name}-smoke"
    return _smoke(run_once(engine, run, name, subject.reference, question.start, question.smoke))


def _smoke(done: Done | None) -> Smoke:
    return Smoke(None, "") if done is None else Smoke(done.code, done.out, done.err)


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while True:
        if condition():
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE_SECONDS)


def _connects(port: int) -> bool:
    for address in _LOOPBACK:
        with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
            return True
    return False
