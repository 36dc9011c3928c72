"""Hazards of group E. The user: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import NODE, PYTHON, SPLIT, USER, Hazard, check, node, python

POD = (
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n---\napiVersion: apps/v1\nkind: Deployment\nspec:\n"
    "  template:\n    spec:\n      containers:\n      - name: a\n        image: {image}\n        volumeMounts:\n"
    "        - name: d\n          mountPath: {mount}\n      volumes:\n      - name: d\n        {volume}\n"
)
CLAIM = "persistentVolumeClaim:\n          claimName: d"
CASES = (
    Hazard(
        "E1",
        "no working directory of its own",
        'FROM node:20\nCOPY server.js /server.js\nCMD ["node", "/server.js"]\n',
        {"server.js": ""},
        left=(USER,),
        says=("E1",),
    ),
    Hazard(
        "E2",
        "a write outside of the working directory",
        node(),
        {**NODE, "server.js": "require('fs').writeFileSync('/data/state.json', '{}');\n"},
        left=(USER,),
        says=("E2",),
    ),
    Hazard("E3", "a volume", node(before="VOLUME /app/data\n"), NODE, left=(USER,), says=("E3",)),
    *(
        Hazard("E3", what, node(), {**NODE, path: text}, left=(USER,), says=("E3",))
        for what, path, text in (
            ("a volume of fly", "fly.toml", '[mounts]\nsource = "d"\ndestination = "/app/data"\n'),
            ("volumes of fly", "fly.staging.toml", '[[mounts]]\nsource = "d"\ndestination = "/app/data"\n'),
            (
                "a disk of render",
                "render.yaml",
                "services:\n  - type: web\n    runtime: docker\n    disk:\n      name: d\n      mountPath: /app/data\n",
            ),
            ("a volume claim", "k8s/app.yaml", POD.format(image="shop:1", mount="/app/data", volume=CLAIM)),
            (
                "a template of a volume claim",
                "deploy/templates/app.yaml",
                "{{- if .Values.on }}\n"
                + POD.format(image="{{ .x }}", mount="/app/data", volume=CLAIM)
                + "{{- end }}\n",
            ),
        )
    ),
    *(
        Hazard("E3", what, node(), {**NODE, path: text}, done=(USER,))
        for what, path, text in (
            ("a volume of another application", "fly.toml", '[build]\nimage = "x"\n[mounts]\ndestination = "/d"\n'),
            ("an application without volumes", "fly.toml", '[env]\nA = "b"\n'),
            ("a database's volume", "k8s/db.yaml", POD.format(image="postgres:16", mount="/var/lib", volume=CLAIM)),
            (
                "a configuration",
                "k8s/app.yaml",
                POD.format(image="shop:1", mount="/app/c", volume="configMap:\n          name: c"),
            ),
        )
    ),
    Hazard("E4", "port 80", node(after="EXPOSE 80\n"), NODE, left=(USER,), says=("E4",)),
    Hazard("E5", "nginx", "FROM nginx:1.27\nCOPY site /usr/share/nginx/html\n", {"site/index.html": "x"}, left=(USER,)),
    Hazard(
        "E6",
        "files below /root",
        node(after="COPY a.conf /root/.a.conf\n"),
        {**NODE, "a.conf": "x"},
        left=(USER,),
        says=("E6",),
    ),
    Hazard("E7", "a home", python(base="python:3.11-slim"), PYTHON, done=(USER,), has=(r"--create-home app",)),
    Hazard("E8", "a number", node(), NODE, done=(USER,), has=(r"^USER 1000:1000$",)),
    Hazard(
        "E9",
        "the image's own user",
        node(),
        NODE,
        done=(USER,),
        has=(r"own user node", r"^USER 1000:1000$"),
        lacks=(r"useradd",),
    ),
    Hazard(
        "E10",
        "Alpine's adduser",
        python(base="python:3.11-alpine"),
        PYTHON,
        done=(USER,),
        has=(r"addgroup -g 10001 app", r"adduser -D -u 10001 -G app app"),
    ),
    Hazard(
        "E11",
        "a start script that changes owners",
        node(command='CMD ["sh", "start.sh"]'),
        {**NODE, "start.sh": "chown -R 1000 /data\nnode server.js\n"},
        left=(USER,),
        says=("E11",),
    ),
    Hazard(
        "E11",
        "a compose service that installs packages first",
        python(),
        {
            **PYTHON,
            "compose.yaml": 'services:\n  web:\n    build: .\n    command: sh -c "apt-get update && python app.py"\n',
        },
        left=(SPLIT, USER),
        says=("E11", "C13"),
    ),
    Hazard(
        "E12",
        "after the last RUN",
        node(after="RUN npm --version\n"),
        NODE,
        done=(USER,),
        has=(r"^RUN npm --version$", r"^USER 1000:1000$"),
    ),
    Hazard(
        "E13",
        "the engine's socket",
        node(),
        {**NODE, "server.js": "require('net').connect('/var/run/docker.sock');\n"},
        left=(USER,),
        says=("E13",),
    ),
    Hazard(
        "E14",
        "a group that the files belong to by number",
        node(),
        NODE,
        done=(USER,),
        has=(r"^COPY --chown=1000:1000 ",),
    ),
    Hazard(
        "E14",
        "a manifest for OpenShift",
        node(),
        {**NODE, "deploy/route.yaml": "apiVersion: route.openshift.io/v1\nkind: Route\n"},
        done=(USER,),
        warns=(r"deploy/route\.yaml is for OpenShift",),
    ),
    Hazard(
        "E15",
        "a pid file in /run",
        node(),
        {**NODE, "server.js": "require('fs').writeFileSync('/run/a.pid', '1');\n"},
        left=(USER,),
        says=("E2",),
    ),
    Hazard("E16", "a user already", node(after="USER node\n"), NODE, left=(USER,), has=(r"^USER node$",)),
    Hazard(
        "E17",
        "an image to build on",
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y git\n",
        {},
        left=(SPLIT, USER),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
