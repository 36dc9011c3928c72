"""Programs whose text stands in the Dockerfile are read like those of the build context."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

FILES = {"requirements.txt": "flask==3.0.3\n", "app.py": "import flask\n"}
SCRIPT = "#!/bin/sh\nset -e\n{}\nexec python /app/app.py\n"


def dockerfile(copied: str, start: str) -> bytes:
    return (
        "FROM python:3.11\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
        f"COPY app.py .\n{copied}\n{start}\n"
    ).encode()


PLACES = [
    ("COPY --chmod=755 <<EOT /usr/local/bin/start", "EOT", 'CMD ["start"]'),
    ("COPY --chmod=755 <<EOT /opt/start", "EOT", 'ENTRYPOINT ["/opt/start", "--verbose"]'),
    ("COPY --chmod=755 <<start ./", "start", 'CMD ["./start"]'),
    ("COPY --chmod=755 <<start /app/", "start", 'CMD ["/app/start"]'),
    ("COPY --chmod=755 <<'EOT' entrypoint.sh", "EOT", 'ENTRYPOINT ["./entrypoint.sh"]'),
]


@pytest.mark.parametrize(("copied", "end", "start"), PLACES)
def test_what_a_start_script_makes_keeps_root(copied: str, end: str, start: str) -> None:
    text = f"{copied}\n{SCRIPT.format('mkdir -p /var/lib/sensor')}{end}"
    done = migrate(dockerfile(text, start), path="Dockerfile", context=Context.of(FILES))
    assert b"USER" not in bytes(done.after)
    (why,) = [decline for decline in done.declines if decline.rule == "run-as-user"]
    assert (why.code, why.path, why.line) == ("E2", None, 6)


@pytest.mark.parametrize(("copied", "end", "start"), PLACES)
def test_what_a_start_script_calls_is_installed(copied: str, end: str, start: str) -> None:
    text = f"{copied}\n{SCRIPT.format('git --version')}{end}"
    done = migrate(dockerfile(text, start), path="Dockerfile", context=Context.of(FILES))
    assert b"install -y --no-install-recommends git" in bytes(done.after)


def test_a_module_in_the_dockerfile_is_a_source_like_others() -> None:
    text = "COPY <<EOT /app/helper.py\nopen('/var/lib/x', 'w')\nEOT"
    done = migrate(dockerfile(text, 'CMD ["python", "app.py"]'), path="Dockerfile", context=Context.of(FILES))
    assert b"USER" not in bytes(done.after)


def test_a_program_that_goes_into_a_folder_without_a_slash() -> None:
    text = "COPY <<worker.py /app\nimport subprocess\nsubprocess.run(['git', 'log'])\nworker.py"
    done = migrate(dockerfile(text, 'CMD ["python", "worker.py"]'), path="Dockerfile", context=Context.of(FILES))
    assert b"install -y --no-install-recommends git" in bytes(done.after)


def test_a_copy_of_the_context_does_not_bring_it() -> None:
    text = "COPY <<EOT /etc/motd\nhello\nEOT\nCOPY . /elsewhere/"
    done = migrate(dockerfile(text, 'CMD ["python", "app.py"]'), path="Dockerfile", context=Context.of(FILES))
    assert done.understood is not None
    assert not [w for w in done.understood.final.files.writes if w.path.startswith("/elsewhere/<<")]


def test_a_list_with_single_quotes_starts_nothing() -> None:
    done = migrate(dockerfile("", "CMD ['python', 'app.py']"), path="Dockerfile", context=Context.of(FILES))
    assert bytes(done.after) == bytes(done.before)
    assert {(decline.rule, decline.code) for decline in done.declines} >= {
        ("split-stages", "C10"),
        ("run-as-user", "E11"),
    }
