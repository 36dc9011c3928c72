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


@pytest.mark.parametrize(
    ("label", "distribution", "release", "runtime"),
    [
        ("sbtscala/scala-sbt:eclipse-temurin-21.0.6_7_1.10.11_2.13.16", "ubuntu", None, "21-jre"),
        ("sbtscala/scala-sbt:eclipse-temurin-jammy-17.0.10_7_1.9.9_2.13.13", "ubuntu", "jammy", "17-jre-jammy"),
        ("sbtscala/scala-sbt:eclipse-temurin-focal-11.0.17_8_1.8.0_2.13.10", "ubuntu", "focal", "11-jre-focal"),
        ("sbtscala/scala-sbt:eclipse-temurin-alpine-21.0.2_13_1.9.9_3.4.0", "alpine", None, "21-jre-alpine"),
        ("hseeberger/scala-sbt:8u222_1.3.5_2.13.1", "debian", None, "8-jre"),
        ("hseeberger/scala-sbt:11.0.12_1.5.5_2.13.6", "debian", None, "11-jre"),
        ("hseeberger/scala-sbt:eclipse-temurin-11.0.14.1_1.6.2_2.13.8", "ubuntu", None, "11-jre"),
        ("sbtscala/scala-sbt:openjdk-17.0.2_1.7.2_2.13.9", "debian", None, "17-jre"),
    ],
)
def test_sbt(label: str, distribution: str, release: str | None, runtime: str) -> None:
    facts = known(label)
    assert (facts.distribution, facts.release) == (distribution, release)
    assert facts.runtimes[0].reference == f"eclipse-temurin:{runtime}"


@pytest.mark.parametrize("label", ["8u212_1.2.8_2.12.8", "graalvm-ce-21.2.0-java8_1.5.5_2.13.6", "latest"])
def test_tags_of_sbt_whose_base_or_user_is_not_sure(label: str) -> None:
    assert image(f"hseeberger/scala-sbt:{label}") is None


def test_the_home_of_newer_images_of_sbt() -> None:
    assert "HOME" not in known("sbtscala/scala-sbt:eclipse-temurin-21.0.6_7_1.10.11_2.13.16").environment
    newer = known("sbtscala/scala-sbt:eclipse-temurin-25.0.3_9_1.12.12_3.8.4")
    assert newer.environment["HOME"] == "/home/sbtuser"
    assert "scala" not in newer.tools


@pytest.mark.parametrize(
    ("reference", "runtime"),
    [
        ("adoptopenjdk:11-jdk-hotspot", "adoptopenjdk:11-jre-hotspot"),
        ("adoptopenjdk:8-jdk-hotspot-bionic", "adoptopenjdk:8-jre-hotspot-bionic"),
        ("adoptopenjdk:11-jdk-openj9", "adoptopenjdk:11-jre-openj9"),
        ("adoptopenjdk:11-jre-hotspot", None),
        ("adoptopenjdk", None),
        ("ibm-semeru-runtimes:open-17-jdk-jammy", "ibm-semeru-runtimes:open-17-jre-jammy"),
        ("ibm-semeru-runtimes:open-17-jre", None),
        ("maven:3.6.3-adoptopenjdk-8", "eclipse-temurin:8-jre"),
        ("maven:3.6.3-adoptopenjdk-11-openj9", None),
    ],
)
def test_the_jre_of_the_same_vendor(reference: str, runtime: str | None) -> None:
    found = known(reference).runtimes
    assert (found[0].reference if found else None) == runtime


@pytest.mark.parametrize(
    ("reference", "distribution", "libc", "runtime"),
    [
        ("azul/zulu-openjdk:17-latest", "ubuntu", "glibc", "azul/zulu-openjdk:17-jre-headless-latest"),
        ("azul/zulu-openjdk-alpine:11-latest", "alpine", "musl", "azul/zulu-openjdk-alpine:11-jre-headless-latest"),
        ("azul/zulu-openjdk-debian:17.0.16-17.60", "debian", "glibc", None),
        ("azul/zulu-openjdk:17-jre-latest", "ubuntu", "glibc", None),
        ("mcr.microsoft.com/openjdk/jdk:17-ubuntu", "ubuntu", "glibc", None),
    ],
)
def test_other_vendors(reference: str, distribution: str, libc: str, runtime: str | None) -> None:
    facts = known(reference)
    assert (facts.distribution, facts.libc, facts.floating) == (distribution, libc, True)
    assert (facts.runtimes[0].reference if facts.runtimes else None) == runtime


@pytest.mark.parametrize("reference", ["azul/zulu-openjdk:17", "mcr.microsoft.com/openjdk/jdk:17-distroless"])
def test_tags_of_other_vendors_that_are_not_known(reference: str) -> None:
    assert image(reference) is None
