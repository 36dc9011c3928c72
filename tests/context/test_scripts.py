from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.scripts import EntryScript, entry_script


def script(text: str, path: str = "start.sh") -> EntryScript:
    found = entry_script(Context.of({path: text}, executables=frozenset({path})), path)
    assert found is not None
    return found


def test_a_typical_entry_point() -> None:
    found = script(
        "#!/usr/bin/env bash\nset -e\n"
        'if [ "$1" = "serve" ]; then\n  chown -R app /data\n  exec su-exec app "$@"\nfi\n'
        'wait_for() { nc -z "$1" 80; }\nwait_for db\nenvsubst < a > /etc/app.conf\n. /lib.sh\nexec "$@"\n'
    )
    assert found.interpreter == "bash"
    assert found.is_shell
    assert found.executable
    assert found.understood
    assert found.programs == {"chown", "su-exec", "nc", "envsubst"}
    assert found.runs_arguments
    assert not found.dynamic
    assert found.drops_privileges == {"su-exec"}
    assert found.needs_root == {"chown"}
    assert found.reads == {"/lib.sh"}
    assert found.writes == {"/etc/app.conf"}


@pytest.mark.parametrize(
    ("text", "programs", "dynamic", "runs_arguments"),
    [
        ("exec python app.py", {"python"}, False, False),
        ("exec gosu app:app python app.py", {"gosu", "python"}, False, False),
        ("exec env A=1 tini -- node a.js", {"env", "tini", "node"}, False, False),
        ('exec "$@"', set(), False, True),
        ("$COMMAND", set(), True, False),
        ('set -- node "$@"\nexec "$@"', {"node"}, False, True),
        ("A=$(date) python a.py", {"date", "python"}, False, False),
        ("./bin/run --now", {"./bin/run"}, False, False),
        ("echo hi; exit 0", set(), False, False),
    ],
)
def test_what_a_script_runs(text: str, programs: set[str], dynamic: bool, runs_arguments: bool) -> None:
    found = script(f"#!/bin/sh\n{text}\n")
    assert found.programs == programs
    assert found.dynamic is dynamic
    assert found.runs_arguments is runs_arguments


def test_scripts_that_are_not_understood() -> None:
    assert not script("#!/bin/sh\nif [ a\n").understood
    python = script("#!/usr/bin/env -S python3 -u\nprint(1)\n", "run")
    assert (python.interpreter, python.is_shell, python.understood) == ("python3", False, False)
    assert entry_script(Context.of({}), "start.sh") is None


def test_a_carriage_return_after_the_interpreter() -> None:
    found = script("#!/bin/sh\r\necho a\r\n")
    assert found.crlf
    assert found.interpreter == "sh"
