"""Volumes of the file itself stay; one that a base image brings for its own tools may go with that image."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.model import interpret
from dfmigrate.proof import Case, check
from dfmigrate_grammar import parse

_OLD = "FROM gradle:7.6-jdk17\nVOLUME /data\nVOLUME /more\n"


@pytest.mark.parametrize(
    ("after", "same"),
    [
        ("FROM gradle:7.6-jdk17\nVOLUME /more /data\n", True),
        ("FROM eclipse-temurin:17-jre\nVOLUME /data /more\n", True),
        ("FROM eclipse-temurin:17-jre\nVOLUME /data\n", False),
        ("FROM eclipse-temurin:17-jre\nVOLUME /data /more /other\n", False),
    ],
)
def test_volumes(after: str, same: bool) -> None:
    context = Context.of({"Dockerfile": _OLD})
    verdict = check(Case(interpret(parse(_OLD), context), interpret(parse(after), context), frozenset()))
    found = [answer for answer in verdict.open if "image's volumes" in answer.message]
    assert [answer.code for answer in found] == ([] if same else ["D6"])
