"""Whether what a Dockerfile compiles reads the image's own certificate authorities."""

from __future__ import annotations

from dfmigrate.context.go import go_project
from dfmigrate.knowledge.certificates import compiles_without_certificates, go_packages, has_certificates

from .interpret import Build


def reads_bundle(build: Build) -> bool:
    """True where the base image brings the bundle and the program may speak TLS by it.

    Node, Java and Python's TLS bring or install certificates of their own.
    """
    base = build.final.base
    if base is None or not has_certificates(base):
        return False
    if base.family != "golang":
        return compiles_without_certificates(base.family)
    go = go_project(build.context) if build.context is not None else None
    return go is None or bool(go.requires) or not go_packages().isdisjoint(go.everything.imports)
