from __future__ import annotations

from dataclasses import replace

from dfmigrate.context import Context
from dfmigrate.model import interpret
from dfmigrate.model.starts import served, unserved
from dfmigrate_grammar import parse

DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n'


def test_a_start_from_outside_is_remembered_for_one_shell() -> None:
    context = Context.of({"heroku.yml": "build:\n  docker:\n    web: Dockerfile\nrun:\n  web: python app.py\n"})
    config = interpret(parse(DOCKERFILE.encode()), context).final.final
    for shell in (("/bin/sh", "-c"), ("/bin/bash", "-c")):
        (_, other) = served(replace(config, shell=shell), context)
        assert other.command is not None
        assert other.command.process() == (*shell, "python app.py")


def test_what_django_does_by_itself_installs_nothing() -> None:
    compose = "services:\n  web:\n    build: .\n    command: sh -c '{} && python app.py'\n"
    for command, expected in (("python manage.py collectstatic", 0), ("npm run build", 1), ("make", 1)):
        context = Context.of({"compose.yaml": compose.format(command)})
        config = interpret(parse(DOCKERFILE.encode()), context).final.final
        assert len(unserved(config, context)) == expected
