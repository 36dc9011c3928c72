"""Hazards of group D. Image configuration: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import GO, NODE, SPLIT, TYPESCRIPT, USER, Hazard, check, go, node, typescript

CASES = (
    Hazard(
        "D1", "a variable", go(before="ENV PORT=8080\n"), GO, done=(SPLIT,), has=(r"^FROM debian", r"^ENV PORT=8080$")
    ),
    Hazard(
        "D2",
        "a build argument in the runtime",
        go(before="ARG VERSION=1\n", after="LABEL version=$VERSION\n"),
        GO,
        done=(SPLIT,),
        has=(r"^FROM debian", r"^ARG VERSION=1$", r"^LABEL version=\$VERSION$"),
    ),
    Hazard(
        "D3",
        "a variable that the front end's build bakes in",
        typescript(middle="ENV VITE_API=/api\n"),
        TYPESCRIPT,
        done=(SPLIT,),
        has=(r"^FROM .*builder$", r"^ENV VITE_API=/api$", r"^RUN npm run build$", r"^FROM ", r"^ENV VITE_API=/api$"),
    ),
    Hazard(
        "D4",
        "the working directory",
        go(),
        GO,
        done=(SPLIT,),
        has=(r"^FROM debian", r"^WORKDIR /app$", r"^CMD \[\"\./server\"\]$"),
    ),
    Hazard(
        "D5",
        "the command that the old base brings",
        "FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n",
        TYPESCRIPT,
        left=(SPLIT,),
    ),
    Hazard(
        "D6",
        "ports, labels, volumes and a health check",
        go(after='EXPOSE 8080\nLABEL a=b\nHEALTHCHECK CMD ["/app/server", "-c"]\n'),
        GO,
        done=(SPLIT,),
        has=(r"^FROM debian", r"^EXPOSE 8080$", r"^LABEL a=b$", r"^HEALTHCHECK "),
    ),
    Hazard(
        "D7",
        "the stop signal",
        go(after="STOPSIGNAL SIGINT\n"),
        GO,
        done=(SPLIT,),
        has=(r"^FROM debian", r"^STOPSIGNAL SIGINT$"),
    ),
    Hazard(
        "D8",
        "a volume ahead of the copies",
        go(before="VOLUME /app/data\n"),
        GO,
        has=(r"^COPY|^VOLUME", r"VOLUME /app/data|COPY"),
        left=(USER,),
    ),
    Hazard(
        "D9",
        "triggers of the base",
        'FROM node:8-onbuild\nCMD ["node", "server.js"]\n',
        NODE,
        left=(SPLIT, USER),
        says=("D9",),
    ),
    Hazard(
        "D10", "another shell", go(before='SHELL ["/bin/bash", "-c"]\n'), GO, has=(r'^SHELL \["/bin/bash", "-c"\]$',)
    ),
    Hazard("D11", "a private base", node(base="registry.example/node:20"), NODE, left=(SPLIT,), says=("D11",)),
    Hazard(
        "D12",
        "a stage that compose builds",
        typescript(),
        {**TYPESCRIPT, "docker-compose.yml": "services:\n  web:\n    build:\n      context: .\n      target: web\n"},
        left=(SPLIT,),
        says=("D12",),
    ),
    Hazard(
        "D13",
        "only what every builder knows",
        typescript(),
        TYPESCRIPT,
        done=(SPLIT,),
        lacks=(r"--mount|--link|--chmod|<<",),
    ),
    Hazard(
        "D14",
        "where ASP.NET listens",
        "FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /app\nCOPY . .\nRUN dotnet publish -"
        'c Release -o /out\nWORKDIR /out\nCMD ["dotnet", "a.dll"]\n',
        {
            "a.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</Tar'
            "getFramework></PropertyGroup></Project>",
            "Program.cs": "var app = WebApplication.CreateBuilder(args).Build();\napp.Run();\n",
        },
        done=(SPLIT,),
        has=(r"^FROM mcr\.microsoft\.com/dotnet/aspnet:\$\{DOTNET_VERSION\}$",),
    ),
    Hazard("D15", "the form of the command", go(command="CMD ./server"), GO, done=(SPLIT,), has=(r"^CMD \./server$",)),
    Hazard(
        "D16",
        "a directive",
        "# syntax=docker/dockerfile:1\n" + typescript(),
        TYPESCRIPT,
        done=(SPLIT,),
        has=(r"\A# syntax=docker/dockerfile:1\n",),
    ),
    Hazard(
        "D17",
        "a secret in a variable",
        go(before="ENV API_TOKEN=abc\n"),
        GO,
        done=(SPLIT,),
        has=(r"^FROM golang", r"^ENV API_TOKEN=abc$", r"^FROM debian", r"^ENV API_TOKEN=abc$"),
    ),
    Hazard(
        "D18",
        "the commit in a label",
        go(before="ARG GIT_SHA=none\n", after="LABEL org.opencontainers.image.revision=$GIT_SHA\n"),
        GO,
        done=(SPLIT,),
        has=(r"^FROM debian", r"^ARG GIT_SHA=none$", r"^LABEL org\.opencontainers\.image\.revision=\$GIT_SHA$"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
