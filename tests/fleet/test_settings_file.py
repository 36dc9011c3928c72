"""The settings file: which one holds, what it may say, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfmigrate.fleet.outcome import Exit, Problem
from dfmigrate.fleet.settings_file import settings_for
from dfmigrate.knowledge.overlay import Mirror
from dfmigrate.settings import DEFAULTS, Answers, Settings

MIRROR = '[images]\n"registry.example/*" = "*"\n'


def mirrors(settings: Settings | Problem) -> tuple[Mirror, ...]:
    assert isinstance(settings, Settings)
    return settings.images.mirrors


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert settings_for(tmp_path / "Dockerfile") == DEFAULTS


def test_the_nearest_file_holds_alone(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / ".dfmigrate.toml").write_bytes(MIRROR.encode())
    assert mirrors(settings_for(inner / "Dockerfile")) == (Mirror("registry.example/*", "*"),)
    (tmp_path / "a" / "dfmigrate.toml").write_bytes(b'[images]\n"inner.example/*" = "*"\n')
    assert mirrors(settings_for(tmp_path / "a" / "Dockerfile")) == (Mirror("inner.example/*", "*"),)


def test_a_checkout_does_not_look_above_itself(tmp_path: Path) -> None:
    (tmp_path / ".dfmigrate.toml").write_bytes(MIRROR.encode())
    checkout = tmp_path / "checkout"
    (checkout / ".git").mkdir(parents=True)
    assert settings_for(checkout / "Dockerfile") == DEFAULTS


def test_of_pyproject_only_our_own_table_counts(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_bytes(b'[tool.dfmigrate.images]\n"registry.example/*" = "*"\n[tool.other]\nx = 1\n')
    assert mirrors(settings_for(tmp_path / "Dockerfile")) == (Mirror("registry.example/*", "*"),)


def test_a_private_image_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / ".dfmigrate.toml").write_bytes(
        b'[images."team/java"]\nlike = "eclipse-temurin:21-jdk"\nruntime = "team/jre"\nenvironment = { A = "b" }\n'
        b'workdir = "/srv"\nuser = "app"\nentrypoint = ["/init"]\ncommand = []\ntools = ["curl"]\n'
        b'users = [{ name = "app", uid = 1001, gid = 1001, home = "/srv" }]\n'
    )
    settings = settings_for(tmp_path / "Dockerfile")
    assert isinstance(settings, Settings)
    (private,) = settings.images.images
    assert (private.pattern, private.like, private.runtime) == ("team/java", "eclipse-temurin:21-jdk", "team/jre")
    assert (private.workdir, private.user, private.tools) == ("/srv", "app", ("curl",))
    assert (private.entrypoint, private.command) == (("/init",), ())
    assert dict(private.environment) == {"A": "b"}
    assert [(user.name, user.uid) for user in private.users] == [("app", 1001)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[imges]\n", 1, "settings: unknown key 'imges'; did you mean 'images'?"),
        ("\n[images]\nx = \n", 3, "not valid TOML: invalid value; correct the line"),
        ('[images]\n"a.example" = "node"\n', 2, "a.example: a mirror needs exactly one * on both sides"),
        ('[images]\n"a" = 3\n', 2, "a: neither a name nor a table"),
        ('[images.a]\nlik = "node:20"\n', 2, "images.a: unknown key 'lik'; did you mean 'like'?"),
        ('[images.a]\nuser = "x"\n', 1, "a: what is it like?"),
        ('[images.a]\nlike = "node:*"\n', 1, "a: one * at most, and none in like that is not in the name"),
        ('[images.a]\nlike = "node:20"\ntools = "curl"\n', 3, "tools: not a list"),
        ('[images.a]\nlike = "node:20"\nusers = [1]\n', 3, "users: not a table"),
        ('[images.a]\nlike = "node:20"\nenvironment = { A = 1 }\n', 3, "environment: a value that is no text"),
        ("images = 1\n", 1, "images: not a table"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    (tmp_path / ".dfmigrate.toml").write_bytes(text.encode())
    problem = settings_for(tmp_path / "Dockerfile")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.line) == (Exit.FAILED, line)
    assert problem.text.startswith(message)


def test_a_file_that_is_not_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / ".dfmigrate.toml").write_bytes(b"\xff\xfe")
    problem = settings_for(tmp_path / "Dockerfile")
    assert isinstance(problem, Problem) and problem.text == "not UTF-8; save it as UTF-8"


@pytest.mark.parametrize(
    "hostile",
    [b"a = " + b"[" * 3_000, b"a = " + b"[" * 100_000, b"[" + b"a." * 100_000 + b"a]", b"a = " + b"1" * 4_500],
)
def test_a_hostile_file_is_a_problem(tmp_path: Path, hostile: bytes) -> None:
    (tmp_path / ".dfmigrate.toml").write_bytes(hostile)
    assert isinstance(settings_for(tmp_path / "Dockerfile"), Problem)


def test_of_pyproject_what_is_no_table_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"# ours\ntool.dfmigrate = 3\n")
    problem = settings_for(tmp_path / "Dockerfile")
    assert isinstance(problem, Problem) and problem.text.startswith("dfmigrate: not a table")
    assert problem.line == 2


def test_a_link_to_itself_is_no_settings_file(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / ".dfmigrate.toml").symlink_to(".dfmigrate.toml")
    (tmp_path / ".git").mkdir()
    assert settings_for(tmp_path / "Dockerfile") == DEFAULTS
    assert isinstance(settings_for(tmp_path / "loop" / "Dockerfile"), Settings)


def test_answers_hold_for_all_files_or_for_one(tmp_path: Path) -> None:
    (tmp_path / ".dfmigrate.toml").write_bytes(
        b'accept = ["C10"]\nmax-rung = "T2"\n[files."api/Dockerfile*"]\nkeep = ["/data"]\nmax-rung = "T1"\n'
    )
    (tmp_path / "api").mkdir()
    here, below = settings_for(tmp_path / "Dockerfile"), settings_for(tmp_path / "api" / "Dockerfile.dev")
    assert isinstance(here, Settings) and isinstance(below, Settings)
    assert here.answers == Answers(accept=frozenset({"C10"}), max_rung="T2")
    assert below.answers == Answers(accept=frozenset({"C10"}), max_rung="T1", keep=("/data",))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('accept = "C10"\n', 1, 'accept: not what it must be; give a list of texts, ["..."]'),
        ('\nmax-rung = "T7"\n', 2, "max-rung: 'T7' is no rung"),
        ('[files."x"]\nartifacts = ["/a"]\n', 2, "artifacts: not what it must be"),
        ("[files]\nx = 1\n", 2, "x: not a table"),
    ],
)
def test_a_wrong_answer_is_told_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    (tmp_path / ".dfmigrate.toml").write_bytes(text.encode())
    problem = settings_for(tmp_path / "Dockerfile")
    assert isinstance(problem, Problem)
    assert problem.line == line and problem.text.startswith(message)
