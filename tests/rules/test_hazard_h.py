"""Hazards of group H. Small edits that are not neutral: each one minded."""

from __future__ import annotations

import pytest
from hazard_cases import GO, NODE, PYTHON, SPLIT, TYPESCRIPT, Hazard, check, go, node, python, typescript

_APT = 'FROM debian:bookworm\nRUN apt-get update && apt-get install -y {}\n{}CMD ["bash"]\n'
CASES = (
    Hazard(
        "H1",
        "git without certificates",
        _APT.format("git", ""),
        {},
        select=("apt-no-recommends",),
        left=("apt-no-recommends",),
        says=("H1",),
    ),
    Hazard(
        "H2",
        "lists that a later RUN needs",
        _APT.format("git", "RUN apt-get install -y curl\n"),
        {},
        select=("apt-lists-cleanup",),
        left=("apt-lists-cleanup",),
        says=("H2",),
    ),
    Hazard(
        "H3",
        "an archive",
        'FROM debian:bookworm\nADD a.tar.gz /srv/\nCMD ["ls"]\n',
        {"a.tar.gz": "x"},
        select=("add-to-copy",),
        says=(),
        has=(r"^(ADD|COPY) a\.tar\.gz",),
    ),
    Hazard(
        "H4",
        "a variable in the command",
        node(command="CMD node server.js $PORT"),
        NODE,
        select=("exec-form",),
        left=("exec-form",),
        says=("H4",),
    ),
    Hazard(
        "H5",
        "a RUN with cd and ;",
        go(build="cd /app; go build -o server . ; cd /"),
        GO,
        has=(r"^RUN cd /app; go build -o server \. ; cd /$",),
    ),
    Hazard(
        "H6",
        "no pins",
        python(before="RUN apt-get update && apt-get install -y ffmpeg gcc\n"),
        PYTHON,
        has=(r"install .*ffmpeg",),
        lacks=(r"ffmpeg=",),
    ),
    Hazard("H7", "latest", node(base="node:latest"), NODE, has=(r"^FROM node:latest",)),
    Hazard("H8", "no health check", typescript(), TYPESCRIPT, done=(SPLIT,), lacks=(r"HEALTHCHECK",)),
    Hazard("H9", "no pipefail", node(before="RUN curl https://example.com/a | sh\n"), NODE, lacks=(r"pipefail",)),
    Hazard(
        "H10",
        "packages in their order",
        python(base="python:3.11-slim", before="RUN apt-get update && apt-get install -y zip curl ffmpeg\n"),
        PYTHON,
        has=(r"zip curl ffmpeg",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_hazard_is_minded(case: Hazard) -> None:
    check(case)
