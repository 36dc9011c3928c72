"""Images of Java beside the official ones."""

from __future__ import annotations

import pytest

from dfmigrate.knowledge.images import ImageFacts, image


def known(reference: str) -> ImageFacts:
    facts = image(reference)
    assert facts is not None
    return facts


@pytest.mark.parametrize(
    ("reference", "distribution", "release", "runtime"),
    [
        ("adoptopenjdk/openjdk11:x86_64-alpine-jre-11.0.3_7", "alpine", None, None),
        ("adoptopenjdk/openjdk11:x86_64-ubuntu-jdk-11.0.3_7", "ubuntu", "bionic", None),
        ("adoptopenjdk/openjdk11:jdk-11.0.4_11-alpine-slim", "alpine", "3.10", "openjdk11:jre-11.0.4_11-alpine"),
        ("adoptopenjdk/openjdk11:jdk-11.0.9.1_1", "ubuntu", "focal", "openjdk11:jre-11.0.9.1_1"),
        ("adoptopenjdk/openjdk8:jdk8u212-b03-alpine", "alpine", "3.9", "openjdk8:jre8u212-b03-alpine"),
        ("adoptopenjdk/openjdk8:jdk8u202-b08-alpine", "alpine", None, None),
        ("adoptopenjdk/openjdk8:alpine-slim", "alpine", None, "openjdk8:alpine-jre"),
        ("adoptopenjdk/openjdk14", "ubuntu", None, "openjdk14:jre"),
        ("adoptopenjdk/openjdk11:debian-slim", "debian", None, None),
        (
            "adoptopenjdk/openjdk8-openj9:jdk8u222-b10_openj9-0.15.1-alpine-slim",
            "alpine",
            "3.10",
            "openjdk8-openj9:jre8u222-b10_openj9-0.15.1-alpine",
        ),
    ],
)
def test_adoptopenjdk(reference: str, distribution: str, release: str | None, runtime: str | None) -> None:
    facts = known(reference)
    assert (facts.distribution, facts.release) == (distribution, release)
    found = facts.runtimes[0].reference.removeprefix("adoptopenjdk/") if facts.runtimes else None
    assert found == runtime
    assert ("javac" in facts.tools) == ("jre" not in reference) == facts.toolchain


def test_a_variable_that_changed_is_not_known() -> None:
    assert "JAVA_TOOL_OPTIONS" not in known("adoptopenjdk/openjdk11:jdk-11.0.4_11").environment
    assert known("adoptopenjdk/openjdk11:jdk-11.0.2_9").environment["JAVA_TOOL_OPTIONS"] is None
    assert known("adoptopenjdk/openjdk11-openj9:alpine").environment["JAVA_TOOL_OPTIONS"] is None


@pytest.mark.parametrize("label", ["nightly", "jdk-11.0.3_7-ubi", "windows", "x86_64-centos-jdk-11.0.5_10"])
def test_other_tags_stay_unknown(label: str) -> None:
    assert image(f"adoptopenjdk/openjdk11:{label}") is None
