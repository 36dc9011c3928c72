from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.compose import ComposeService, Volume, compose_files
from dfmigrate.context.yaml_subset import UNKNOWN, Value, YamlError, parse_yaml

DOCUMENTS: list[tuple[str, Value]] = [
    ("a: b\n", {"a": "b"}),
    ("a:\n  b: c\n  d: e # f\n", {"a": {"b": "c", "d": "e"}}),
    ("a:\n- b\n- c\n", {"a": ["b", "c"]}),
    ("a:\n  - b\n  - c: d\n    e: f\n", {"a": ["b", {"c": "d", "e": "f"}]}),
    ("'a': \"b\\n\"\n", {"a": "b\n"}),
    ("a: 'it''s'\n", {"a": "it's"}),
    ("a: [b, 'c']\n", {"a": UNKNOWN}),
    ('a: ["b", "c"] # d\n', {"a": ["b", "c"]}),
    ("a: [b, c]\n", {"a": ["b", "c"]}),
    ('a: [\n  "b",\n  "c",\n]\nd: e\n', {"a": ["b", "c"], "d": "e"}),
    ("a: |\n  b: c\n  d\ne: f\n", {"a": UNKNOWN, "e": "f"}),
    ("a:\n  - b: >-\n      text\n    c: d\n", {"a": [{"b": UNKNOWN, "c": "d"}]}),
    ("a: &x\n  b: c\nd: *x\n", {"a": {"b": "c"}, "d": {"b": "c"}}),
    (
        "a: &x\n  b: c\n  d: e\nf:\n  <<: *x # all of it\n  d: g\n",
        {"a": {"b": "c", "d": "e"}, "f": {"b": "c", "d": "g"}},
    ),
    ("a: &x\n  b: c\nd: &x\n  e: f\ng: *x\n", {"a": {"b": "c"}, "d": {"e": "f"}, "g": UNKNOWN}),
    ("a: &x b\nc: *x\n", {"a": UNKNOWN, "c": UNKNOWN}),
    ("a: *x\nb: &x\n  c: d\n", {"a": UNKNOWN, "b": {"c": "d"}}),
    ("a: &x\n  b: *x\n", {"a": {"b": UNKNOWN}}),
    ("a:\n  <<: [*x, *y]\n  b: c\n", {"a": {"<<": UNKNOWN, "b": "c"}}),
    ("a: b\n  c\nd: e\n", {"a": UNKNOWN, "d": "e"}),
    ("a:\nb: ~\n", {"a": None, "b": None}),
    ("a: yes\nb: 80\n", {"a": "yes", "b": "80"}),
    ("- 80:80\n- '90'\n", ["80:80", "90"]),
    ("---\r\na: b\r\n", {"a": "b"}),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), DOCUMENTS)
def test_yaml(text: str, value: Value) -> None:
    assert parse_yaml(text) == value


@pytest.mark.parametrize("text", ["a: b\na: c\n", "\ta: b\n", "a: b\n---\nc: d\n", "a:\n    b: c\n  d: e\n", "a: [\n"])
def test_yaml_that_is_not_read(text: str) -> None:
    with pytest.raises(YamlError):
        parse_yaml(text)


def test_deep_yaml_ends() -> None:
    with pytest.raises(YamlError):
        parse_yaml("".join(f"{' ' * depth}a:\n" for depth in range(200)))


def services(text: str, path: str = "docker-compose.yml", above: tuple[str, ...] = ()) -> list[ComposeService]:
    return list(compose_files(Context.of({}, outside={path: text}, above=above)).services)


def test_a_service() -> None:
    (service,) = services(
        """
version: "3"
services:
  db:
    image: postgres
  web:
    build:
      context: .
      dockerfile: docker/Dockerfile
      target: builder
      args:
        TOKEN: x
    command: ["npm", "run", "dev"]
    entrypoint: ./wait.sh
    user: "1000:1000"
    volumes:
      - .:/app
      - /app/node_modules
      - data:/data:ro
    ports:
      - "80:8080"
"""
    )
    assert service.name == "web"
    assert service.dockerfile == "docker/Dockerfile"
    assert service.target == "builder"
    assert service.arguments == ("TOKEN",)
    assert service.command == ("npm", "run", "dev")
    assert service.entrypoint == "./wait.sh"
    assert service.user == "1000:1000"
    assert service.volumes == (Volume(".", "/app"), Volume(None, "/app/node_modules"), Volume("data", "/data"))
    assert [volume.is_bind for volume in service.volumes if isinstance(volume, Volume)] == [True, False, False]
    assert service.ports == ("80:8080",)
    assert service.health_check is None


@pytest.mark.parametrize(
    ("path", "where", "above", "expected"),
    [
        ("compose.yaml", ".", (), True),
        ("compose.yaml", "./", (), True),
        ("compose.yaml", "./api", (), False),
        ("../compose.yaml", "./api", ("api", "repo"), True),
        ("../compose.yaml", "api", ("api", "repo"), True),
        ("../compose.yaml", ".", ("api", "repo"), False),
        ("../compose.yaml", "./web", ("api", "repo"), False),
        ("../../compose.yaml", "services/api", ("api", "services"), True),
        ("deploy/compose.yaml", "..", (), True),
        ("deploy/compose.yaml", ".", (), False),
        ("compose.yaml", "https://example.org/a.git", (), False),
        ("compose.yaml", "/srv/app", (), False),
    ],
)
def test_which_services_are_built_from_here(path: str, where: str, above: tuple[str, ...], expected: bool) -> None:
    found = services(f"services:\n  web:\n    build: {where}\n", path, above)
    assert bool(found) is expected


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  web:\n    <<: *base\n    build: .\n",
        "services:\n  web:\n    extends: base\n",
        "services:\n  web: *base\n",
        "services:\n  web:\n    build: ${WHERE}\n",
        "services:\n  web:\n    build: *where\n",
        "services: [a]\n",
        "a: b\na: c\n",
    ],
)
def test_what_is_not_understood_is_said(text: str) -> None:
    found = compose_files(Context.of({}, outside={"compose.yaml": text}))
    assert found.services == ()
    assert found.unreadable[0][0] == "compose.yaml"


def test_a_setting_that_is_not_understood() -> None:
    (service,) = services("services:\n  web:\n    build: .\n    command: |\n      a\n    user: &u root\n")
    assert service.command is UNKNOWN
    assert service.user is UNKNOWN
    assert service.volumes == ()


def test_a_compose_file_that_is_sent() -> None:
    found = compose_files(Context.of({"compose.yaml": "services:\n  a:\n    build: .\n"}))
    assert [service.name for service in found.services] == ["a"]


@pytest.mark.parametrize(
    ("written", "command"),
    [
        ("test: [CMD, curl, -f, http://localhost]", ("curl", "-f", "http://localhost")),
        ('test: ["CMD-SHELL", "curl -f http://localhost"]', ("curl -f http://localhost",)),
        ("test: curl -f http://localhost", "curl -f http://localhost"),
        ("test: [NONE]", None),
        ("interval: 5s", None),
    ],
)
def test_a_health_check_runs_inside_of_the_container(written: str, command: object) -> None:
    text = f"services:\n  web:\n    build: .\n    healthcheck:\n      {written}\n"
    (service,) = compose_files(Context.of({"Dockerfile": "", "compose.yaml": text})).services
    assert service.health_check == command
