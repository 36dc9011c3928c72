"""Hazards of group G. Inputs of the build: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import GO, NODE, PYTHON, SPLIT, TYPESCRIPT, Hazard, check, go, node, python, typescript

CASES = (
    Hazard(
        "G1",
        "git asked by the build",
        python(before="RUN git --version\n"),
        {**PYTHON, "pyproject.toml": '[build-system]\nrequires = ["setuptools_scm"]\n'},
        has=(r"^RUN git --version$",),
    ),
    Hazard(
        "G2",
        "dependencies installed once",
        typescript(),
        {**TYPESCRIPT, ".npmrc": "//example.com/:_authToken=${TOKEN}\n"},
        lacks=(r"npm (ci|install)",),
    ),
    Hazard(
        "G3",
        "a cache that a later command reads",
        'FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go mod download\nRUN cp -r /go/pkg/mod /mods\nCMD ["ls"]\n',
        {**GO, "go.sum": ""},
        select=("cache-mounts",),
        left=("cache-mounts",),
        says=("G3",),
    ),
    Hazard(
        "G4",
        "no package is fetched that was not fetched before",
        typescript(),
        TYPESCRIPT,
        done=(SPLIT,),
        lacks=(r"apt-get|apk |curl",),
    ),
    Hazard(
        "G4",
        "no package is installed from a release whose server is gone where the original installs none",
        go(base="golang:1.13-stretch"),
        {**GO, "log.go": 'package main\n\nimport "os/exec"\n\nvar _ = exec.Command("git", "log")\n'},
        left=(SPLIT,),
        says=("D11",),
    ),
    Hazard(
        "G5",
        "a folder that the checkout lacks",
        node().replace("COPY . .", "COPY . .\nCOPY lib/ ./lib/"),
        {**NODE, ".gitmodules": '[submodule "lib"]\n\tpath = lib\n'},
        says=("F12",),
        left=(SPLIT,),
    ),
    Hazard(
        "G5",
        "a submodule that is not checked out, and is not named by any COPY",
        typescript(),
        {**TYPESCRIPT, ".gitmodules": '[submodule "plugins"]\n\tpath = plugins\n\turl = ../plugins.git\n'},
        says=("G5",),
        left=(SPLIT,),
    ),
    Hazard(
        "G5",
        "a submodule that is there",
        typescript(),
        {**TYPESCRIPT, ".gitmodules": '[submodule "plugins"]\n\tpath = plugins\n', "plugins/a.json": "{}"},
        done=(SPLIT,),
        has=(r"^COPY --from=builder .*/app/plugins ",),
    ),
    Hazard(
        "G5",
        "a submodule that is never sent",
        typescript(),
        {**TYPESCRIPT, ".gitmodules": '[submodule "docs"]\n\tpath = docs/theme\n'},
        done=(SPLIT,),
        ignored="node_modules\ndocs\n.gitmodules\n",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
