"""The configuration is compared field by field, and only what the migration declares may differ."""

from __future__ import annotations

from typing import Any

import pytest

from dfmigrate.verify.configuration import Meant, compare_configuration, image_config
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.stated import stated

from .archives import build

ORIGINAL = 'FROM golang:1.22\nWORKDIR /app\nENV MODE=prod PATH=$PATH:/app/bin\nLABEL team=a\nEXPOSE 80\nCMD ["./x"]\n'
MIGRATED = 'FROM golang:1.22 AS b\nFROM debian:bookworm-slim\nWORKDIR /app\nENV MODE=prod\nUSER 5:5\nCMD ["./x"]\n'


def _compare(
    before: dict[str, Any], after: dict[str, Any], declared: frozenset[str] = frozenset(), mentioned: str = ""
) -> list[Finding]:
    meant = Meant(build(ORIGINAL), build(MIGRATED), declared, lambda name: name == mentioned)
    return list(compare_configuration(image_config(before), image_config(after), meant))


@pytest.mark.parametrize(
    ("before", "after", "code", "subject", "line"),
    [
        ({"Env": ["MODE=prod"]}, {}, "D1", "MODE", 4),
        ({"Env": ["MODE=prod"]}, {"Env": ["MODE=test"]}, "D1", "MODE", 4),
        ({"Cmd": ["./x"]}, {"Cmd": ["/bin/sh", "-c", "./x"]}, "D5", "Cmd", 6),
        ({"Entrypoint": ["/e"]}, {}, "D5", "Entrypoint", 2),
        ({"WorkingDir": "/app"}, {"WorkingDir": "/"}, "D4", "WorkingDir", 3),
        ({"User": ""}, {"User": "5:5"}, "D6", "User", 5),
        ({"ExposedPorts": {"80/tcp": {}}}, {"ExposedPorts": None}, "D6", "80/tcp", 2),
        ({"Volumes": {"/data": {}}}, {}, "D6", "/data", 2),
        ({"Labels": {"team": "a"}}, {"Labels": {}}, "D6", "team", 2),
        ({"StopSignal": "SIGQUIT"}, {}, "D7", "StopSignal", 2),
        ({"Healthcheck": {"Test": ["CMD", "x"], "Interval": 5}}, {"Healthcheck": {"Test": ["CMD", "x"]}}, "D6",
         "Healthcheck", 2),
        ({"Shell": ["/bin/bash", "-c"]}, {}, "D10", "Shell", 2),
        ({"OnBuild": ["RUN x"]}, {}, "D9", "OnBuild", 2),
        ({"Env": ["LANG=C.UTF-8"]}, {}, "D1", "LANG", 2),
        ({"Env": ["PATH=/bin:/app/bin"]}, {"Env": ["PATH=/bin"]}, "D1", "PATH", 2),
        ({"Env": ["PATH=/a:/b"]}, {"Env": ["PATH=/b:/a"]}, "D1", "PATH", 2),
    ],
)  # fmt: skip
def test_a_difference_that_nobody_declared(
    before: dict[str, Any], after: dict[str, Any], code: str, subject: str, line: int
) -> None:
    (finding,) = _compare(before, after)
    assert (finding.weight, finding.code, finding.subject, finding.line) == (Weight.BROKEN, code, subject, line)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({"Env": None, "Labels": None, "Volumes": None}, {"Env": [], "Labels": {}, "Volumes": {}}),
        ({"StopSignal": "SIGTERM"}, {"StopSignal": ""}),
        ({"WorkingDir": "/app/"}, {"WorkingDir": "/app"}),
        ({"WorkingDir": ""}, {"WorkingDir": "/"}),
        ({"Healthcheck": {"Test": ["NONE"], "Interval": 0}}, {"Healthcheck": {"Test": ["NONE"]}}),
    ],
)
def test_what_is_absent_and_what_is_empty_are_alike(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert _compare(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "declared"),
    [
        ({"User": ""}, {"User": "5:5"}, {"user"}),
        ({"Env": ["PATH=/a"]}, {"Env": ["PATH=/venv/bin:/b"]}, {"env:PATH"}),
        ({"Env": ["GOPATH=/go"]}, {}, set()),  # The old base image's, and nothing names it.
        ({"Env": ["GOLANG_VERSION=1.22.1"]}, {}, set()),
        ({"Env": ["LANG=C.UTF-8"]}, {"Env": ["LANG=C.UTF-8", "LC_ALL=C.UTF-8"]}, set()),
        ({"Env": ["PATH=/usr/local/go/bin:/bin:/app/bin"]}, {"Env": ["PATH=/bin:/app/bin"]}, set()),
        ({"Labels": {"org.opencontainers.image.version": "1"}}, {}, set()),
    ],
)
def test_what_is_declared_or_the_base_images(before: dict[str, Any], after: dict[str, Any], declared: set[str]) -> None:
    (finding,) = _compare(before, after, frozenset(declared))
    assert finding.weight is Weight.DECLARED


def test_a_variable_of_the_base_that_the_application_names_is_lost() -> None:
    (finding,) = _compare({"Env": ["GOPATH=/go"]}, {}, mentioned="GOPATH")
    assert (finding.weight, finding.code) == (Weight.BROKEN, "D1")


def test_an_entry_point_that_only_passes_its_arguments_on() -> None:
    before = image_config({"Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["x"]})
    after = image_config({"Cmd": ["x"]})
    meant = Meant(build("FROM node:20\nCMD x\n"), build("FROM debian:bookworm-slim\nCMD x\n"))
    (finding,) = compare_configuration(before, after, meant)
    assert (finding.weight, finding.code, finding.subject) == (Weight.DECLARED, "D5", "Entrypoint")


@pytest.mark.parametrize(
    ("text", "before", "after", "codes"),
    [
        ("USER 7", {}, {"User": "7"}, []),
        ("", {}, {"User": "7"}, ["D6"]),
        ("WORKDIR /srv", {"WorkingDir": "/app"}, {"WorkingDir": "/srv"}, []),
        ('CMD ["b"]', {"Cmd": ["a"]}, {"Cmd": ["b"]}, []),
        # Only the command is stated: that the entry point is gone is not.
        ('CMD ["b"]', {"Cmd": ["a"], "Entrypoint": ["/e"]}, {"Cmd": ["b"]}, ["D5"]),
        ("ENV A=2", {"Env": ["A=1"]}, {"Env": ["A=2"]}, []),
        ("ENV A=2", {"Env": ["A=2", "NODE_ENV=x"]}, {"Env": ["A=2"]}, ["D1"]),
        ("EXPOSE 2", {"ExposedPorts": {"1/tcp": {}}}, {"ExposedPorts": {"2/tcp": {}}}, ["D6"]),
        ("VOLUME /a", {}, {"Volumes": {"/a": {}}}, []),
        ("VOLUME /a", {"Volumes": {"/a": {}, "/b": {}}}, {"Volumes": {"/a": {}}}, ["D6"]),
        ("STOPSIGNAL INT", {}, {"StopSignal": "INT"}, []),
    ],
)
def test_what_another_file_states_differs_on_purpose(
    text: str, before: dict[str, object], after: dict[str, object], codes: list[str]
) -> None:
    migrated = build(f"FROM debian:12 AS b\nUSER 9\nFROM debian:12-slim AS base\n{text}\nFROM base\n")
    original = build("FROM debian:12\nENV NODE_ENV=x\n")
    meant = Meant(original, migrated, stated(migrated))
    found = compare_configuration(image_config(before), image_config(after), meant)
    assert [each.code for each in found if each.weight is Weight.BROKEN] == codes
