from __future__ import annotations

import pytest

from dfmigrate_grammar import Directive, parse

from .reading import kinds


@pytest.mark.parametrize(
    ("source", "directives"),
    [
        ("# syntax=docker/dockerfile:1\n", {"syntax": "docker/dockerfile:1"}),
        ("#syntax=a", {"syntax": "a"}),
        ("# SynTax = a b \r\n", {"syntax": "a b"}),
        ("   \t# escape=`\n", {"escape": "`"}),
        ("# check=skip=all;error=true\n", {"check": "skip=all;error=true"}),
        ("# check=a\n# escape=`\n# syntax=b\n", {"check": "a", "escape": "`", "syntax": "b"}),
        ("#\u00a0escape=`\n", {"escape": "`"}),
        ("#\tescape\f=\t`\n", {"escape": "`"}),
        ("# escape= \n", {"escape": " "}),  # The value needs a character, and takes the space.
        ("# syntax=a\n# syntax=b\n", {"syntax": "a"}),
        # What ends the section of the directives, or is none.
        ("\n# escape=`\n", {}),
        ("FROM a\n# escape=`\n", {}),
        ("# a comment\n# escape=`\n", {}),
        ("# unknown=x\n# escape=`\n", {}),
        ("# syntax=a\n\n# escape=`\n", {"syntax": "a"}),
        ("#!/bin/sh\n# escape=`\n", {}),
        ("# escape\n", {}),
        ("# escape=\n", {}),
        ("# es cape=`\n", {}),
        ("## escape=`\n", {}),
        ("# 1escape=`\n", {}),
        ("# syntax\v=a\n", {}),  # A vertical tab is no white space for Go's patterns.
    ],
)
def test_directives_stand_at_the_top(source: str, directives: dict[str, str]) -> None:
    assert parse(source).directives == directives


def test_a_directive_is_an_item() -> None:
    tree = parse("# escape=`\n# comment\nRUN a\n")
    assert kinds(tree) == "DcI"
    item = tree.items[0]
    assert isinstance(item, Directive)
    assert (item.name, item.value) == ("escape", "`")


@pytest.mark.parametrize(
    ("source", "escape"),
    [
        ("RUN a", "\\"),
        ("# escape=`\n", "`"),
        ("# escape=\\\n", "\\"),
        ("# escape=x\n", "\\"),
        ("# comment\n# escape=`\n", "\\"),
    ],
)
def test_escape(source: str, escape: str) -> None:
    assert parse(source).escape == escape


@pytest.mark.parametrize(
    ("source", "frontend", "foreign"),
    [
        ("FROM a\n", None, False),
        ("# syntax=docker/dockerfile:1.7-labs\nFROM a\n", "docker/dockerfile:1.7-labs", False),
        ("# syntax=docker.io/docker/dockerfile\n", "docker.io/docker/dockerfile", False),
        ("# syntax=docker/dockerfile-upstream:master\n", "docker/dockerfile-upstream:master", False),
        ("# syntax=docker/dockerfile@sha256:0\n", "docker/dockerfile@sha256:0", False),
        ("# syntax=example.org/buildpacks:2 with words\n", "example.org/buildpacks:2", True),
        ("# syntax=docker/dockerfiles\n", "docker/dockerfiles", True),
        ("# escape=`\n# syntax=x\n", "x", True),
        ("#!/usr/bin/env builder\n# syntax=x\n", "x", True),
        ("// syntax=x\n{}\n", "x", True),
        ('{"syntax": "x", "other": 1}\n', "x", True),
        ('{"syntax": 1}\n', None, False),
        ('["syntax"]\n', None, False),
        ("{not json\n", None, False),
        ("\ufeff# syntax=x\n", "x", True),
        ("# comment\n# syntax=x\n", None, False),
    ],
)
def test_frontend(source: str, frontend: str | None, foreign: bool) -> None:
    tree = parse(source)
    assert (tree.frontend, tree.is_foreign) == (frontend, foreign)
