"""Which programs the running container is seen to call."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.model import interpret
from dfmigrate.model.called import By, called_programs
from dfmigrate_grammar import parse

DOCKERFILE = 'FROM node:20-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "a.js"]\n'


@pytest.mark.parametrize(
    ("test", "program"),
    [
        ("[CMD, curl, -f, http://localhost]", "curl"),
        ('["CMD-SHELL", "wget -q http://localhost || exit 1"]', "wget"),
        ("curl -f http://localhost", "curl"),
        ('["CMD", "sh", "-c", "pg_isready"]', "pg_isready"),
        ("[*anchor]", None),
    ],
)
def test_a_compose_health_check_runs_in_the_container(test: str, program: str | None) -> None:
    compose = f"services:\n  web:\n    build: .\n    healthcheck:\n      test: {test}\n"
    context = Context.of({"Dockerfile": DOCKERFILE, "a.js": "", "compose.yaml": compose})
    calls = called_programs(interpret(parse(DOCKERFILE.encode()), context))
    assert (program, "compose.yaml") in {(call.program, call.path) for call in calls if call.by is By.HEALTH}
