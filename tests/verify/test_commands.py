"""What the image starts is there, for its user, with the interpreter and the folder that it needs."""

from __future__ import annotations

from typing import Any

import pytest

from dfmigrate.verify.finding import Finding

from .archives import BASE, Entries, broken, compared, folder, image, link, program

WITHOUT_SHELL = {path: entry for path, entry in BASE.items() if path not in ("/usr/bin/sh", "/usr/bin/curl")}


def _found(before: Entries, after: Entries, config: dict[str, Any], base: Entries = BASE) -> tuple[Finding, ...]:
    return compared(image(before, config), image(after, config, base))


@pytest.mark.parametrize(
    ("config", "code", "subject"),
    [
        ({"Cmd": ["/bin/sh", "-c", "exec python x"]}, "C9", "/bin/sh"),
        ({"Healthcheck": {"Test": ["CMD", "curl", "-f", "http://localhost"]}}, "C8", "curl"),
        ({"Entrypoint": ["curl"], "Cmd": ["x"]}, "C10", "curl"),
        ({"Entrypoint": ["env", "A=b", "curl"]}, "C10", "curl"),
    ],
)
def test_a_program_of_the_system_that_is_not_there(config: dict[str, Any], code: str, subject: str) -> None:
    findings = _found({}, {}, config, WITHOUT_SHELL)
    assert broken(findings) == [(code, subject)]
    assert findings[0].line == 4
    assert broken(_found({}, {}, config)) == []


def test_a_health_check_in_shell_form() -> None:
    base = {path: entry for path, entry in BASE.items() if path != "/usr/bin/curl"}
    config = {"Healthcheck": {"Test": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]}}
    assert broken(_found({}, {}, config, base)) == [("C8", "curl")]


@pytest.mark.parametrize(
    ("config", "gone"),
    [
        ({"Cmd": ["/app/server"]}, "/app/server"),
        ({"Cmd": ["./server"], "WorkingDir": "/app"}, "/app/server"),
        ({"Cmd": ["server"], "Env": ["PATH=/app"]}, "/app/server"),
        ({"Cmd": ["/bin/sh", "-c", "cd /app && ./server --port 80"]}, "/app/server"),
        ({"Entrypoint": ["python"], "Cmd": ["main.py"], "WorkingDir": "/app"}, "/app/main.py"),
        ({"Cmd": ["node", "dist/main.js"], "WorkingDir": "/app"}, "/app/dist/main.js"),
        ({"Cmd": ["java", "-cp", "/app/main.jar:/app/lib/*", "Main"]}, "/app/main.jar"),
        ({"Cmd": ["java", "-jar", "app.jar"], "WorkingDir": "/app"}, "/app/app.jar"),
        ({"Cmd": ["python", "-m", "uvicorn", "api.web:app"], "WorkingDir": "/app"}, "/app/api/web.py"),
    ],
)
def test_a_file_that_the_command_names(config: dict[str, Any], gone: str) -> None:
    keep: Entries = {"/app": folder(), "/app/other": b"x"}
    before: Entries = {**keep, gone: program()}
    assert [code for code, _ in broken(_found(before, keep, config))][:1] == ["A1"]
    assert broken(_found(before, before, config)) == []


def test_what_a_start_script_calls() -> None:
    script = program(b'#!/bin/sh\nset -e\ncurl -s http://x\nif true; then git pull; fi\nexec "$@"\n')
    config = {"Entrypoint": ["/app/start.sh"], "Cmd": ["python"]}
    base = {path: entry for path, entry in BASE.items() if path != "/usr/bin/curl"}
    before: Entries = {"/app/start.sh": script, "/usr/bin/git": program()}
    findings = _found(before, {"/app/start.sh": script}, config, base)
    assert broken(findings) == [("C10", "curl")]
    assert {(each.subject, each.weight.value) for each in findings if each.check == "commands"} >= {("git", "note")}


def test_a_lost_executable_bit() -> None:
    config = {"Entrypoint": ["/app/start.sh"]}
    findings = _found({"/app/start.sh": program()}, {"/app/start.sh": program(mode=0o644)}, config)
    assert ("A15", "/app/start.sh") in broken(findings)


def test_a_program_that_the_user_may_not_execute() -> None:
    config = {"Cmd": ["/app/run"], "User": "node"}
    findings = _found({"/app/run": program()}, {"/app/run": program(mode=0o700)}, config)
    assert ("A15", "/app/run") in broken(findings)
    closed = _found({"/app": folder(), "/app/run": program()}, {"/app": folder(0o700), "/app/run": program()}, config)
    assert ("A15", "/app/run") in broken(closed)


def test_a_user_that_the_image_does_not_know() -> None:
    before = image({"/etc/passwd": b"app:x:7:7::/:/bin/sh\n", "/etc/group": b"app:x:7:\n"}, {"User": "app"})
    after = image({}, {"User": "app"})
    assert ("A16", "app") in broken(compared(before, after))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, [("D4", "/srv/app")]),
        ({"/srv/app": folder(0o700)}, [("E1", "/srv/app")]),
        ({"/srv/app": folder(0o755, (1000, 1000))}, []),
        ({"/data": folder(0o755, (1000, 1000)), "/srv/app": link("/data")}, []),
    ],
)
def test_the_working_directory(after: Entries, expected: list[tuple[str, str]]) -> None:
    config = {"WorkingDir": "/srv/app", "User": "node"}
    before: Entries = {"/srv/app": folder(0o755, (1000, 1000))}
    found = [each for each in compared(image(before, config), image(after, config)) if each.check == "commands"]
    assert broken(tuple(found)) == expected


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"#!/opt/venv/bin/python\n", "B5"),
        (b"#!/usr/bin/env perl\n", "C10"),
        (b"#!/usr/bin/env -S perl -w\n", "C10"),
        (b"#!/bin/bash\n", "C10"),
    ],
)
def test_the_interpreter_of_a_script(line: bytes, code: str) -> None:
    script: Entries = {"/app/tool": program(line)}
    has: Entries = {
        **script, "/opt/venv/bin/python": program(), "/usr/bin/perl": program(), "/usr/bin/bash": program()
    }  # fmt: skip
    assert ("/app/tool", code) in [(each[1], each[0]) for each in broken(_found(has, script, {}))]
    assert broken(_found(has, has, {})) == []
    # It did not run before either.
    assert broken(_found(script, script, {})) == []


def test_dangling_links() -> None:
    before: Entries = {"/app/l": link("../data/x"), "/data/x": b"", "/app/node_modules/a": link("../../data/x")}
    after: Entries = {"/app/l": link("../data/x"), "/app/node_modules/a": link("../../data/x"), "/app/n": link("n")}
    found = broken(_found(before, after, {}))
    assert ("A20", "/app/l") in found
    assert ("A8", "/app/node_modules/a") in found
    assert ("A20", "/app/n") in found
    assert ("A20", "/app/l") not in broken(_found(after, after, {}))


def test_packages_for_another_python() -> None:
    venv: Entries = {"/opt/venv/lib/python3.11/site-packages/x.py": b""}
    before: Entries = {**venv, "/opt/venv/bin/python": link("/usr/local/bin/python3.11")}
    after: Entries = {
        **venv, "/usr/local/bin/python3.12": program(), "/opt/venv/bin/python": link("/usr/local/bin/python3.12")
    }  # fmt: skip
    assert ("B7", "/opt/venv/lib/python3.11/site-packages") in broken(_found(before, after, {}))
    assert broken(_found(before, before, {})) == []


def test_what_the_system_gives() -> None:
    config = {"Env": ["TZ=Europe/Berlin", "LANG=de_DE.UTF-8"]}
    source: Entries = {"/app/x.py": b"get('https://example.org')\n"}
    before: Entries = {
        **source,
        "/etc/ssl/certs/ca-certificates.crt": b"-----BEGIN",
        "/usr/share/zoneinfo/Europe/Berlin": b"TZif",
        "/usr/lib/locale/locale-archive": b"x",
    }
    assert broken(_found(before, source, config)) == [
        ("C15", "/etc/ssl/certs/ca-certificates.crt"), ("C16", "Europe/Berlin"), ("C17", "LANG")
    ]  # fmt: skip
    assert broken(_found(before, before, config)) == []
    quiet = _found({"/etc/ssl/certs/ca-certificates.crt": b"-"}, {}, {})
    assert broken(quiet) == []
    assert "C15" in [each.code for each in quiet]
