from __future__ import annotations

import pytest

from dfmigrate.knowledge.images import ImageFacts, Runtime, User, image
from dfmigrate.knowledge.packs import read_pack


def known(reference: str) -> ImageFacts:
    facts = image(reference)
    assert facts is not None, reference
    return facts


def best(reference: str) -> Runtime:
    return known(reference).runtimes[0]


@pytest.mark.parametrize(
    ("reference", "distribution", "release", "floating"),
    [
        ("node:18", "debian", "bookworm", False),
        ("node:14", "debian", "buster", False),
        ("node:22", "debian", "bookworm", True),
        ("node:22.1.0", "debian", "bookworm", False),
        ("node", "debian", "trixie", True),
        ("node:18-alpine", "alpine", "3.21", False),
        ("node:8.11.2-slim", "debian", "jessie", False),
        ("golang:1.16.6", "debian", "buster", False),
        ("golang:1.16", "debian", "bullseye", False),
        ("golang:1.20", "debian", "bookworm", False),
        ("golang:1.26", "debian", "trixie", True),
        ("golang:1.26-bookworm", "debian", "bookworm", False),
        ("golang:1.22-alpine3.20", "alpine", "3.20", False),
        ("python:3.11", "debian", "trixie", True),
        ("python:3.9.5", "debian", "buster", False),
        ("rust:1.80", "debian", "bookworm", False),
        ("php:7.4-fpm-alpine", "alpine", "3.16", False),
        ("debian:12", "debian", "bookworm", False),
        ("debian:stable-slim", "debian", "trixie", True),
        ("ubuntu:22.04", "ubuntu", "jammy", False),
        ("ubuntu:latest", "ubuntu", "resolute", True),
        ("alpine:3.20.1", "alpine", "3.20", False),
        ("eclipse-temurin:17-jdk-jammy", "ubuntu", "jammy", False),
        ("openjdk:17", "oraclelinux", "8", False),
        ("mcr.microsoft.com/dotnet/sdk:8.0", "debian", "bookworm", False),
        ("mcr.microsoft.com/dotnet/sdk:10.0", "ubuntu", "noble", False),
        ("gcr.io/distroless/base-debian12", "debian", "bookworm", False),
    ],
)
def test_the_release_behind_a_tag(reference: str, distribution: str, release: str | None, floating: bool) -> None:
    facts = known(reference)
    assert (facts.distribution, facts.release, facts.floating) == (distribution, release, floating)


@pytest.mark.parametrize(
    ("reference", "runtime", "rung"),
    [
        ("node:18", "node:18-slim", "T2"),
        ("node:18-bookworm", "node:18-bookworm-slim", "T2"),
        ("node:lts", "node:lts-slim", "T2"),
        ("node", "node:slim", "T2"),
        ("docker.io/library/node:18", "docker.io/library/node:18-slim", "T2"),
        ("python:3.11", "python:3.11-slim", "T2"),
        ("python:3.11-bullseye", "python:3.11-slim-bullseye", "T2"),
        ("ruby:3.2", "ruby:3.2-slim", "T2"),
        ("golang:1.20", "debian:bookworm-slim", "T3"),
        ("golang:1.22-alpine3.20", "alpine:3.20", "T3"),
        ("rust:1.80-bookworm", "debian:bookworm-slim", "T3"),
        ("gcc:12", "debian:bookworm-slim", "T3"),
        ("debian:bookworm", "debian:bookworm-slim", "T2"),
        ("maven:3.8-openjdk-11", "eclipse-temurin:11-jre", "T3"),
        ("maven:3.9-eclipse-temurin-17-alpine", "eclipse-temurin:17-jre-alpine", "T3"),
        ("maven:3.8.4", "eclipse-temurin:17-jre", "T3"),
        ("gradle:7.6-jdk17", "eclipse-temurin:17-jre", "T3"),
        ("openjdk:11", "eclipse-temurin:11-jre", "T3"),
        ("openjdk:8-jdk-alpine", "eclipse-temurin:8-jre-alpine", "T3"),
        ("eclipse-temurin:11-jdk", "eclipse-temurin:11-jre", "T2"),
        ("mcr.microsoft.com/dotnet/sdk:8.0", "mcr.microsoft.com/dotnet/aspnet:8.0", "T3"),
        ("mcr.microsoft.com/dotnet/sdk:8.0.404", "mcr.microsoft.com/dotnet/aspnet:8.0", "T3"),
        ("mcr.microsoft.com/dotnet/core/sdk:3.1-buster", "mcr.microsoft.com/dotnet/core/aspnet:3.1-buster-slim", "T3"),
    ],
)
def test_the_best_runtime(reference: str, runtime: str, rung: str) -> None:
    assert (best(reference).reference, best(reference).rung) == (runtime, rung)


@pytest.mark.parametrize(
    "reference",
    [
        "node:18-slim",
        "node:18-alpine",
        "php:8.2-apache",
        "maven:3.9",
        "ubuntu:22.04",
        "node:18@sha256:0123",
        "node:10-wheezy",
    ],
)
def test_no_runtime_is_better_than_a_guess(reference: str) -> None:
    assert known(reference).runtimes == ()


def test_a_moving_builder_is_pinned_to_the_release_of_its_runtime() -> None:
    assert best("golang:1.26").pins == "golang:1.26-trixie"
    assert best("golang:1.26-alpine").pins == "golang:1.26-alpine3.24"
    assert best("golang:1.20").pins is None
    assert best("node:22").pins is None


def test_dotnet_runtimes_say_for_which_projects_they_are() -> None:
    runtimes = known("mcr.microsoft.com/dotnet/sdk:8.0").runtimes
    assert {runtime.condition: runtime.reference.split("/")[-1] for runtime in runtimes} == {
        "Microsoft.NET.Sdk.Web": "aspnet:8.0",
        "Microsoft.NET.Sdk": "runtime:8.0",
        "self-contained": "runtime-deps:8.0",
    }


@pytest.mark.parametrize(
    "reference",
    ["node:99", "golang:1.99", "node:nightly", "golang:1.21rc2", "acme/app:1", "${BASE}", "node@sha256:0123"],
)
def test_what_is_not_known_is_none(reference: str) -> None:
    assert image(reference) is None


def test_the_version_can_become_an_argument() -> None:
    facts = known("docker.io/library/node:18-slim")
    assert facts.version_span is not None
    start, end = facts.version_span
    assert facts.reference[start:end] == facts.version == "18"
    assert facts.version_argument == "NODE_VERSION"
    assert known("maven:3.8.6-openjdk-11").version == "11"


@pytest.mark.parametrize("port", ["registry.local:5000/node:18"])
def test_a_registry_of_ones_own_is_another_image(port: str) -> None:
    assert image(port) is None


def test_the_environment_of_images() -> None:
    assert known("golang:1.20").environment["GOPATH"] == "/go"
    assert known("python:3.11").environment["LANG"] == "C.UTF-8"
    assert "LANG" not in known("python:3.13").environment
    assert known("node:18").environment["NODE_VERSION"] is None
    assert known("eclipse-temurin:11-jre").environment["JAVA_HOME"] == "/opt/java/openjdk"
    assert known("openjdk:11").environment["JAVA_HOME"] == "/usr/local/openjdk-11"


def test_dotnet_listens_elsewhere_from_version_8_on() -> None:
    prefix = "mcr.microsoft.com/dotnet"
    assert known(f"{prefix}/sdk:6.0").environment["ASPNETCORE_URLS"] == ""
    assert known(f"{prefix}/aspnet:6.0").environment["ASPNETCORE_URLS"] == "http://+:80"
    for name in ("sdk", "aspnet"):
        assert known(f"{prefix}/{name}:8.0").environment["ASPNETCORE_HTTP_PORTS"] == "8080"
    assert User("app", 1654, 1654, "/home/app") in known(f"{prefix}/aspnet:8.0").users
    assert known(f"{prefix}/aspnet:6.0").users == ()


def test_how_images_start() -> None:
    node = known("node:18-slim")
    assert (node.entrypoint, node.command, node.passthrough) == (("docker-entrypoint.sh",), ("node",), True)
    assert known("golang:1.20").entrypoint == ()
    assert known("eclipse-temurin:17-jre").entrypoint == ("/__cacert_entrypoint.sh",)
    assert not known("composer:2").passthrough
    apache = known("php:8.2-apache")
    assert (apache.workdir, apache.exposed, apache.stop_signal) == ("/var/www/html", ("80/tcp",), "SIGWINCH")
    assert apache.root_required


def test_users() -> None:
    assert known("node:18-slim").users == (User("node", 1000, 1000, "/home/node"),)
    assert known("ubuntu:24.04").users == (User("ubuntu", 1000, 1000, "/home/ubuntu"),)
    assert known("ubuntu:22.04").users == ()
    assert known("gcr.io/distroless/static:nonroot").user == "65532"
    assert known("nginxinc/nginx-unprivileged:1.25").user == "101"


def test_tools_and_toolchains() -> None:
    assert {"git", "curl", "gcc"} <= known("node:18").tools
    assert known("node:18").toolchain
    assert known("node:18-slim").tools.isdisjoint({"git", "curl", "gcc"})
    assert not known("node:18-slim").toolchain
    assert "corepack" in known("node:22").tools
    assert "corepack" not in known("node:26").tools


def test_end_of_life_and_removal() -> None:
    assert known("openjdk:11-jre-slim").removed
    assert not known("openjdk:11.0.16-jre-slim").removed
    assert known("node:16").end_of_life
    assert not known("node:22.1.0").end_of_life
    assert known("golang:1.13").archived
    assert not known("golang:1.20").archived


def test_images_without_a_shell() -> None:
    assert not known("gcr.io/distroless/static-debian12").shell
    assert not known("scratch").shell
    assert known("gcr.io/distroless/static-debian12").libc is None
    assert known("alpine:3.20").libc == "musl"


@pytest.mark.parametrize(
    ("reference", "distribution", "release", "floating", "libc", "package_manager"),
    [
        ("centos:7", "centos", "7", False, "glibc", "yum"),
        ("centos:7.6.1810", "centos", "7", False, "glibc", "yum"),
        ("centos:centos6", "centos", "6", False, "glibc", "yum"),
        ("centos", "centos", "8", False, "glibc", "yum"),
        ("fedora:28", "fedora", "28", False, "glibc", "dnf"),
        ("fedora:21", "fedora", "21", False, "glibc", "yum"),
        ("fedora:rawhide", "fedora", "rawhide", True, "glibc", "dnf"),
        ("amazonlinux:2", "amazonlinux", "2", False, "glibc", "yum"),
        ("amazonlinux:2018.03", "amazonlinux", "1", False, "glibc", "yum"),
        ("amazonlinux", "amazonlinux", "2023", True, "glibc", "dnf"),
        ("oraclelinux:7-slim", "oraclelinux", "7", False, "glibc", "yum"),
        ("oraclelinux:8-slim", "oraclelinux", "8", False, "glibc", "microdnf"),
        ("oraclelinux:8", "oraclelinux", "8", False, "glibc", "dnf"),
        ("rockylinux:9-minimal", "rockylinux", "9", False, "glibc", "microdnf"),
        ("almalinux:8.5", "almalinux", "8", False, "glibc", "dnf"),
        ("registry.access.redhat.com/ubi8/ubi-minimal:8.4", "rhel", "8", False, "glibc", "microdnf"),
        ("registry.access.redhat.com/ubi9", "rhel", "9", False, "glibc", "dnf"),
        ("photon:3.0", "photon", "3.0", False, "glibc", "tdnf"),
        ("opensuse:leap", "opensuse", "42.3", False, "glibc", "zypper"),
        ("archlinux", "archlinux", None, True, "glibc", "pacman"),
        ("clearlinux:latest", "clearlinux", None, True, "glibc", "swupd"),
        ("busybox:1.31", "busybox", "1.31", False, "uclibc", None),
        ("busybox:1.36-musl", "busybox", "1.36", False, "musl", None),
        ("debian:sid", "debian", "sid", True, "glibc", "apt"),
        ("debian:testing-slim", "debian", "testing", True, "glibc", "apt"),
        ("debian:buster-20200101-slim", "debian", "buster", False, "glibc", "apt"),
        ("alpine:edge", "alpine", "edge", True, "musl", "apk"),
        ("ubuntu:15.10", "ubuntu", "wily", False, "glibc", "apt"),
        ("ubuntu:groovy", "ubuntu", "groovy", False, "glibc", "apt"),
        ("ubuntu-debootstrap:14.04", "ubuntu", "trusty", False, "glibc", "apt"),
        ("node:0.12", "debian", "jessie", False, "glibc", "apt"),
        ("node:6-alpine", "alpine", "3.9", False, "musl", "apk"),
        ("node:onbuild", "debian", "jessie", False, "glibc", "apt"),
        ("python:2.7.7", "debian", "jessie", False, "glibc", "apt"),
        ("golang:1.9-alpine", "alpine", "3.8", False, "musl", "apk"),
        ("java:8-alpine", "alpine", "3.4", False, "musl", "apk"),
        ("java:8", "debian", "jessie", False, "glibc", "apt"),
        ("openjdk:8-jre-alpine", "alpine", "3.9", False, "musl", "apk"),
        ("openjdk:10-jre-slim", "debian", "sid", False, "glibc", "apt"),
        ("openjdk:14", "oraclelinux", "8", False, "glibc", "microdnf"),
        ("maven:3.3.9-jdk-8", "debian", "jessie", False, "glibc", "apt"),
        ("maven:3.5-alpine", "alpine", "3.8", False, "musl", "apk"),
        ("gradle:4.10-jre8", "debian", "stretch", False, "glibc", "apt"),
        ("tomcat:8.5-jre8", "ubuntu", "jammy", False, "glibc", "apt"),
        ("postgres:9.6", "debian", "stretch", False, "glibc", "apt"),
        ("postgres:9.6-alpine", "alpine", "3.15", False, "musl", "apk"),
        ("mysql:5.7", "oraclelinux", "7", False, "glibc", "yum"),
        ("mongo:3.4", "ubuntu", "xenial", False, "glibc", "apt"),
        ("redis:3.2", "debian", "stretch", False, "glibc", "apt"),
        ("jenkins:2.60.3", "debian", "stretch", False, "glibc", "apt"),
        ("rails:4.2", "debian", "jessie", False, "glibc", "apt"),
        ("iojs:3", "debian", "jessie", False, "glibc", "apt"),
        ("elixir:1.9", "debian", "buster", False, "glibc", "apt"),
        ("swift:5.1", "ubuntu", "bionic", False, "glibc", "apt"),
        ("r-base:3.4.0", "debian", "testing", False, "glibc", "apt"),
        ("amazoncorretto:17", "amazonlinux", "2023", True, "glibc", "dnf"),
        ("docker:18.09", "alpine", "3.10", False, "musl", "apk"),
        ("wordpress:4.7.0", "debian", "jessie", False, "glibc", "apt"),
        ("traefik:1.7.34", "none", None, False, None, None),
        ("gcc:8", "debian", "buster", False, "glibc", "apt"),
        ("phusion/baseimage:0.9.19", "ubuntu", "xenial", False, "glibc", "apt"),
        ("phusion/baseimage:0.11", "ubuntu", "bionic", False, "glibc", "apt"),
        ("microsoft/dotnet:2.1-sdk", "debian", "stretch", False, "glibc", "apt"),
        ("denoland/deno:alpine-1.40.0", "alpine", None, False, "musl", "apk"),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "debian", "bookworm", False, "glibc", "apt"),
        ("ghcr.io/astral-sh/uv:0.6.16", "none", None, True, None, None),
        ("continuumio/miniconda3", "debian", None, True, "glibc", "apt"),
        ("hexpm/elixir:1.15.4-erlang-26.0.2-alpine-3.18.2", "alpine", "3.18", False, "musl", "apk"),
        ("mcr.microsoft.com/playwright:v1.40.0-jammy", "ubuntu", "jammy", False, "glibc", "apt"),
        ("public.ecr.aws/lambda/python:3.12", "amazonlinux", None, True, "glibc", None),
    ],
)
def test_the_system_of_an_image(
    reference: str,
    distribution: str,
    release: str | None,
    floating: bool,
    libc: str | None,
    package_manager: str | None,
) -> None:
    facts = known(reference)
    found = (facts.distribution, facts.release, facts.floating, facts.libc, facts.package_manager)
    assert found == (distribution, release, floating, libc, package_manager)


@pytest.mark.parametrize(
    ("reference", "runtime"),
    [
        ("elixir:1.14", "elixir:1.14-slim"),
        ("erlang:25", "erlang:25-slim"),
        ("swift:5.9-jammy", "swift:5.9-jammy-slim"),
        ("perl:5.36-bookworm", "perl:5.36-slim-bookworm"),
        ("ruby:2.5-stretch", "ruby:2.5-slim-stretch"),
        ("java:8", "eclipse-temurin:8-jre"),
        ("rust:1.40-buster", "debian:buster-slim"),
    ],
)
def test_more_runtimes(reference: str, runtime: str) -> None:
    assert best(reference).reference == runtime


def test_a_slim_image_that_never_was_is_no_runtime() -> None:
    assert known("node:10.13-stretch").runtimes == ()
    assert known("node:10.16-stretch").runtimes != ()


def test_a_recorded_configuration_is_that_of_its_day() -> None:
    assert known("node:8.9.4").entrypoint == ()
    assert known("node:10.16.0").entrypoint == ("docker-entrypoint.sh",)
    postgres = known("postgres:9.6")
    assert (postgres.command, postgres.stop_signal) == (("postgres",), "SIGINT")
    assert postgres.volumes == ("/var/lib/postgresql/data",)
    assert postgres.environment["PGDATA"] == "/var/lib/postgresql/data"
    assert postgres.environment["PG_VERSION"] is None
    assert known("jenkins:2.60.3").user == "jenkins"
    assert known("rails:onbuild").onbuild


def test_tools_of_old_images() -> None:
    assert "jshell" not in known("openjdk:8").tools
    assert "jshell" in known("openjdk:11").tools
    assert "python3" not in known("golang:1.11-stretch").tools
    assert "pip3" not in known("python:2.7").tools
    assert "npx" not in known("node:6").tools
    assert "npx" in known("node:10").tools
    assert known("node:6.3").users == ()
    assert "git" not in known("maven:3.6-jdk-8-slim").tools


def test_a_tag_that_could_not_be_read_is_not_taken_for_its_neighbour() -> None:
    assert known("elasticsearch:5.0").release == "jessie"
    assert image("elasticsearch:6.5.4") is None


def test_a_version_beyond_the_newest_is_known_only_while_its_series_is_built() -> None:
    assert image("postgres:99") is None
    assert known("python:3.13.99").floating


@pytest.mark.parametrize("label", ["", " ", "\n{}", "{}", "a b", "x'", "@", "+"])
def test_a_label_that_is_none_is_not_known(label: str) -> None:
    assert image(f"redis:{label}") is None


@pytest.mark.parametrize("repository", read_pack("images/index.toml")["repositories"])
def test_every_repository_can_be_asked(repository: str) -> None:
    for tag in ("latest", "1.8", "3", "alpine"):
        image(f"{repository}:{tag}")


@pytest.mark.parametrize(
    ("tag", "release", "slim"),
    [
        ("", "3.13", "mhart/alpine-node:slim"),
        (":12", "3.9", "mhart/alpine-node:slim-12"),
        (":14.17.3", "3.11", "mhart/alpine-node:slim-14.17.3"),
        # Not every version of that series has a slim one, nor is its Alpine the same below all tags of the others.
        (":10", "3.7", None),
        (":7", None, None),
    ],
)
def test_node_on_alpine_from_before_the_official_image(tag: str, release: str | None, slim: str | None) -> None:
    facts = known(f"mhart/alpine-node{tag}")
    assert (facts.family, facts.distribution, facts.release, facts.floating) == ("node", "alpine", release, False)
    assert [option.reference for option in facts.runtimes] == ([slim] if slim is not None else [])
    if slim is not None:
        assert known(slim).tools == {"node"} and known(slim).release == release
    assert image("mhart/alpine-node:18") is None
