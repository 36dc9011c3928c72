"""The configuration of an image, and of a stage after each instruction: what is set, inherited, reset and unknown."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from dfmigrate.model import Build, Config, Given, interpret, oci_config
from dfmigrate.model.ports import normal_port, single_ports
from dfmigrate_grammar import parse

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
KNOWN = Given(arguments={"GIVEN": "g"}, platform="linux/arm64/v8")


def _build(text: str, given: Given | None = None) -> Build:
    return interpret(parse(text), None, given=given or Given())


def _image(text: str, given: Given | None = None) -> dict[str, Any]:
    """The image's configuration without what an empty base brings."""
    shown = oci_config(_build(text, given).final.final)
    if shown["Env"] == [PATH]:
        del shown["Env"]
    if shown["WorkingDir"] == "/":
        del shown["WorkingDir"]
    return shown


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('CMD ["a", "b"]', {"Cmd": ["a", "b"], "ArgsEscaped": True}),
        ("CMD a  b", {"Cmd": ["/bin/sh", "-c", "a  b"], "ArgsEscaped": True}),
        ("CMD ['a']", {"Cmd": ["/bin/sh", "-c", "['a']"], "ArgsEscaped": True}),  # No JSON: the shell gets it.
        ("CMD []", {"ArgsEscaped": True}),
        ("ENTRYPOINT a", {"Entrypoint": ["/bin/sh", "-c", "a"]}),
        ('ENTRYPOINT ["a"]', {"Entrypoint": ["a"]}),
        ("ENTRYPOINT []", {}),
        (
            'CMD ["c"]\nENTRYPOINT ["e"]',  # Only a CMD of the base is reset.
            {"Cmd": ["c"], "Entrypoint": ["e"], "ArgsEscaped": True},
        ),
        ('CMD ["c"]\nCMD ["d"]', {"Cmd": ["d"], "ArgsEscaped": True}),
        (
            'SHELL ["/bin/bash", "-ec"]\nCMD c\nENTRYPOINT e',
            {
                "Shell": ["/bin/bash", "-ec"],
                "Cmd": ["/bin/bash", "-ec", "c"],
                "Entrypoint": ["/bin/bash", "-ec", "e"],
                "ArgsEscaped": True,
            },
        ),
        (
            'CMD c\nSHELL ["/bin/bash", "-ec"]',  # Nothing changes for what stands ahead of it.
            {"Shell": ["/bin/bash", "-ec"], "Cmd": ["/bin/sh", "-c", "c"], "ArgsEscaped": True},
        ),
        ('SHELL ["/bin/sh", "-c"]', {"Shell": ["/bin/sh", "-c"]}),  # The default, but said.
        ("USER app", {"User": "app"}),
        ("USER 10:20\nUSER root", {"User": "root"}),
        ("USER $NOT_SET", {}),
        ("STOPSIGNAL SIGINT", {"StopSignal": "SIGINT"}),
        ("ARG S=9\nSTOPSIGNAL ${S}", {"StopSignal": "9"}),
        ("MAINTAINER someone", {}),
    ],
)
def test_what_is_set_as_a_whole(body: str, expected: dict[str, Any]) -> None:
    assert _image(f"FROM scratch\n{body}\n") == expected


@pytest.mark.parametrize(
    ("body", "environment"),
    [
        ("ENV B=1 A=2", ["B=1", "A=2"]),
        ("ENV A=1 B=2\nENV A=3", ["A=3", "B=2"]),  # A new value keeps the old place.
        ("ENV A=1 A=2", ["A=2"]),
        ("ENV A=1\nENV A=2 B=$A", ["A=2", "B=1"]),  # All of one ENV see what was before it.
        ("ARG A=1\nENV A=2 B=$A", ["A=2", "B=1"]),
        ("ARG A=1\nENV A=2\nENV B=$A", ["A=2", "B=2"]),
        ("ENV A=1\nARG A=2\nENV B=$A", ["A=1", "B=2"]),
        ("ENV A=1\nARG A\nENV B=$A", ["A=1", "B=1"]),  # An ARG without a value hides nothing.
        ("ARG A=1\nARG A\nENV B=$A", ["B=1"]),
        ("ARG GIVEN=x\nENV B=$GIVEN", ["B=g"]),
        ("ARG GIVEN\nENV B=$GIVEN", ["B=g"]),
        ("ENV B=$GIVEN", ["B="]),
        ("ENV GIVEN=e\nARG GIVEN\nENV B=$GIVEN", ["GIVEN=e", "B=g"]),
        ("ARG A=1 B=$A-2\nENV C=$B", ["C=1-2"]),
        ("ARG TARGETARCH\nENV B=$TARGETARCH", ["B=arm64"]),
        ("ARG TARGETVARIANT BUILDOS\nENV B=$TARGETVARIANT-$BUILDOS", ["B=v8-linux"]),
        ("ARG TARGETARCH=other\nENV B=$TARGETARCH", ["B=other"]),
        ("ARG TARGETPLATFORM\nENV B=$TARGETPLATFORM", ["B=linux/arm64/v8"]),
        ("ARG TARGETSTAGE\nENV B=$TARGETSTAGE", ["B=default"]),
        ("ARG BUILDKIT_SBOM_SCAN_STAGE=1\nENV B=$BUILDKIT_SBOM_SCAN_STAGE", ["B="]),  # For the builder itself.
        ("ENV B=$TARGETARCH", ["B="]),  # Predefined, but not declared.
        ("ENV B=$HTTP_PROXY", ["B="]),
        ("ARG N=X\nENV $N=1 ${N}Y=2", ["X=1", "XY=2"]),
        ("ENV A a 'b'  c", ["A=a b  c"]),
        ("ENV A=\"a  b\" B=a\\ b C='$X' D=\\$X", ["A=a  b", "B=a b", "C=$X", "D=$X"]),
        ("ENV A=${X:-1} B=${X:+1} C=${X-2}", ["A=1", "B=", "C=2"]),
        ("ENV A=v1.2\nENV B=${A#v} C=${A/./-}", ["A=v1.2", "B=1.2", "C=v1-2"]),
        ("ENV A==", ["A=="]),
    ],
)
def test_environment(body: str, environment: list[str]) -> None:
    assert _image(f"FROM scratch\n{body}\n", KNOWN)["Env"] == [PATH, *environment]


def test_path_keeps_its_place() -> None:
    assert _image("FROM scratch\nENV A=1\nENV PATH=/x:$PATH\n")["Env"] == [PATH.replace("=", "=/x:"), "A=1"]


@pytest.mark.parametrize(
    ("body", "ports"),
    [
        ("EXPOSE 80", {"80/tcp"}),
        ("EXPOSE 80 80/tcp 80/TCP", {"80/tcp"}),
        ("EXPOSE 53/udp\nEXPOSE 53/tcp", {"53/udp", "53/tcp"}),
        ("EXPOSE 7000-7002/udp", {"7000/udp", "7001/udp", "7002/udp"}),
        ("EXPOSE 7000-7001\nEXPOSE 7001-7002 7001", {"7000/tcp", "7001/tcp", "7002/tcp"}),
        ("EXPOSE 7000-7000", {"7000/tcp"}),
        ("EXPOSE 8080:80 127.0.0.1:81:81/sctp", {"80/tcp", "81/sctp"}),
        ("ARG P=80\nEXPOSE $P ${P}81/udp", {"80/tcp", "8081/udp"}),
        ('ENV P="80 81/udp"\nEXPOSE $P', {"80/tcp", "81/udp"}),  # One variable, two words.
        ("EXPOSE 0080", {"80/tcp"}),
    ],
)
def test_ports(body: str, ports: set[str]) -> None:
    assert set(_image(f"FROM scratch\n{body}\n")["ExposedPorts"]) == ports


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("WORKDIR /a", "/a"),
        ("WORKDIR a", "/a"),
        ("WORKDIR /a\nWORKDIR b", "/a/b"),
        ("WORKDIR /a/\nWORKDIR ../b/", "/b"),
        ("WORKDIR /a/", "/a/"),  # An absolute path stays as it is written.
        ("WORKDIR /a//b/../c", "/a//b/../c"),
        ("WORKDIR //a", "//a"),
        ('WORKDIR "/a b"', "/a b"),
        ("WORKDIR /a b", "/a b"),
        ("ENV D=/d\nWORKDIR $D/e", "/d/e"),
        ("WORKDIR /a/\nWORKDIR $NOT_SET", "/a/"),
    ],
)
def test_working_directory(body: str, expected: str) -> None:
    assert _image(f"FROM scratch\n{body}\n")["WorkingDir"] == expected


def test_the_directory_that_commands_start_in_is_normalised() -> None:
    config = _build("FROM scratch\nWORKDIR //a//b/../c/\n").final.final
    assert (config.workdir, config.written_workdir) == ("/a/c", "//a//b/../c/")
    config = _build("FROM debian:12\n").final.final
    assert (config.workdir, config.written_workdir) == ("/", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("HEALTHCHECK NONE", {"Test": ["NONE"]}),
        ("HEALTHCHECK CMD curl  $URL", {"Test": ["CMD-SHELL", "curl  $URL"]}),
        ('HEALTHCHECK cmd ["a", "b"]', {"Test": ["CMD", "a", "b"]}),
        (
            "HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=2s --start-interval=1s --retries=4 CMD a",
            {
                "Test": ["CMD-SHELL", "a"],
                "Interval": 90_000_000_000,
                "Timeout": 500_000_000,
                "StartPeriod": 2_000_000_000,
                "StartInterval": 1_000_000_000,
                "Retries": 4,
            },
        ),
        ("HEALTHCHECK --interval=0s --retries=0 CMD a", {"Test": ["CMD-SHELL", "a"]}),
        ("HEALTHCHECK --retries=4 CMD a\nHEALTHCHECK CMD b", {"Test": ["CMD-SHELL", "b"]}),
        ('SHELL ["/bin/bash", "-c"]\nHEALTHCHECK CMD a', {"Test": ["CMD-SHELL", "a"]}),
    ],
)
def test_health_check(body: str, expected: dict[str, Any]) -> None:
    assert _image(f"FROM scratch\n{body}\n")["Healthcheck"] == expected


def test_labels_and_volumes() -> None:
    shown = _image('FROM scratch\nARG V=1\nLABEL a=$V "b c"="d e" a.$V=x\nLABEL a=2\nLABEL l one two\n')
    assert shown == {"Labels": {"a": "2", "b c": "d e", "a.1": "x", "l": "one two"}}
    shown = _image('FROM scratch\nENV D=/d\nVOLUME /a $D/b\nVOLUME ["/a", "/c d"]\n')
    assert shown["Volumes"] == {"/a": {}, "/d/b": {}, "/c d": {}}


def test_a_stage_inherits_the_configuration_of_the_stage_below() -> None:
    text = (
        'FROM scratch AS Base\nENV E=1\nWORKDIR /w\nUSER u\nSHELL ["/s", "-c"]\nEXPOSE 1\nVOLUME /v\nLABEL l=1\n'
        'STOPSIGNAL 9\nHEALTHCHECK CMD h\nCMD ["c"]\nFROM base\nENV F=2\nEXPOSE 2\nWORKDIR x\n'
    )
    assert _image(text) == {
        "Env": [PATH, "E=1", "F=2"],
        "WorkingDir": "/w/x",
        "User": "u",
        "Shell": ["/s", "-c"],
        "ExposedPorts": {"1/tcp": {}, "2/tcp": {}},
        "Volumes": {"/v": {}},
        "Labels": {"l": "1"},
        "StopSignal": "9",
        "Healthcheck": {"Test": ["CMD-SHELL", "h"]},
        "Cmd": ["c"],
        "ArgsEscaped": True,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # ENTRYPOINT resets what the stage below had.
        ('FROM scratch AS a\nCMD ["c"]\nFROM a\nENTRYPOINT ["e"]', {"Entrypoint": ["e"], "ArgsEscaped": True}),
        (
            'FROM scratch AS a\nENTRYPOINT ["e"]\nFROM a\nCMD ["c"]',
            {"Entrypoint": ["e"], "Cmd": ["c"], "ArgsEscaped": True},
        ),
        # The arguments of the stage below are seen, but its ENV wins anew.
        ("FROM scratch AS a\nARG X=1\nFROM a\nUSER $X", {"User": "1"}),
        ("FROM scratch AS a\nENV X=1\nARG X=2\nFROM a\nUSER $X", {"User": "1", "Env": [PATH, "X=1"]}),
        # The last stage of a name counts, and only what stands ahead; a number names no stage in FROM.
        ("FROM scratch AS a\nUSER 1\nFROM scratch AS a\nUSER 2\nFROM a", {"User": "2"}),
        ("FROM scratch AS a\nUSER 1\nFROM a AS a\nUSER $UNSET:2", {"User": ":2"}),
        ("ARG B=a\nFROM scratch AS a\nUSER 1\nFROM $B", {"User": "1"}),
        # Nothing is inherited from a stage that is only copied from.
        ("FROM scratch AS a\nUSER 1\nFROM scratch\nCOPY --from=a /x /x", {}),
    ],
)
def test_stages_on_stages(text: str, expected: dict[str, Any]) -> None:
    assert _image(text + "\n") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM scratch\nONBUILD RUN a \\\n  b", {"OnBuild": ["RUN a   b"]}),
        ("FROM scratch\nONBUILD RUN a \nonbuild  USER b", {"OnBuild": ["RUN a ", "USER b"]}),
        ("FROM scratch\nONBUILD RUN <<E\n a\nE", {"OnBuild": ["RUN <<E\n a\nE"]}),
        ("FROM scratch AS a\nONBUILD USER u\nFROM a", {"User": "u"}),  # It runs, and is gone.
        ("FROM scratch AS a\nONBUILD USER u\nFROM a AS b\nUSER v\nFROM b", {"User": "v"}),  # Once only.
        ("FROM scratch AS a\nONBUILD USER u\nFROM a\nONBUILD USER v", {"User": "u", "OnBuild": ["USER v"]}),
        ("FROM scratch AS a\nONBUILD USER $X\nFROM a\nENV X=1\nUSER ${X}2", {"User": "12", "Env": [PATH, "X=1"]}),
        # A CMD that a trigger sets is the stage's own.
        (
            'FROM scratch AS a\nONBUILD CMD ["c"]\nFROM a\nENTRYPOINT ["e"]',
            {"Entrypoint": ["e"], "Cmd": ["c"], "ArgsEscaped": True},
        ),
    ],
)
def test_triggers(text: str, expected: dict[str, Any]) -> None:
    assert _image(text + "\n") == expected


def test_a_trigger_is_a_layer_at_the_line_of_its_from() -> None:
    stage = _build("FROM scratch AS a\nONBUILD WORKDIR /w\nFROM a\nUSER u\n").final
    assert [(layer.name, layer.line) for layer in stage.layers] == [("WORKDIR", 3), ("USER", 4)]
    assert stage.files.is_directory("/w")


def test_every_layer_knows_what_was_before_and_what_is_after() -> None:
    text = (
        'FROM scratch\nENV A=1\nWORKDIR /w\nCMD ["c"]\nSHELL ["/s"]\nENTRYPOINT e\nEXPOSE 1-2\nUSER u\nARG X=1\n'
        "LABEL l=$X\nVOLUME /v\nSTOPSIGNAL 1\nHEALTHCHECK NONE\nONBUILD RUN x\nRUN y\n"
    )
    layers = _build(text).final.layers
    changed = {layer.name: _changed(layer.before, layer.after) for layer in layers}
    assert changed == {
        "ENV": {"Env"},
        "WORKDIR": {"WorkingDir"},
        "CMD": {"Cmd", "ArgsEscaped"},
        "SHELL": {"Shell"},
        "ENTRYPOINT": {"Entrypoint"},
        "EXPOSE": {"ExposedPorts"},
        "USER": {"User"},
        "ARG": set(),
        "LABEL": {"Labels"},
        "VOLUME": {"Volumes"},
        "STOPSIGNAL": {"StopSignal"},
        "HEALTHCHECK": {"Healthcheck"},
        "ONBUILD": {"OnBuild"},
        "RUN": set(),
    }
    for one, following in pairwise(layers):
        assert one.after is following.before
    arguments = {layer.name: dict(layer.arguments) for layer in layers}
    assert (arguments["ARG"], arguments["LABEL"]) == ({}, {"X": "1"})


def test_a_layer_knows_the_arguments_that_no_env_replaced() -> None:
    build = _build("FROM scratch AS a\nENV E=1\nARG E=2 A=3 B=4\nENV A=5\nRUN x\nFROM a\nRUN x\n")
    env, run = build.stages[0].layers[2:]
    assert dict(env.arguments) == {"E": "2", "A": "3", "B": "4"}
    assert dict(run.arguments) == {"E": "2", "B": "4"}
    assert dict(build.final.layers[0].arguments) == {"B": "4"}
    assert (set(env.own_variables), set(build.final.layers[0].own_variables)) == ({"E", "A", "B"}, set())


def _changed(before: Config, after: Config) -> set[str]:
    old, new = oci_config(before), oci_config(after)
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        ("ARG A\nUSER $A", {"User": None}),
        ("ARG A\nWORKDIR /w\nWORKDIR $A", {"WorkingDir": None}),
        ("ARG A\nSTOPSIGNAL $A", {"StopSignal": None}),
        ("ARG A\nENV E=$A", {"Env": [PATH, "E"]}),
        ("ENV A=1\nARG A\nENV E=$A", {"Env": [PATH, "A=1", "E"]}),  # The build may give another.
        ("ARG A\nLABEL l=$A", {"Labels": {"l": None}}),
        ("ARG A\nEXPOSE $A", {"ExposedPorts": {"$A": {}}}),
        ("ARG A\nVOLUME $A", {"Volumes": {"$A": {}}}),
        ("ARG TARGETARCH\nUSER $TARGETARCH", {"User": None}),
        ("ARG A=${B}\nARG A\nUSER $A", {}),  # A default is not overridden.
    ],
)
def test_what_only_the_build_knows(body: str, unknown: dict[str, Any]) -> None:
    shown = _image(f"FROM scratch\n{body}\n")
    assert {name: value for name, value in shown.items() if name != "WorkingDir" or value is None} == unknown


def test_fields_of_which_a_part_is_unknown() -> None:
    config = _build("FROM scratch\nARG A\nEXPOSE 1 $A\nVOLUME $A\nENV $A=1\n").final.final
    assert config.exposed == ("1/tcp", "$A")
    assert config.unknown == {"exposed", "volumes", "environment"}


def test_the_target_stage_and_what_a_build_overrides() -> None:
    text = "ARG V=1\nFROM scratch AS a\nARG TARGETSTAGE TARGETARCH V\nENV B=$TARGETSTAGE-$TARGETARCH-$V\n"
    given = Given(arguments={"TARGETARCH": "mine", "V": "2"}, platform="linux/amd64")
    assert _image(text, given)["Env"] == [PATH, "B=a-mine-2"]


def test_a_trigger_of_an_unknown_base_may_have_set_the_command() -> None:
    assert oci_config(_build('FROM registry.example/base\nENTRYPOINT ["e"]\n').final.final)["Cmd"] is None
    shown = oci_config(_build('FROM node:8-onbuild\nENTRYPOINT ["e"]\n').final.final)
    assert (shown["Cmd"], shown["WorkingDir"]) == (None, None)


def test_ports_are_shown_once() -> None:
    assert list(single_ports(["7-9/tcp", "8-8/udp", "8-10/tcp", "9/tcp", "$P"])) == [
        *("7/tcp", "8/tcp", "9/tcp", "10/tcp"),
        *("8/udp", "$P"),
    ]


@pytest.mark.parametrize("word", ["", "a", "80/x", "65536", "9-8", "-1", "1-", "1:2:x", "\u0663"])
def test_no_port(word: str) -> None:
    assert normal_port(word) is None


def test_what_only_an_unknown_base_knows() -> None:
    config = _build("FROM registry.example/base\nENV A=$JAVA_HOME/lib B=${A:-x} C=1\nENV D=$C\nWORKDIR x\n").final.final
    assert dict(config.environment) == {"PATH": None, "A": None, "B": None, "C": "1", "D": "1"}
    shown = oci_config(config)
    assert {name for name, value in shown.items() if value is None} == {
        "User",
        "Entrypoint",
        "Cmd",
        "Healthcheck",
        "WorkingDir",
        "StopSignal",
        "Shell",
    }
    assert {"environment", "exposed", "volumes", "labels"} <= config.unknown


def test_what_is_set_over_an_unknown_base_is_known() -> None:
    text = (
        'FROM registry.example/base\nWORKDIR /w\nUSER u\nSHELL ["/s"]\nENTRYPOINT ["e"]\nCMD ["c"]\n'
        "HEALTHCHECK NONE\nSTOPSIGNAL 9\n"
    )
    assert None not in oci_config(_build(text).final.final).values()


def test_a_known_base_brings_its_configuration() -> None:
    shown = oci_config(_build('FROM node:18\nUSER node\nCMD ["server.js"]\n').final.final)
    assert shown["Entrypoint"] == ["docker-entrypoint.sh"]
    assert "NODE_VERSION" in shown["Env"]
    assert shown["Healthcheck"] is None  # No fact says whether it has one.
    base = oci_config(_build("FROM node:18\n").final.final)
    assert (base["Cmd"], "ArgsEscaped" in base) == (["node"], False)
    assert "Cmd" not in oci_config(_build('FROM node:18\nENTRYPOINT ["e"]\n').final.final)


def test_a_known_base_brings_its_volumes() -> None:
    config = _build("FROM gradle:7.6-jdk17\nVOLUME /data /home/gradle/.gradle\n").final.final
    assert config.volumes == ("/home/gradle/.gradle", "/data")


def test_from_sees_an_overridden_platform() -> None:
    given = Given(arguments={"TARGETARCH": "mine"}, platform="linux/amd64")
    assert _build("FROM base:$TARGETARCH-$TARGETOS\n", given).final.reference == "base:mine-linux"


def test_a_large_range_of_ports_costs_nothing_until_it_is_shown() -> None:
    config = _build("FROM scratch\n" + "EXPOSE 0-65535\nEXPOSE 1-65534\n" * 200).final.final
    assert config.exposed == ("0-65535/tcp", "1-65534/tcp")
    assert len(oci_config(config)["ExposedPorts"]) == 65536
