from __future__ import annotations

from pathlib import Path

import pytest

from dfmigrate.context import Context
from dfmigrate.context.build_context import DEPLOYS
from dfmigrate.context.disk import read_context
from dfmigrate.context.outside_start import OutsideStart
from dfmigrate.context.platform_starts import _READERS
from dfmigrate.context.start_elsewhere import outside_starts

BUILT = "build:\n  docker:\n    web: Dockerfile\n    job: other/Dockerfile\n"


def starts(dockerfile: str = "Dockerfile", **files: str) -> list[OutsideStart]:
    texts = {name.replace("_", "."): text for name, text in files.items()}
    return list(outside_starts(Context.of({"Dockerfile": "FROM scratch\n", **texts}, dockerfile=dockerfile)))


def test_every_file_of_a_platform_has_a_reader() -> None:
    assert _READERS.keys() == DEPLOYS


def commands(**files: str) -> list[object]:
    return [one.command if one.unknown is None else None for one in starts(**files)]


@pytest.mark.parametrize(
    ("command", "read"),
    [
        ("node 'a b.js'", ("node", "a b.js")),
        ("[node, b.js]", ("node", "b.js")),
        ("sh -c 'echo $$HOME'", ("sh", "-c", "echo $HOME")),
        ("node $FILE", None),
        ("node ${FILE:-a.js}", None),
        ("'node \"a'", None),
        ("[]", None),
        ("&x node", None),
    ],
)
def test_a_compose_command(command: str, read: object) -> None:
    assert commands(compose_yaml=f"services:\n  a:\n    build: .\n    command: {command}\n") == [read]


def test_an_override_adds_a_command_to_the_service_that_it_names() -> None:
    found = starts(
        **{
            "docker-compose_yml": "services:\n  a:\n    build: .\n  b:\n    image: postgres\n    command: postgres\n",
            "docker-compose_override_yml": "services:\n  a:\n    command: make\n  c:\n    command: make\n",
        }
    )
    assert [(one.path, one.command) for one in found] == [("docker-compose.override.yml", ("make",))]


def test_heroku() -> None:
    run = "run:\n  web: gunicorn app:app --bind :$PORT\n  job: ./job\n  worker:\n    command:\n      - ./work\n"
    run += "    image: web\n"
    release = "release:\n  command:\n    - ./migrate\n  image: web\n"
    found = commands(heroku_yml=BUILT + run + release)
    assert found == ["gunicorn app:app --bind :$PORT", "./work", "./migrate"]
    assert commands(heroku_yml=BUILT + "run:\n  web:\n    command:\n      - ./a\n      - ./b\n") == [None]


def test_fly() -> None:
    text = (
        'console_command = "/bin/sh"\n[processes]\nweb = "node a.js"\njob = ["node", "b.js"]\n[deploy]\n'
        'release_command = "node c.js"\n[experimental]\ncmd = "node d.js"\nentrypoint = ["/e"]\n'
    )
    found = {one.name: (one.entrypoint, one.command) for one in starts(fly_toml=text)}
    assert found == {
        "the process `web`": (None, ("node", "a.js")),
        "the process `job`": (None, ("node", "b.js")),
        "`cmd`": (("/e",), ("node", "d.js")),
        "the release command": (None, ("node", "c.js")),
        "the console": (None, ("/bin/sh",)),
    }
    assert starts(fly_toml='[build]\ndockerfile = "x/Dockerfile"\n' + text[text.index("[processes]") :]) == []
    assert [one.unknown is None for one in starts(fly_toml="[processes]\nweb = 3\n")] == [False]


RENDER = "services:\n  - runtime: docker\n    dockerCommand: ./run\n"


@pytest.mark.parametrize(
    ("path", "text", "dockerfile", "expected"),
    [
        ("../heroku.yml", "build:\n  docker:\n    web: web/Dockerfile\nrun:\n  web: ./run\n", "Dockerfile", True),
        ("../heroku.yml", "build:\n  docker:\n    web: Dockerfile\nrun:\n  web: ./run\n", "Dockerfile", False),
        ("../../heroku.yml", "build:\n  docker:\n    a: b/web/D\nrun:\n  a: ./run\n", "D", True),
        ("../fly.toml", '[build]\ndockerfile = "web/Dockerfile"\n[processes]\na = "./run"\n', "Dockerfile", True),
        ("../fly.toml", '[processes]\na = "./run"\n', "Dockerfile", False),
        ("../fly.toml", '[processes]\na = "./run"\n', "../Dockerfile", True),
        ("../render.yaml", RENDER + "    dockerfilePath: ./web/Dockerfile\n", "Dockerfile", True),
        ("../render.yaml", RENDER + "    rootDir: web\n", "Dockerfile", True),
        ("../render.yaml", RENDER, "Dockerfile", False),
        ("../Procfile", "web: ./run\n", "Dockerfile", False),
    ],
)
def test_files_above_the_context(path: str, text: str, dockerfile: str, expected: bool) -> None:
    context = Context.of({}, dockerfile=dockerfile, outside={path: text}, above=("web", "b", "c"))
    found = outside_starts(context)
    assert [one.path for one in found if one.unknown is None] == [path] * expected
    assert len(found) == expected


@pytest.mark.parametrize(
    ("name", "text", "command"),
    [
        ("heroku_yml", "build:\n  docker:\n    web:\n      dockerfile: Dockerfile\nrun:\n  web: ./run\n", "./run"),
        ("heroku_yml", "build: {docker: {web: Dockerfile}}\nrun:\n  web: ./run\n", None),
        ("heroku_yml", "build:\n  docker:\n    web: {dockerfile: Dockerfile}\nrun:\n  web: ./run\n", None),
        ("heroku_yml", "build:\n  docker: &x Dockerfile\nrelease: ./run\n", None),
        ("heroku_yml", BUILT + "run: {web: ./run}\n", None),
        ("heroku_yml", BUILT + "run:\n  other: {image: web, command: ./run}\n", None),
        ("heroku_yml", BUILT + "run:\n  other:\n    image: &x web\n    command: ./run\n", "./run"),
        ("render_yaml", "services:\n  - {runtime: docker, dockerCommand: ./run}\n", None),
        ("render_yaml", "services:\n  - runtime: &x docker\n    dockerCommand: ./run\n", "./run"),
        ("render_yaml", RENDER + "    dockerfilePath: &x Dockerfile\n", None),
        ("render_yaml", "services: {a: b}\n", None),
        (
            "render_yaml",
            "projects:\n  - name: a\n    environments:\n      - name: b\n        services:\n"
            "          - runtime: docker\n            dockerCommand: ./run\n",
            "./run",
        ),
        ("render_yaml", "projects:\n  - {name: a}\n", None),
    ],
)
def test_what_is_not_read_is_no_less_there(name: str, text: str, command: str | None) -> None:
    assert commands(**{name: text}) == [command]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("heroku_yml", "build:\n  docker:\n    web: {dockerfile: Dockerfile}\nsetup: {config: {A: b}}\n"),
        ("heroku_yml", "build:\n  languages: [ruby]\nrun:\n  web: ./run\n"),
        ("render_yaml", "databases:\n  - {name: a}\nservices:\n  - runtime: node\n    startCommand: ./run\n"),
    ],
)
def test_what_starts_nothing_else(name: str, text: str) -> None:
    assert starts(**{name: text}) == []


def test_a_file_that_cannot_be_read_is_there() -> None:
    found = outside_starts(Context.of({}, links={"fly.toml": "../fly.toml", "Procfile": "/procfile"}))
    assert [(one.path, one.unknown is None, one.without_command) for one in found] == [
        ("fly.toml", False, False),
        ("Procfile", False, True),
    ]


def test_files_beside_each_other_are_used_together() -> None:
    found = starts(
        **{
            "docker-compose_yml": "services:\n  a:\n    build: .\n    entrypoint: [./wait]\n",
            "docker-compose_override_yml": "services:\n  a:\n    command: [make]\n",
        }
    )
    assert [(one.entrypoint, one.command) for one in found] == [
        (None, ("make",)),
        (("./wait",), ("make",)),
        (("./wait",), None),
        (("./wait",), ("make",)),
    ]


def test_a_working_directory_alone_is_another_start() -> None:
    (one,) = starts(compose_yaml="services:\n  a:\n    build: .\n    working_dir: /app/sub\n")
    assert (one.command, one.entrypoint, one.workdir) == (None, None, "/app/sub")


def test_scripts_and_processes_for_an_image_without_a_command() -> None:
    found = starts(
        Procfile="web: ./run\n", app_json='{"scripts": {"postdeploy": "./seed", "dokku": {"predeploy": "./a"}}}'
    )
    assert [(one.command, one.without_command) for one in found] == [("./run", True), ("./seed", True), ("./a", True)]
    assert starts("Dockerfile.dev", Procfile="web: ./run\n") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("heroku_yml", "build: [a]\nrun: [b]\nrelease: c\n"),
        ("heroku_yml", BUILT + "run:\n  web:\n    image: [web]\n    command: ./a\nrelease:\n  image:\n    a: b\n"),
        ("heroku_yml", BUILT + "run:\n  web: &x\n    - *x\n"),
        ("render_yaml", "services:\n  - docker\n  - runtime: docker\n    dockerfilePath: [a]\n"),
        ("fly_toml", "processes = 3\nexperimental = []\n[[build]]\n[[deploy]]\n"),
        ("app_json", '{"scripts": ["a", {"b": 1}]}'),
        ("app_json", "[" * 10_000),
        ("Procfile", "web: " + "((" * 5_000 + "\n:\n::\n"),
        ("compose_yaml", "services:\n  a:\n    build: .\n    image: [b]\n    command: {c: d}\n"),
        ("compose_yaml", "x: &a\n  <<: *a\nservices:\n  <<: *a\n  b: *a\n"),
    ],
)
def test_strange_files_are_survived(name: str, text: str) -> None:
    assert all(one.path for one in starts(**{name: text}))


def _at(path: str, text: str, dockerfile: str = "Dockerfile") -> list[tuple[object, object]]:
    context = Context.of({"Dockerfile": "FROM scratch\n", path: text}, dockerfile=dockerfile)
    return [("unknown", None) if one.unknown else (one.entrypoint, one.command) for one in outside_starts(context)]


@pytest.mark.parametrize(
    ("path", "text", "read"),
    [
        ("railway.json", '{"deploy": {"startCommand": "node a.js"}}', [(("node", "a.js"), None)]),
        ("railway.toml", '[deploy]\nstartCommand = "a && b"\n', [(("/bin/sh", "-c", "a && b"), None)]),
        ("railway.toml", '[deploy]\npreDeployCommand = ["npm run up"]\n', [(("npm", "run", "up"), None)]),
        ("railway.json", '{"environments": {"pr": {"deploy": {"startCommand": "a"}}}}', [(("a",), None)]),
        ("railway.json", '{"deploy": {"startCommand": null}}', []),
        ("railway.json", '{"build": {"dockerfilePath": "b/Dockerfile"}, "deploy": {"startCommand": "a"}}', []),
        ("railway.json", "{", [("unknown", None)]),
        ("railway.json", '{"deploy": {"startCommand": 1}}', [("unknown", None)]),
        (
            ".do/app.yaml",
            "services:\n- name: web\n  dockerfile_path: Dockerfile\n  run_command: a b\n",
            [(None, "a b")],
        ),
        (".do/app.yaml", "jobs:\n- name: web\n  source_dir: /\n  run_command: a b\n", [(None, "a b")]),
        (".do/app.yaml", "services:\n- name: web\n  dockerfile_path: b/Dockerfile\n  run_command: a b\n", []),
        (".do/app.yaml", "services:\n- name: web\n  source_dir: b\n  run_command: a b\n", []),
        (".do/app.yaml", "services: &a b\n", [("unknown", None)]),
        ("fly.staging.toml", '[processes]\nweb = "node a.js"\n', [(None, ("node", "a.js"))]),
    ],
)
def test_other_platforms(path: str, text: str, read: list[object]) -> None:
    assert _at(path, text) == read


@pytest.mark.parametrize(
    ("hook", "read"),
    [
        ("- command: curl -f 'a b'", ("curl", "-f", "a b")),
        ("- command: [sh, -c, x]\n        user: root", ("sh", "-c", "x")),
        ("- command: $HOOK", None),
        ("- user: root", None),
        ("*hooks", None),
    ],
)
@pytest.mark.parametrize("when", ["post_start", "pre_stop"])
def test_hooks_of_compose_services(when: str, hook: str, read: object) -> None:
    text = f"services:\n  a:\n    build: .\n    {when}:\n      {hook}\n"
    if hook.startswith("*"):
        text = f"services:\n  a:\n    build: .\n    {when}: {hook}\n"
    assert _at("compose.yaml", text) == [(read, None) if read else ("unknown", None)]


def test_many_compose_files_hide_no_other(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for number in range(20):
        (tmp_path / f"docker-compose.{number}.yml").write_text("services: {}\n")
    (tmp_path / "heroku.yml").write_text("build:\n  docker:\n    web: web/Dockerfile\nrun:\n  web: ./run\n")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Dockerfile").write_text("FROM scratch\n")
    found = outside_starts(read_context(tmp_path / "web", tmp_path / "web" / "Dockerfile"))
    assert [(one.path, one.command) for one in found] == [("../heroku.yml", "./run")]
