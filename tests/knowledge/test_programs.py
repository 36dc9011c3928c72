from __future__ import annotations

import shlex
from pathlib import Path
from typing import get_args

import pytest

from dfmigrate.knowledge import packs
from dfmigrate.knowledge.packs import read_pack
from dfmigrate.knowledge.programs import (
    CommandFacts,
    Role,
    Writes,
    compiles_at_start,
    dev_server,
    is_known,
    resolve,
    role,
    started_by,
)

RULE_KEYS = {
    *(
        "sub",
        "sub2",
        "elsewhere",
        "any",
        "with",
        "flags",
        "also",
        "bare",
        "more",
        "role",
        "writes",
        "paths",
        "to",
        "reads",
        "lock",
        "tools",
    ),
    *("fetching", "network", "caches", "scripted", "by_application", "installs"),
}
ENTRY_KEYS = {
    *("source", "aliases", "rules", "values", "numbers", "attached", "bundled", "dashless", "ahead", "folder", "file"),
    *("prefix", "uncached", "tools", "fetching", "environment", "caches", "manifests"),
}


TABLE = Path(__file__).with_name("commands.txt")
ROWS = [
    [cell.strip() for cell in line.split("|")]
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PROGRAMS = [program for names in read_pack("programs/index.toml")["programs"].values() for program in names]
FILES = sorted(read_pack("programs/index.toml")["programs"])


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_facts(row: list[str]) -> None:
    facts = role(shlex.split(row[0]))
    assert facts is not None
    assert [facts.role, _where(facts), " ".join(facts.reads), _needs(facts), " ".join(facts.caches)] == row[1:]
    assert facts.source


def _where(facts: CommandFacts) -> str:
    where: str = facts.writes
    if facts.writes == "paths":
        where = " ".join(facts.paths)
    elif facts.writes == "arguments":
        named = facts.targets
        where = "?" if named is None else " ".join(f"{kind}:{path}" for path, kind in named) or "nothing"
    return where if facts.folder == "" else f"{where} in {facts.folder}"


def _needs(facts: CommandFacts) -> str:
    network = ("network",) if facts.network else ()
    return " ".join((*network, *facts.tools, *(f"lock={name}" for name in facts.lock)))


def test_the_table_reaches_every_pack() -> None:
    def is_asked(file: str) -> bool:
        names = set(read_pack("programs/index.toml")["programs"][file])
        return any(
            facts is not None and facts.program in names for facts in (role(shlex.split(row[0])) for row in ROWS)
        )

    assert len(ROWS) >= 150
    assert [file for file in FILES if not is_asked(file)] == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_listed_program_is_described(program: str) -> None:
    assert is_known(program)


@pytest.mark.parametrize("file", FILES)
def test_every_rule_says_what_it_must(file: str) -> None:
    for name, entry in read_pack(f"programs/{file}.toml").items():
        assert entry["source"], name
        for rule in entry["rules"]:
            assert rule["role"] in get_args(Role), name
            assert rule["writes"] in get_args(Writes), name
            assert ("paths" in rule) == (rule["writes"] == "paths"), name
            assert rule["writes"] == "arguments" or "to" not in rule, name
            assert set(rule) <= RULE_KEYS, name
            assert "manifests" not in rule.get("reads", ()) or entry["manifests"], name
        assert set(entry) <= ENTRY_KEYS, name


def test_environment_variables_and_caches_that_are_switched_off() -> None:
    facts = role(["pip", "install", "x"])
    assert facts is not None
    assert "PIP_*" in facts.environment
    assert facts.caches
    uncached = role(["pip", "install", "--no-cache-dir", "x"])
    assert uncached is not None
    assert uncached.caches == ()
    go = role(["go", "build", "."])
    assert go is not None
    assert {"GOFLAGS", "CGO_*"} <= set(go.environment)


@pytest.mark.parametrize("command", ["./install", "./test", "scripts/build", "/app/make", "bash install", "sh test"])
def test_scripts_of_the_project_are_no_programs_of_the_system(command: str) -> None:
    assert role(command.split()) is None


@pytest.mark.parametrize(
    "command",
    ["./gradlew jar", "./mvnw package", "./configure", "node_modules/.bin/tsc", "venv/bin/pip list", "bin/rake spec"],
)
def test_what_package_managers_put_into_a_project_is_known(command: str) -> None:
    assert role(command.split()) is not None


@pytest.mark.parametrize("command", ["/opt/zig/zig build", "/usr/local/zig-linux-x86_64-0.14.0/zig build"])
def test_a_program_in_the_folder_that_it_is_published_in_is_known(command: str) -> None:
    assert role(command.split()) is not None


@pytest.mark.parametrize("command", ["/opt/shop/make", "/srv/make/make", "/opt/makers/make"])
def test_a_program_of_the_same_name_elsewhere_is_not(command: str) -> None:
    assert role(command.split()) is None


def test_only_the_asked_pack_is_read() -> None:
    packs.read_pack.cache_clear()
    role(["npm", "ci"])
    assert packs.read_pack.cache_info().misses <= 3  # the index, the wrappers and npm's own


@pytest.mark.parametrize(
    "command",
    [
        "./deploy",
        "python app.py",
        "bash -c x",
        "npm frobnicate",
        "poetry run frobnicate",
        "uv run python -m pip install x",
        "npm link2",
        "perl x.pl",
    ],
)
def test_what_is_not_known_is_none(command: str) -> None:
    assert role(command.split()) is None


def test_unknown_words_hide_no_facts() -> None:
    assert role([None, "install"]) is None
    assert role(["npm", None]) is None
    assert role(["apt-get", "install", None]) is not None
    assert role([]) is None


def test_scripts_of_the_project_are_marked() -> None:
    for command in ("npm run build", "make", "rake assets:precompile"):
        facts = role(command.split())
        assert facts is not None
        assert facts.scripted


def test_what_leads_to_a_program_is_dropped() -> None:
    assert resolve(["sudo", "-u", "app", "env", "A=b", "/usr/bin/npm", "ci"]) == ("npm", "ci")
    assert resolve(["python", "-m", "pip", "list"]) == ("pip", "list")
    assert resolve(["python", "app.py"]) == ("python", "app.py")
    assert resolve(["dumb-init", "--", "node", "x"]) == ("node", "x")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("tini -s -- node app.js", "node app.js"),
        ("/usr/bin/dumb-init -- exec env A=b B=c node app.js", "node app.js"),
        ("timeout -s KILL 10 ./app -n 3", "./app -n 3"),
        ("gosu app:app java -jar x.jar", "java -jar x.jar"),
        ("sudo app", "sudo app"),
        ("tini", "tini"),
        ("npx serve", "npx serve"),
    ],
)
def test_what_a_wrapper_starts(command: str, expected: str) -> None:
    assert " ".join(word or "" for word in started_by(command.split())) == expected


@pytest.mark.parametrize(
    "command",
    [
        "nodemon app.js",
        "npx react-scripts start",
        "ng serve --host 0.0.0.0",
        "vite",
        "next dev",
        "next",
        "next .",
        "next -p 3000",
        "next --turbopack -H 0.0.0.0",
        "nuxt",
        "strapi develop",
        "flask --app app run --debug",
        "uvicorn app:app --reload",
        "air",
        "dotnet watch run",
    ],
)
def test_development_servers(command: str) -> None:
    assert dev_server(command.split())


@pytest.mark.parametrize(
    "command",
    [
        "node server.js",
        "next start",
        "next start -p 3000",
        "nuxt start",
        "gunicorn app:app",
        "vite preview",
        "flask run",
        "java -jar app.jar",
        "./app",
    ],
)
def test_servers(command: str) -> None:
    assert dev_server(command.split()) is None
    assert compiles_at_start(command.split()) is None


@pytest.mark.parametrize(
    "command",
    [
        "go run .",
        "cargo run",
        "./mvnw spring-boot:run",
        "gradle bootRun",
        "dotnet run",
        "npm run build",
        "ts-node app.ts",
        "tsc",
    ],
)
def test_commands_that_compile(command: str) -> None:
    assert compiles_at_start(command.split())


def test_known_programs() -> None:
    assert is_known("npm")
    assert not is_known("our-own-tool")
