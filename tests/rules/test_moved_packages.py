"""Runtimes of an ended release: packages are installed from its archive, or not at all."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

_INSTALL = """\
# The packages of Debian 10 (buster) moved to the archive
RUN sed -i -E 's/(deb|security)\\.debian\\.org/archive.debian.org/' /etc/apt/sources.list \\
    && apt-get update \\
    && apt-get install -y --no-install-recommends libpq5 \\
    && rm -rf /var/lib/apt/lists/*
"""
_FILES = {"requirements.txt": "flask==2.2.2\npsycopg2==2.9.5\n", "app.py": "import flask, psycopg2\n"}
_REST = """\
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY app.py ./
CMD ["python", "app.py"]
"""


def _migrated(base: str, steps: str = "", files: dict[str, str] | None = None) -> Migration:
    dockerfile = f"FROM {base}\n{steps}{_REST}"
    context = Context.of({"Dockerfile": dockerfile, **_FILES, **(files or {})})
    return migrate(dockerfile.encode(), path="Dockerfile", context=context)


def _runtime(migration: Migration) -> str:
    after = bytes(migration.after).decode()
    assert after.count("FROM ") == 2, after
    return after.rpartition("FROM ")[2]


def _declined(migration: Migration) -> str:
    assert not any(step.rule == "split-stages" for step in migration.steps), bytes(migration.after).decode()
    return next(one.message for one in migration.declines if one.code == "D11")


def _said(migration: Migration) -> list[str]:
    return [warning for step in migration.steps for warning in step.warnings]


def test_the_first_install_points_apt_to_the_archive() -> None:
    migration = _migrated("python:3.9-buster")
    assert _runtime(migration).startswith(f"python:${{PYTHON_VERSION}}-slim-buster\n{_INSTALL}")
    assert _said(migration) == ["from the archive of buster, which gets no more updates: libpq5"]


def test_a_runtime_without_packages_is_left_alone() -> None:
    files = {"requirements.txt": "flask==2.2.2\n", "app.py": "import flask\n"}
    assert "apt" not in _runtime(_migrated("python:3.9-buster", files=files))


def test_a_release_that_is_served_is_left_alone() -> None:
    migration = _migrated("python:3.9-bullseye")
    assert "sed" not in _runtime(migration)
    assert _said(migration) == []


def test_an_image_with_too_old_keys_is_not_installed_in() -> None:
    assert "keys" in _declined(_migrated("python:3.7.4-buster"))


def test_an_archive_that_cannot_be_verified_is_none() -> None:
    message = "the packages of python:3.6-slim-stretch have left their server, so none can be installed in it"
    assert _declined(_migrated("python:3.6-stretch")).startswith(message)


def test_a_package_that_is_not_shown_to_be_there_is_not_asked_for() -> None:
    files = {"requirements.txt": "weasyprint==52.5\n", "app.py": "import weasyprint\n"}
    assert "libgdk-pixbuf-2.0-0" in _declined(_migrated("python:3.9-buster", files=files))


_LISTED = """RUN echo "deb http://archive.debian.org/debian buster main" > /etc/apt/sources.list && \\
    echo "deb http://archive.debian.org/debian-security buster/updates main" >> /etc/apt/sources.list && \\
    echo "deb http://archive.debian.org/debian buster-updates main" >> /etc/apt/sources.list
"""
_GCC = "RUN apt-get update && apt-get install -y gcc\n"
_LEAD = (
    "sed -i 's/deb.debian.org/archive.debian.org/g; s/security.debian.org/archive.debian.org/g' /etc/apt/sources.list"
)


def test_the_originals_own_sources_come_first() -> None:
    runtime = _runtime(_migrated("python:3.9-buster", f"{_LISTED}{_GCC}"))
    assert "sed" not in runtime
    assert 0 < runtime.index(_LISTED) < runtime.index("apt-get update")


@pytest.mark.parametrize(
    "own",
    [
        f"RUN {_LEAD}\n",
        "RUN sed -i -e 's|http://deb.debian.org|http://archive.debian.org|' "
        "-e 's|security.debian.org|archive.debian.org|' /etc/apt/sources.list\n",
        f"RUN {_LEAD} && echo 'deb http://apt.example.org/ buster main' > /etc/apt/sources.list.d/own.list\n",
    ],
)
def test_sources_with_all_suites_hold_for_the_slim_image_too(own: str) -> None:
    assert "\nRUN sed -i" in _runtime(_migrated("python:3.9-buster", f"{own}{_GCC}"))


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ('RUN echo "deb http://archive.debian.org/debian buster main" > /etc/apt/sources.list\n', "buster/updates"),
        (f"RUN {_LEAD} && sed -i '/buster-updates/d' /etc/apt/sources.list\n", "lacks buster-updates"),
        (f"RUN {_LEAD} && sed -i '/security/d' /etc/apt/sources.list\n", "lacks buster/updates"),
        (f"RUN {_LEAD} && sed -i '/security/s/^/#/' /etc/apt/sources.list\n", "is not known"),
        (f"RUN {_LEAD} && curl -o /etc/apt/sources.list https://example.org/sources.list\n", "is not known"),
        (
            f"{_LISTED.replace(' >', ' >>', 1).replace('RUN ', 'RUN mv /etc/apt/sources.list /etc/apt/old && ')}",
            "would not be the original's",
        ),
        (f"RUN {_LEAD} && rm /etc/apt/sources.list\n", "lacks buster"),
        (_LISTED.replace("buster/updates", "$SUITE"), "is not known"),
    ],
)
def test_sources_that_lack_a_suite_are_none_for_the_slim_image(own: str, said: str) -> None:
    """What the full image has already is not asked for there, but is in the slim one."""
    assert said in _declined(_migrated("python:3.9-buster", f"{own}{_GCC}"))


@pytest.mark.parametrize(
    ("suites", "split"),
    [(("stretch", "stretch/updates"), True), (("stretch", "stretch-updates"), False)],
)
def test_the_suite_for_security_counts_without_a_known_archive(suites: tuple[str, ...], split: bool) -> None:
    lines = [f"echo 'deb http://m.example.org/ {suite} main' >> /etc/apt/sources.list" for suite in suites]
    own = f"RUN rm /etc/apt/sources.list && {' && '.join(lines)}\n"
    migration = _migrated("python:3.6-stretch", f"{own}{_GCC}")
    assert any(step.rule == "split-stages" for step in migration.steps) is split
    assert split or "lacks stretch/updates" in _declined(migration)


@pytest.mark.parametrize(
    ("setting", "dead"),
    [('APT::Install-Recommends "false";', True), ('Acquire::http::Proxy "http://cache.example.org:3142";', False)],
)
def test_a_setting_of_apt_is_no_source_unless_it_names_one(setting: str, dead: bool) -> None:
    own = f"RUN echo '{setting}' > /etc/apt/apt.conf.d/99own\n"
    migration = _migrated("python:3.9-buster", f"{own}RUN apt-get update && apt-get install -y libpq-dev\n")
    proofs = [proof.obligation for step in migration.steps for proof in step.proofs]
    assert any("the original no longer builds" in one for one in _said(migration)) is dead
    assert ("package-sources" in proofs) is not dead


def test_sources_that_the_original_never_asks_may_be_dead() -> None:
    own = 'RUN echo "deb http://archive.debian.org/debian buster-backports main" >> /etc/apt/sources.list\n'
    assert "is not known" in _declined(_migrated("python:3.9-buster", own))


def test_sources_that_come_too_late_are_not_followed() -> None:
    steps = "COPY sources.list /etc/apt/sources.list\nRUN apt-get update && apt-get install -y gcc\n"
    list_file = {"sources.list": "deb http://archive.debian.org/debian buster main\n"}
    assert "before /etc/apt/sources.list" in _declined(_migrated("python:3.9-buster", steps, list_file))


def test_an_original_that_asks_a_dead_server_is_said_to_fail() -> None:
    migration = _migrated("python:3.9-buster", "RUN apt-get update && apt-get install -y libpq-dev\n")
    assert "sed" not in _runtime(migration)
    assert any("the original no longer builds" in one and "`RUN sed -i -E" in one for one in _said(migration))
