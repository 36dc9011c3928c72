"""Hazards of group B. Linking, interpreters, ABI: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import GO, JAVA, PYTHON, SPLIT, TYPESCRIPT, Hazard, check, go, java, python, typescript

CASES = (
    Hazard(
        "B1",
        "a driver that needs libpq",
        python(),
        {**PYTHON, "requirements.txt": "psycopg2==2.9.9\n", "app.py": "import psycopg2\n"},
        done=(SPLIT,),
        has=(r"^FROM .*slim", r"\blibpq5\b"),
    ),
    Hazard(
        "B2",
        "a C library of its own",
        go(base="golang:1.22-alpine"),
        GO,
        done=(SPLIT,),
        has=(r"^FROM alpine",),
        lacks=(r"^FROM debian",),
    ),
    Hazard("B3", "a tag that floats", go(base="golang:latest"), GO, lacks=(r"^FROM debian:(stable|latest)",)),
    Hazard(
        "B4",
        "an unknown package that may load libraries by name",
        python(),
        {**PYTHON, "requirements.txt": "zz-native==1.0\n", "app.py": "import zz\n"},
        says=("B1",),
        left=(SPLIT,),
    ),
    Hazard(
        "B4",
        "a library that the sources load by name",
        python(),
        {**PYTHON, "app.py": "import ctypes\nctypes.CDLL('libMagickWand-6.Q16.so.6')\n"},
        left=(SPLIT,),
        says=("B4",),
    ),
    Hazard(
        "B4",
        "the C library, which every image has",
        python(),
        {**PYTHON, "app.py": "import ctypes\nctypes.CDLL('libc.so.6')\nctypes.CDLL(None)\n"},
        done=(SPLIT,),
    ),
    Hazard(
        "B5",
        "packages in an environment of their own, at one path",
        python(),
        PYTHON,
        done=(SPLIT,),
        has=(r"python -m venv /opt/venv", r"^COPY --from=builder .*/opt/venv /opt/venv$"),
    ),
    Hazard(
        "B6",
        "an editable install",
        python(middle="COPY setup.py ./\nRUN pip install -e .\n"),
        {**PYTHON, "setup.py": "from setuptools import setup\nsetup(name='a')\n"},
        left=(SPLIT,),
        says=("B6",),
    ),
    Hazard(
        "B7",
        "one version for both stages",
        typescript(),
        TYPESCRIPT,
        done=(SPLIT,),
        has=(
            r"^ARG NODE_VERSION=20$",
            r"^FROM node:\$\{NODE_VERSION\} AS builder$",
            r"^FROM node:\$\{NODE_VERSION\}-slim$",
        ),
    ),
    Hazard(
        "B8",
        "a driver that needs cgo",
        go(),
        {**GO, "go.mod": GO["go.mod"] + "\nrequire github.com/mattn/go-sqlite3 v1.14.0\n", "go.sum": ""},
        lacks=(r"CGO_ENABLED",),
        has=(r"^RUN go build -o server \.$",),
    ),
    Hazard(
        "B9",
        "a tool of the JDK",
        java(command='CMD ["sh", "-c", "keytool -list; jcmd 1 help; java -jar target/a-1.jar"]'),
        JAVA,
        left=(SPLIT,),
        says=("C10",),
    ),
    Hazard(
        "B10",
        ".NET started from its sources",
        'FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /app\nCOPY . .\nRUN dotnet build\nCMD ["dotnet", "run"]\n',
        {"a.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "Program.cs": ""},
        left=(SPLIT,),
        says=("C3",),
    ),
    Hazard(
        "B11",
        "CUDA's devel image",
        python(base="nvidia/cuda:12.1.0-devel-ubuntu22.04"),
        PYTHON,
        left=(SPLIT,),
        says=("D11",),
    ),
    Hazard(
        "B12",
        "OpenMP",
        'FROM gcc:13-bookworm\nWORKDIR /app\nCOPY . .\nRUN g++ -fopenmp -o main main.cpp\nCMD ["./main"]\n',
        {"main.cpp": "int main() {}\n"},
        left=(SPLIT,),
        says=("B1",),
    ),
    Hazard(
        "B13",
        "a platform for the build",
        go().replace("FROM golang", "FROM --platform=$BUILDPLATFORM golang"),
        GO,
        left=(SPLIT,),
        says=("B13",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
