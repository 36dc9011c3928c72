"""What a started image was seen to do, and whether two images do the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dfmigrate.verify.finding import Finding, Weight

CHECK = "behaviour"

_COMPLAINTS = (
    (
        "cannot open shared object",
        "B1",
        re.compile(r"error while loading shared libraries|cannot open shared object", re.I),
    ),
    (
        "module not found",
        "A1",
        re.compile(
            r"ModuleNotFoundError|MODULE_NOT_FOUND|ERR_MODULE_NOT_FOUND|Cannot find module|ClassNotFoundException"
            r"|NoClassDefFoundError|cannot load such file|Class \S+ not found|Could not load file or assembly",
            re.I,
        ),
    ),
    ("permission denied", "E2", re.compile(r"permission denied|EACCES|\bEPERM\b|operation not permitted", re.I)),
    ("no such file", "A1", re.compile(r"no such file or directory|ENOENT|FileNotFound|NoSuchFileException", re.I)),
    (
        "not found",
        "C10",
        re.compile(r"(?:command|executable file|: \S+:) not found|: not found$|executable file not found", re.I | re.M),
    ),
)

# What two runs of the same program say differently: times, identifiers, addresses in memory, process numbers.
_WHY = re.compile(r"error|exception|fatal|panic|cannot|denied|not found|in use|no such", re.I)
_VARYING = re.compile(
    r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\b\d\d?/(?:\d\d|[A-Z][a-z]{2})/\d{2,4}(?::|,? )\d\d:\d\d:\d\d(?: [+-]\d{4})?"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [^\n]{0,12}\d\d:\d\d:\d\d(?: \w{3,4})?(?: \d{4})?"
    r"|\b\d\d:\d\d:\d\d(?:[.,]\d+)?"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b0x[0-9a-f]{4,}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b"
    r"|\b\d+(?:\.\d+)? ?(?:ns|µs|us|ms|s|seconds|MB|KB|MiB|KiB)\b"
    r"|\b1[6-9]\d{8}(?:\d{3}){0,2}(?:\.\d+)?\b"
    r"|(?<=pid )\d+|(?<=pid: )\d+|(?<=pid=)\d+|(?<=\[)\d+(?=\])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one HTTP request."""

    path: str
    status: int | None
    """None: no answer at all; ``body`` then says why."""
    kind: str
    """The content type, which some servers take from a file of the system."""
    body: str


@dataclass(frozen=True, slots=True)
class Smoke:
    """How the smoke command went."""

    exit: int | None
    """None: it did not end in time."""
    out: str
    err: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """All that was seen of one container, from its start to its end."""

    refusal: str
    """Why the engine could not start it; empty when it could."""
    exit: int | None
    """The code with which it ended of itself; None: it was still up."""
    ports: frozenset[str] | None = None
    """Where it listened, ``8080``, ``127.0.0.1:8080`` or ``53/udp``; None: not known."""
    answers: tuple[Answer, ...] = ()
    smoke: Smoke | None = None
    healthy: bool | None = None
    """None: the image has no health check, or it was not asked."""
    stopped: int | None = None
    """The code with which it ended when it was asked to."""
    out: str = ""
    """Standard output, of one that ended of itself."""
    complaints: tuple[tuple[str, str], ...] = ()
    """Classes of complaints in its output, each with the first line that has it."""
    users: frozenset[int] | None = None
    """The user ids of its processes; None: not known."""
    out_of_memory: bool = False
    seconds: float = field(default=0.0, compare=False)
    tail: str = field(default="", compare=False)
    """The last lines that it wrote."""


def complaints_in(text: str) -> tuple[tuple[str, str], ...]:
    """The classes of complaints that a text holds, with the line of the first of each."""
    found = []
    for name, _, pattern in _COMPLAINTS:
        match = pattern.search(text)
        if match is not None:
            start = text.rfind("\n", 0, match.start()) + 1
            found.append((name, text[start:].partition("\n")[0].strip()[:200]))
    return tuple(found)


def normalised(text: str) -> str:
    """A text without what no two runs say alike."""
    return _VARYING.sub("~", text)


def failure_of(original: Behaviour, statuses: tuple[int | None, ...] = ()) -> str | None:
    """Why the original proves nothing: it does not start, ends in error, or does not answer as it should."""
    if original.refusal:
        return f"the engine cannot start it: {original.refusal}"
    if original.smoke is None and original.exit not in (None, 0):
        memory = ", out of memory" if original.out_of_memory else ""
        said = f": {_telling(original.tail)}" if original.tail else ""
        return f"it ends with {original.exit}{memory} after {original.seconds:.0f} s{said}"
    for answer, wanted in zip(original.answers, statuses, strict=False):
        if answer.status is None:
            return f"it does not answer {answer.path}: {answer.body}"
        if wanted is not None and answer.status != wanted:
            return f"it answers {answer.path} with {answer.status}, not with {wanted}"
    if original.smoke is not None and original.smoke.exit != 0:
        said = original.smoke.err.strip() or original.smoke.out.strip()
        return f"the smoke command {_ended(original.smoke.exit)} with it: {said[-200:]}"
    return None


def _telling(tail: str) -> str:
    """The line that says why: the last one, unless that is the end of what was printed around an earlier one."""
    lines = [line.strip() for line in tail.split("\n") if line.strip()]
    if _WHY.search(lines[-1]) is None:
        lines = [*lines[-1:], *(line for line in reversed(lines) if _WHY.search(line))]
    return lines[-1][:200]


def compare(before: Behaviour, after: Behaviour, again: Behaviour | None = None) -> tuple[Finding, ...]:
    """What the migrated image does differently; ``again`` is a second run of the original, to know what varies."""
    steady = again or before
    if after.refusal:
        return (_broken("C10", "start", "the engine cannot start it", None, after.refusal),)
    return tuple(
        finding
        for part in (_ends, _ports, _users, _answers, _smoke, _health, _output)
        for finding in part(before, after, steady)
    )


def _ends(before: Behaviour, after: Behaviour, again: Behaviour) -> Iterator[Finding]:
    if before.exit != again.exit:
        yield _unsteady("exit", "the original ends now one way and now another", _up(before.exit), _up(again.exit))
    elif after.exit != before.exit:
        message = "it ends differently" + (f": {_telling(after.tail)}" if after.tail else "")
        yield _broken(_blame(after, before), "exit", message, _up(before.exit), _up(after.exit))
    if before.exit is not None or after.exit is not None:
        return
    if before.stopped == again.stopped and before.stopped != after.stopped:
        yield _broken("D7", "stop", "asked to stop, it ends differently", str(before.stopped), str(after.stopped))


def _ports(before: Behaviour, after: Behaviour, again: Behaviour) -> Iterator[Finding]:
    if before.exit is not None or after.exit is not None:
        return
    if before.ports is None or after.ports is None or again.ports is None:
        yield _incomparable("ports", "where it listens could not be read")
        return
    varying = before.ports ^ again.ports
    for port in sorted((before.ports ^ after.ports) - varying):
        # A port that neither run of the original kept is one that it takes at random.
        if port in before.ports:
            yield _broken("D6", f"port {port}", "nothing listens there any more", "listens", "does not")
        elif not varying:
            yield _broken("D6", f"port {port}", "it listens on one more port", "does not", "listens")
    if varying:
        yield _incomparable("ports", f"the original listens elsewhere each time: {', '.join(sorted(varying))}")


def _users(before: Behaviour, after: Behaviour, again: Behaviour) -> Iterator[Finding]:
    """Other users than before may be meant, and are compared as the configuration's; root is never."""
    known = before.users is not None and again.users is not None and after.users is not None
    if known and 0 in (after.users or ()) and 0 not in ((before.users or frozenset()) | (again.users or frozenset())):
        was, now = (", ".join(map(str, sorted(users or ()))) for users in (before.users, after.users))
        yield _broken("D6", "user", "a process runs as root, and none did", was, now)


def _answers(before: Behaviour, after: Behaviour, again: Behaviour) -> Iterator[Finding]:
    if after.exit is not None and before.exit is None:
        return  # said already
    for old, new, second in zip(before.answers, after.answers, again.answers, strict=False):
        subject = f"GET {old.path}"
        if old.status != second.status:
            yield _unsteady(
                subject, "the original answers now so and now otherwise", str(old.status), str(second.status)
            )
        elif new.status is None:
            yield _broken(_blame(after, before), subject, "it does not answer", str(old.status), new.body)
        elif old.status != new.status:
            yield _broken(
                _blame(after, before), subject, "it answers with another status", str(old.status), str(new.status)
            )
        else:
            if old.kind != new.kind and old.kind == second.kind:
                yield _broken("C18", subject, "the content type changes", old.kind, new.kind)
            yield from _texts(subject, "A1", old.body, new.body, second.body)


def _smoke(before: Behaviour, after: Behaviour, again: Behaviour) -> Iterator[Finding]:
    old, new, second = before.smoke, after.smoke, again.smoke
    if old is None or new is None or second is None:
        return
    if old.exit != second.exit:
        yield _unsteady("smoke command", "its exit varies with the original", _ended(old.exit), _ended(second.exit))
    elif old.exit != new.exit:
        message = "the smoke command ends differently" + (f": {new.err.strip()[-200:]}" if new.err.strip() else "")
        code = next((code for name, code, _ in _COMPLAINTS if name in dict(complaints_in(new.err))), "A1")
        yield _broken(code, "smoke command", message, _ended(old.exit), _ended(new.exit))
    else:
        yield from _texts("smoke command", "A1", old.out, new.out, second.out)


def _health(before: Behaviour, after: Behaviour, again: Behaviour) -> Iterator[Finding]:
    if before.healthy is False and again.healthy is False:
        yield _incomparable("health", "the original's own health check does not pass here")
    elif before.healthy and again.healthy and not after.healthy:
        message = "the health check passes no more" if after.healthy is False else "the health check is lost"
        yield _broken("C8" if after.healthy is False else "D6", "health", message, "healthy", "unhealthy")


def _output(before: Behaviour, after: Behaviour, again: Behaviour) -> Iterator[Finding]:
    known = dict((*before.complaints, *again.complaints))
    for name, line in after.complaints:
        if name not in known:
            code = next(code for known_name, code, _ in _COMPLAINTS if known_name == name)
            yield _broken(code, f"complaint: {name}", "only the migrated image complains so", None, line)
    if before.exit is not None and before.exit == after.exit:
        yield from _texts("output", "A1", before.out, after.out, again.out)


def _texts(subject: str, code: str, old: str, new: str, second: str) -> Iterator[Finding]:
    """Compare to the byte where the original repeats itself, and else without what varies from run to run."""
    if old == new:
        return
    if old != second:
        old, new, second = normalised(old), normalised(new), normalised(second)
    if old == second and old != new:
        was, became = _first_difference(old, new)
        yield _broken(code, subject, "another text comes back", was, became)
    elif old != second:
        yield _incomparable(subject, "the original says something else each time")


def _first_difference(old: str, new: str) -> tuple[str, str]:
    olds, news = old.split("\n"), new.split("\n")
    for was, became in zip(olds, news, strict=False):
        if was != became:
            return was[:200], became[:200]
    return f"{len(olds)} lines", f"{len(news)} lines"


def _blame(after: Behaviour, before: Behaviour) -> str:
    """The code of the first new complaint; A1 where it ends without one."""
    new = {name for name, _ in after.complaints} - {name for name, _ in before.complaints}
    return next((code for name, code, _ in _COMPLAINTS if name in new), "A1")


def _up(code: int | None) -> str:
    return "still up" if code is None else f"exit {code}"


def _ended(code: int | None) -> str:
    return "does not end" if code is None else f"ends with {code}"


def _broken(code: str, subject: str, message: str, before: str | None, after: str | None) -> Finding:
    return Finding(CHECK, code, Weight.BROKEN, subject, message, before, after)


def _incomparable(subject: str, message: str) -> Finding:
    return Finding(CHECK, "", Weight.INCOMPARABLE, subject, message)


def _unsteady(subject: str, message: str, first: str, second: str) -> Finding:
    return Finding(CHECK, "", Weight.INCOMPARABLE, subject, message, first, second)
