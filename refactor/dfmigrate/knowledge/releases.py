"""Runtime packages of a tag whose release may still change: only names that every such release has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packages import runtime_packages
from dfmigrate.knowledge.packs import read_pack


def stable_runtime_packages(base: ImageFacts, package: str) -> tuple[str, ...] | None:
    """The runtime packages of a -dev package in this image; None when unknown, or not the same in all its releases.

    ``libpq-dev`` needs ``libpq5`` everywhere; ``libcurl4-openssl-dev`` needs ``libcurl4`` on bookworm and
    ``libcurl4t64``
    on trixie, so that on a floating tag neither name would do. A compiler of Alpine needs its own libraries.
    """
    facts: Mapping[str, Any] = read_pack("packages/stable.toml").get(base.distribution or "", {})
    compiler = facts.get("compilers", {}).get(package)
    if compiler is not None:
        return tuple(compiler)
    current = facts.get("current", ())
    releases = current if base.floating and base.release in current else (base.release,)
    found = {runtime_packages(base.distribution, release, package) for release in releases}
    only = found.pop() if len(found) == 1 else None
    return None if only is None else tuple(name for name in only if name not in facts.get("present", ()))
