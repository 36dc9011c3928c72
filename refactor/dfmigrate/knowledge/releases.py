"""Runtime packages of a tag whose release may still change: only names that every such release has."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packages import runtime_packages

_CURRENT = ("bookworm", "trixie")
"""The Debian releases that floating tags of official images lie on: the last one and the one before."""

_IN_EVERY_IMAGE = frozenset({"libc6", "libgcc-s1", "libstdc++6", "zlib1g"})
"""Packages that apt and dpkg themselves depend on (packages.debian.org: apt, dpkg), so that every image with apt has
them."""

_ALPINE_COMPILERS = {"gcc": ("libgcc",), "g++": ("libstdc++",), "build-base": ("libstdc++",)}
"""Alpine's base has neither library; what a compiler made may be linked against them (pkgs.alpinelinux.org: gcc,
g++)."""


def stable_runtime_packages(base: ImageFacts, package: str) -> tuple[str, ...] | None:
    """The runtime packages of a -dev package in this image; None when unknown, or not the same in all its releases.

    ``libpq-dev`` needs ``libpq5`` everywhere; ``libcurl4-openssl-dev`` needs ``libcurl4`` on bookworm and
    ``libcurl4t64``
    on trixie, so that on a floating tag neither name would do.
    """
    if base.distribution == "alpine" and package in _ALPINE_COMPILERS:
        return _ALPINE_COMPILERS[package]
    releases = _CURRENT if base.floating and base.release in _CURRENT else (base.release,)
    found = {runtime_packages(base.distribution, release, package) for release in releases}
    only = found.pop() if len(found) == 1 else None
    return None if only is None else tuple(name for name in only if name not in _IN_EVERY_IMAGE)
