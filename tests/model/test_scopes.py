"""Which value a variable has where: BuildKit's rules for global ARG, ARG, ENV and stages built on stages."""

from __future__ import annotations

import pytest

from dfmigrate.model import Build, interpret
from dfmigrate_grammar import parse


def _build(text: str) -> Build:
    return interpret(parse(text), None)


def _environment(text: str) -> dict[str, str | None]:
    """What the final image sets, its PATH aside."""
    return {name: value for name, value in _build(text).final.final.environment.items() if name != "PATH"}


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("ARG V=1\nFROM debian:$V\n", "debian:1"),
        ("ARG V=1\nARG W=$V-slim\nFROM debian:${W}\n", "debian:1-slim"),
        ("FROM debian:${V:-9}\n", "debian:9"),
        ("ARG V\nFROM debian:$V\n", None),  # Only the build knows.
        ("ARG V=1\nFROM debian:$V AS one\nARG V=2\nFROM debian:$V\n", "debian:1"),  # A stage's ARG is not global.
        ("FROM debian:$TARGETARCH\n", None),
    ],
)
def test_from_sees_global_arguments_only(text: str, reference: str | None) -> None:
    assert _build(text).final.reference == reference


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ENV A=1 B=$A\n", {"A": "1", "B": ""}),  # One ENV sees the environment from before it.
        ("ENV A=1\nENV B=$A\n", {"A": "1", "B": "1"}),
        ("ARG A=1\nENV B=$A\n", {"B": "1"}),
        ("ARG A=1 C=$A\nENV B=$C\n", {"B": "1"}),  # One ARG sees its earlier words.
        ("ARG A=1\nENV A=2\nENV B=$A\n", {"A": "2", "B": "2"}),  # ENV wins over an ARG ahead of it.
        ("ENV A=1\nARG A=2\nENV B=$A\n", {"A": "1", "B": "2"}),  # An ARG behind it overrides it for what follows.
        ("ENV B=$A\n", {"B": ""}),
        ("ENV B=${A:-x}\n", {"B": "x"}),
        ("ENV A=1\nENV B=${A:+set}\n", {"A": "1", "B": "set"}),
        ("ARG A\nENV B=$A\n", {"B": None}),  # Set by the build, or not.
        ("ENV B=$TARGETPLATFORM\n", {"B": ""}),  # Predefined, but a stage must declare it all the same.
        ("ARG TARGETPLATFORM\nENV B=$TARGETPLATFORM\n", {"B": None}),
        ("ENV A one two\n", {"A": "one two"}),
        ("ENV A='$X' B=\"$X\"\n", {"A": "$X", "B": ""}),
    ],
)
def test_arg_and_env(body: str, expected: dict[str, str | None]) -> None:
    assert _environment("FROM scratch\n" + body) == expected


def test_a_global_argument_must_be_declared_again() -> None:
    assert _environment("ARG A=1\nFROM scratch\nENV B=$A\n") == {"B": ""}
    assert _environment("ARG A=1\nFROM scratch\nARG A\nENV B=$A\n") == {"B": "1"}
    assert _environment("ARG A=1\nFROM scratch\nARG A=2\nENV B=$A\n") == {"B": "2"}


def test_a_stage_built_on_a_stage_inherits_both() -> None:
    text = "FROM scratch AS one\nARG A=1\nENV E=2\nFROM one\nENV B=$A C=$E\n"
    assert _environment(text) == {"E": "2", "B": "1", "C": "2"}


def test_configuration_resets() -> None:
    build = _build('FROM python:3.11\nENTRYPOINT ["a"]\n')
    assert build.final.final.command is None  # A new ENTRYPOINT resets the base image's CMD.
    build = _build('FROM python:3.11\nCMD ["b"]\nENTRYPOINT ["a"]\n')
    assert build.final.final.command is not None  # But not one of the same file.


def test_working_directories_add_up() -> None:
    assert _build("FROM scratch\nWORKDIR /a\nWORKDIR b\nWORKDIR ../c\n").final.final.workdir == "/a/c"
    assert _build("FROM scratch\nARG D=x\nWORKDIR /$D\n").final.final.workdir == "/x"
