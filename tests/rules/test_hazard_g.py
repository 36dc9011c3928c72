"""Hazards of group G. Inputs of the build: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import GO, NODE, PYTHON, SPLIT, TYPESCRIPT, Hazard, check, node, python, typescript

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
        "G5",
        "a folder that the checkout lacks",
        node().replace("COPY . .", "COPY . .\nCOPY lib/ ./lib/"),
        {**NODE, ".gitmodules": '[submodule "lib"]\n\tpath = lib\n'},
        says=("F12",),
        left=(SPLIT,),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
