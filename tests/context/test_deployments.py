from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.deployments import deployments, may_get, outside_variables

COMPOSE = "services:\n  web:\n    build: .\n    {}\n"
RENDER = "services:\n- type: web\n  runtime: docker\n  envVars:\n  - key: TZ\n    value: Europe/Berlin\n"
POD = "kind: Pod\nspec:\n  containers:\n  - image: shop\n    env:\n    - name: TZ\n      value: Europe/Berlin\n"


def _context(path: str, text: str) -> Context:
    return Context.of({"Dockerfile": "FROM scratch\n", path: text})


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("compose.yaml", COMPOSE.format("environment:\n      - TZ=Europe/Berlin"), "Europe/Berlin"),
        ("compose.yaml", COMPOSE.format("environment:\n      TZ: Europe/Berlin"), "Europe/Berlin"),
        ("compose.yaml", COMPOSE.format("environment:\n      - TZ"), None),
        ("compose.yaml", COMPOSE.format("environment:\n      TZ: $ZONE"), None),
        ("fly.toml", '[env]\nTZ = "Europe/Berlin"\n', "Europe/Berlin"),
        ("fly.staging.toml", '[env]\nTZ = "Europe/Berlin"\n', "Europe/Berlin"),
        ("render.yaml", RENDER, "Europe/Berlin"),
        ("render.yaml", "envVarGroups:\n- name: g\n  envVars:\n  - key: TZ\n    sync: false\n", None),
        ("app.json", '{"env": {"TZ": "Europe/Berlin"}}', "Europe/Berlin"),
        ("app.json", '{"env": {"TZ": {"value": "Europe/Berlin"}}}', "Europe/Berlin"),
        ("app.json", '{"env": {"TZ": {"required": true}}}', None),
        ("k8s/pod.yml", POD, "Europe/Berlin"),
        ("k8s/map.yml", "kind: ConfigMap\ndata:\n  TZ: Europe/Berlin\n", "Europe/Berlin"),
    ],
)
def test_variables(path: str, text: str, value: str | None) -> None:
    context = _context(path, text)
    assert outside_variables(context) == {"TZ": (value,)}
    assert may_get(context, "TZ")
    assert not may_get(context, "OTHER")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", COMPOSE.format("env_file: .env")),
        ("compose.yaml", COMPOSE.format("env_file: ../Dockerfile")),
        ("compose.yaml", COMPOSE.format("environment: *shared")),
        ("fly.toml", "[env\n"),
        ("render.yaml", "services:\n\t- x\n"),
    ],
)
def test_variables_that_are_not_known(path: str, text: str) -> None:
    assert may_get(_context(path, text), "TZ")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services:\n  db:\n    image: postgres\n    environment:\n      TZ: UTC\n"),
        ("fly.toml", '[build]\ndockerfile = "other/Dockerfile"\n[env]\nTZ = "UTC"\n'),
        ("render.yaml", RENDER.replace("runtime: docker", "runtime: node")),
        ("render.yaml", RENDER.replace("runtime: docker", "runtime: docker\n  dockerfilePath: other/Dockerfile")),
        ("k8s/pod.yml", POD.replace("shop", "postgres:16")),
    ],
)
def test_variables_of_others(path: str, text: str) -> None:
    assert not may_get(_context(path, text), "TZ")


@pytest.mark.parametrize("inner", ["- - 1", "name:\n        - 1", "{}", "name: *a", "a", "- {name: [a]}"])
def test_manifests_of_an_odd_form(inner: str) -> None:
    text = f"kind: Pod\nspec:\n  volumes:\n    - {inner}\n  containers:\n  - volumeMounts:\n    - {inner}\n"
    assert all(service.path == "pod.yaml" for service in deployments(_context("pod.yaml", text)))


def test_a_file_of_variables_that_is_sent() -> None:
    compose = COMPOSE.format("env_file:\n    - path: conf/web.env")
    context = Context.of(
        {"Dockerfile": "FROM scratch\n", "compose.yaml": compose, "conf/web.env": "# a\nTZ=UTC\nB='c'\n"}
    )
    assert outside_variables(context) == {"TZ": ("UTC",), "B": ("'c'",)}
    assert not may_get(context, "NODE_OPTIONS")
