"""Projects in Python, Ruby and PHP as they are published: what is split, and what rightly is not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

_RUBY = {
    "Gemfile": 'source "https://gems.example.com"\n\ngem "puma"\n',
    "Gemfile.lock": """\
GEM
  remote: https://gems.example.com/
  specs:
    nio4r (2.5.9)
    puma (6.4.0)
      nio4r (~> 2.0)

PLATFORMS
  ruby

DEPENDENCIES
  puma
""",
    "config.ru": 'run ->(env) { [200, {}, ["hello"]] }\n',
}
_GEMS = "FROM ruby:3.2\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\n"
_PYTHON = {"requirements.txt": "flask==3.0.3\n", "app.py": "import flask\n"}
_WHEELS = "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"


def _migrated(dockerfile: str, files: Mapping[str, str]) -> Migration:
    context = Context.of({"Dockerfile": dockerfile, **files})
    return migrate(dockerfile.encode(), path="Dockerfile", context=context)


def _declined(dockerfile: str, files: Mapping[str, str], rule: str = "split-stages") -> set[str]:
    migration = _migrated(dockerfile, files)
    assert not any(step.rule == rule for step in migration.steps), bytes(migration.after).decode()
    return {decline.code for decline in migration.declines if decline.rule == rule}


def _runtime(dockerfile: str, files: Mapping[str, str]) -> str:
    after = bytes(_migrated(dockerfile, files).after).decode()
    assert after.count("\nFROM ") + after.startswith("FROM ") == 2, after
    return after[after.rindex("\nFROM ") + 1 :]


@pytest.mark.parametrize(
    "command",
    (
        'CMD bash -c "rm -f tmp/pids/server.pid && bundle install && bundle exec puma"\n',
        "CMD bundle check || bundle install && bundle exec puma\n",
        'CMD ["sh", "-c", "gem install foreman && foreman start"]\n',
    ),
)
def test_gems_that_are_installed_at_start(command: str) -> None:
    assert "C3" in _declined(_GEMS + command, _RUBY)


@pytest.mark.parametrize("line", ("bundle", "bundle check || bundle install", "exec bundle update"))
def test_gems_that_a_start_script_installs(line: str) -> None:
    files = {**_RUBY, "bin/prod": f"#!/usr/bin/env sh\nset -e\n{line}\nexec bundle exec puma\n"}
    assert "C3" in _declined(_GEMS + 'ENTRYPOINT ["bin/prod"]\n', files)


def test_a_start_script_that_only_starts() -> None:
    files = {**_RUBY, "bin/prod": "#!/usr/bin/env sh\nset -e\nbundle check\nexec bundle exec puma\n"}
    assert "slim" in _runtime(_GEMS + 'ENTRYPOINT ["bin/prod"]\n', files)


def test_wheels_that_are_installed_at_start_need_rights_too() -> None:
    dockerfile = _WHEELS + "CMD pip install -r requirements.txt && python app.py\n"
    assert "C3" in _declined(dockerfile, _PYTHON)
    assert "E2" in _declined(dockerfile, _PYTHON, "run-as-user")


def test_what_the_application_itself_makes_at_start() -> None:
    files = {**_PYTHON, "manage.py": "import django\n", "requirements.txt": "django==5.0\ngunicorn==22.0\n"}
    dockerfile = _WHEELS + "CMD python manage.py collectstatic --noinput && gunicorn app:app\n"
    assert "slim" in _runtime(dockerfile, files)


def test_a_tool_that_the_runtime_installs_needs_its_installer() -> None:
    dockerfile = (
        "FROM ruby:3.2-alpine\nRUN apk add --no-cache build-base nodejs npm tzdata\nRUN npm install -g yarn\n"
        'WORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["./start.sh"]\n'
    )
    files = {**_RUBY, "start.sh": "#!/bin/sh\nyarn --version\nexec bundle exec puma\n"}
    migration = _migrated(dockerfile, files)
    after = bytes(migration.after).decode()
    runtime = after[after.rindex("\nFROM ") + 1 :]
    assert "RUN npm install -g yarn\n" not in runtime or " npm " in runtime, runtime
