"""What counts as a difference in behaviour, and what varies from run to run."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
from dataclasses import replace

import pytest

from dfmigrate.verify.behaviour import (
    Answer,
    Behaviour,
    Smoke,
    compare,
    complaints_in,
    failure_of,
    normalised,
)
from dfmigrate.verify.containers import drops, listeners
from dfmigrate.verify.finding import Weight
from dfmigrate.verify.observe import get, health_command, signal_number

SERVER = Behaviour(
    refusal="",
    exit=None,
    ports=frozenset({"8080"}),
    answers=(Answer("/", 200, "text/html", "<p>hello</p>"),),
    smoke=Smoke(0, "ok\n"),
    healthy=True,
    stopped=0,
)
TOOL = Behaviour(refusal="", exit=0, out="usage: tool\n")


def _told(before: Behaviour, after: Behaviour, again: Behaviour | None = None) -> list[tuple[str, str, str]]:
    return [(found.weight.value, found.code, found.subject) for found in compare(before, after, again)]


@pytest.mark.parametrize("one", [SERVER, TOOL])
def test_the_same_is_the_same(one: Behaviour) -> None:
    assert _told(one, one, one) == []


@pytest.mark.parametrize(
    ("after", "code", "subject"),
    [
        (replace(SERVER, refusal='exec: "sh": not found'), "C10", "start"),
        (replace(SERVER, exit=1), "A1", "exit"),
        (replace(SERVER, exit=127, complaints=(("cannot open shared object", "libq.so"),)), "B1", "exit"),
        (replace(SERVER, ports=frozenset()), "D6", "port 8080"),
        (replace(SERVER, ports=frozenset({"8080", "9"})), "D6", "port 9"),
        (replace(SERVER, answers=(Answer("/", 500, "text/html", ""),)), "A1", "GET /"),
        (replace(SERVER, answers=(Answer("/", None, "", "refused"),)), "A1", "GET /"),
        (replace(SERVER, answers=(Answer("/", 200, "text/plain", "<p>hello</p>"),)), "C18", "GET /"),
        (replace(SERVER, answers=(Answer("/", 200, "text/html", "<p>bye</p>"),)), "A1", "GET /"),
        (replace(SERVER, smoke=Smoke(126, "", "sh: tool: Permission denied")), "E2", "smoke command"),
        (replace(SERVER, smoke=Smoke(0, "no\n")), "A1", "smoke command"),
        (replace(SERVER, healthy=False), "C8", "health"),
        (replace(SERVER, healthy=None), "D6", "health"),
        (replace(SERVER, stopped=137), "D7", "stop"),
        (replace(SERVER, complaints=(("permission denied", "x"),)), "E2", "complaint: permission denied"),
    ],
)
def test_what_only_the_migrated_image_does_is_broken(after: Behaviour, code: str, subject: str) -> None:
    assert ("broken", code, subject) in _told(SERVER, after, SERVER)


def test_another_output_of_a_tool_is_broken() -> None:
    assert _told(TOOL, replace(TOOL, out="usage: tool2\n"), TOOL) == [("broken", "A1", "output")]


@pytest.mark.parametrize(
    ("again", "subject"),
    [
        (replace(SERVER, exit=1), "exit"),
        (replace(SERVER, ports=frozenset({"8080", "43210"})), "ports"),
        (replace(SERVER, answers=(Answer("/", 503, "text/html", ""),)), "GET /"),
        (replace(SERVER, answers=(Answer("/", 200, "text/html", "<p>someone</p>"),)), "GET /"),
        (replace(SERVER, smoke=Smoke(1, "")), "smoke command"),
    ],
)
def test_what_the_original_does_not_repeat_is_incomparable_and_not_broken(again: Behaviour, subject: str) -> None:
    third = replace(
        SERVER, answers=(Answer("/", 200, "text/html", "<p>third</p>"),) if subject == "GET /" else SERVER.answers
    )
    assert _told(SERVER, third, again) == [("incomparable", "", subject)]


def test_a_known_complaint_is_none() -> None:
    loud = replace(SERVER, complaints=(("permission denied", "x"),))
    assert _told(loud, loud, loud) == []
    assert _told(SERVER, loud, loud) == []


def test_texts_that_vary_are_compared_without_what_varies() -> None:
    first, second, third, other = (
        replace(SERVER, answers=(Answer("/", 200, "text/html", text),))
        for text in (
            "at 2026-01-02T03:04:05Z in 12 ms: hello",
            "at 2026-01-02T03:04:09Z in 9 ms: hello",
            "at 2026-01-02T03:05:00Z in 11 ms: hello",
            "at 2026-01-02T03:05:00Z in 11 ms: bye",
        )
    )
    assert _told(first, third, second) == []
    assert [told[0] for told in _told(first, other, second)] == ["broken"]


def test_unread_ports_and_a_health_check_that_never_passes_are_said() -> None:
    deaf = replace(SERVER, ports=None, healthy=False)
    assert {told[0] for told in _told(deaf, deaf, deaf)} == {Weight.INCOMPARABLE.value}


@pytest.mark.parametrize(
    ("original", "statuses", "word"),
    [
        (replace(SERVER, refusal="no such program"), (), "no such program"),
        (replace(TOOL, exit=1, tail="a\nno database"), (), "no database"),
        (replace(TOOL, exit=137, out_of_memory=True), (), "out of memory"),
        (replace(SERVER, answers=(Answer("/", None, "", "refused"),)), (None,), "does not answer /"),
        (SERVER, (204,), "with 200, not with 204"),
        (replace(SERVER, smoke=Smoke(3, "", "boom")), (), "ends with 3 with it: boom"),
    ],
)
def test_an_original_that_proves_nothing(original: Behaviour, statuses: tuple[int | None, ...], word: str) -> None:
    assert word in (failure_of(original, statuses) or "")


@pytest.mark.parametrize(
    "original", [SERVER, TOOL, replace(TOOL, exit=2, smoke=Smoke(0, "ok"))], ids=["server", "tool", "tool with smoke"]
)
def test_an_original_that_does_its_work(original: Behaviour) -> None:
    assert failure_of(original, (200,)) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("app: error while loading shared libraries: libpq.so.5: cannot open", "cannot open shared object"),
        ("ModuleNotFoundError: No module named 'yaml'", "module not found"),
        ("Error: Cannot find module '/app/dist/main.js'", "module not found"),
        ("cannot load such file -- pg (LoadError)", "module not found"),
        ("/bin/sh: 1: curl: not found", "not found"),
        ("PermissionError: [Errno 13] Permission denied: '/data/x'", "permission denied"),
        ("Error: EACCES: permission denied, open '/x'", "permission denied"),
        ("open /etc/app.conf: no such file or directory", "no such file"),
    ],
)
def test_complaints(line: str, name: str) -> None:
    assert (name, line) in complaints_in(f"starting\n{line}\ndone\n")


@pytest.mark.parametrize("line", ["GET /x 404 Not Found", "no errors were found", "listening"])
def test_what_is_no_complaint(line: str) -> None:
    assert complaints_in(f"{line}\n") == ()


def test_versions_and_words_are_not_taken_for_what_varies() -> None:
    for text in ("Python 3.12.1", "defaced by cafe", "port 8080", "3 of 4 done"):
        assert normalised(text) == text


def test_listening_addresses_are_read_from_the_kernels_tables() -> None:
    rows = [
        "  sl  local_address rem_address   st",
        "   0: 00000000:1F90 00000000:0000 0A 0",
        "   1: 0100007F:1388 00000000:0000 0A 0",
        "   2: 0B00007F:A0F1 00000000:0000 0A 0",
        "   3: 0100007F:1F91 0100007F:1F90 01 0",
        "   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0",
        "   1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 0",
        # UDP: a name server, a question to one, and the engine's own.
        "  66: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2 0",
        "  67: 00000000:C350 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2 0",
        "  68: 0B00007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2 0",
    ]
    assert listeners("\n".join(rows)) == {"8080", "127.0.0.1:5000", "80", "[::1]:81", "53/udp"}


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (["CMD", "curl", "x"], ("curl", "x")),
        (["CMD-SHELL", "curl x || exit 1"], ("/bin/sh", "-c", "curl x || exit 1")),
        (["NONE"], None),
        ([], None),
    ],
)
def test_the_health_check_is_run_as_the_engine_runs_it(test: list[str], words: tuple[str, ...] | None) -> None:
    assert health_command({"Healthcheck": {"Test": test}}) == words
    assert health_command({}) is None


@pytest.mark.parametrize(
    ("caught", "blocked", "expected"),
    [
        ("0000000000000000", "0000000000000000", True),
        ("0000000000004000", "0000000000000000", False),
        ("0000000000000000", "0000000000004000", False),  # It may wait for it.
        ("0000000000000002", "0000000000000000", True),  # Only Ctrl-C is handled.
    ],
)
def test_a_signal_that_nobody_handles_is_not_waited_for(caught: str, blocked: str, expected: bool) -> None:
    status = f"Name:\tapp\nSigBlk:\t{blocked}\nSigIgn:\t0000000000000000\nSigCgt:\t{caught}\n"
    assert drops(status, 15) is expected
    assert drops("Name:\tapp\n", 15) is False


def test_the_signal_to_stop_by_any_of_its_names() -> None:
    assert [signal_number(said) for said in ("", "SIGTERM", "term", "15", "SIGQUIT")] == [15, 15, 15, 15, 3]
    assert signal_number("SIGNOTHING") is None


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = gzip.compress(b"hello") if self.path == "/zipped" else b"plain"
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "http://127.0.0.1:1/")
        if self.path in ("/zipped", "/liar"):
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *words: object) -> None:
        pass


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_one_request(family: socket.AddressFamily) -> None:
    class Server(http.server.HTTPServer):
        address_family = family

    try:
        server = Server(("127.0.0.1" if family is socket.AF_INET else "::1", 0), _Handler)
    except OSError:
        pytest.skip("this machine has no such address")
    with server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        port = int(server.server_address[1])
        found = [get(port, path) for path in ("/", "/zipped", "/moved", "/liar")]
        server.shutdown()
    assert [(each.status, each.body) for each in found[:3]] == [(200, "plain"), (200, "hello"), (302, "plain")]
    assert found[3].status is None
    assert get(port, "/").status is None
