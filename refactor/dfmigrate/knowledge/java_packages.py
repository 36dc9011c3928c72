"""System packages that bring Java: read from ``java.toml``."""

from __future__ import annotations

import functools
import re

from dfmigrate.knowledge.packs import read_pack

_JDK_PACKAGE = re.compile(r"(?:openjdk-\d+|default|java-\S+)-(?:jdk|devel)(?:-headless)?|openjdk\d+(?:-jdk)?")


@functools.cache
def _packages(distribution: str) -> dict[str, str]:
    """Package of a JDK -> that of the JRE which it depends on, every version spelled out."""
    table = read_pack("java.toml")["packages"]
    family = "debian" if distribution == "ubuntu" else distribution
    return {
        jdk.replace("{n}", str(n)): jre.replace("{n}", str(n))
        for jdk, jre in table.get(family, {}).items()
        for n in table["versions"]
    }


def jre_package(distribution: str, package: str) -> str | None:
    """Return the JRE's package for one that brings a JDK; None for any other."""
    return _packages(distribution).get(package)


def java_packages(distribution: str, program: str) -> frozenset[str]:
    """Return every package that brings one of Java's own programs."""
    table, packages = read_pack("java.toml")["packages"], _packages(distribution)
    if program in table["jre_programs"]:
        return frozenset((*packages, *packages.values()))
    return frozenset(packages) if program in table["jdk_programs"] else frozenset()


def brings_default_java(package: str) -> bool:
    """Tell whether a package of Debian depends on the distribution's default Java."""
    return package in read_pack("java.toml")["default"]["brought_by"]


def default_java(distribution: str | None, release: str | None) -> int | None:
    """Return the version of the distribution's default Java; None when it is not known."""
    found: int | None = read_pack("java.toml")["default"].get(distribution or "", {}).get(release)
    return found


def is_jdk_package(package: str) -> bool:
    """Tell whether a system package brings the Java compiler."""
    return _JDK_PACKAGE.fullmatch(package.partition("=")[0]) is not None
