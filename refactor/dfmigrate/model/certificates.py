"""Whether what a Dockerfile compiles reads the image's own certificate authorities."""

from __future__ import annotations

import posixpath
import re

from dfmigrate.context import Context
from dfmigrate.context.cargo import cargo_project
from dfmigrate.context.go import go_project
from dfmigrate.knowledge.certificates import compiles_without_certificates, go_packages, has_certificates

from .c_libraries import unknown_c_libraries
from .called import By, called_programs
from .interpret import Build
from .mentions import naming_texts
from .providers import providers

_CERTIFICATES = re.compile(r"/etc/ssl|ca-cert|cacert|\bcert(?:ificate)?s?\b|\bTLS\b|https://", re.IGNORECASE)


def reads_bundle(build: Build) -> bool:
    """True where the base image brings the bundle and the program may speak TLS by it.

    Node, Java and Python's TLS bring or install certificates of their own.
    """
    base = build.final.base
    if base is None or not has_certificates(base):
        return False
    if base.family != "golang":
        return compiles_without_certificates(base.family) and not _is_plain(build)
    go = go_project(build.context) if build.context is not None else None
    return go is None or bool(go.requires) or not go_packages().isdisjoint(go.everything.imports)


def _is_plain(build: Build) -> bool:
    """C that is linked with nothing but its own library, or Rust without crates, that calls no other program and names
    no certificate: neither language has TLS of its own."""
    context, base = build.context, build.final.base
    if context is None or not context.complete or base is None or base.family not in ("gcc", "rust"):
        return False
    if base.family == "gcc" and unknown_c_libraries(build) is not None:
        return False
    if base.family == "rust" and not _has_no_crates(context):
        return False
    if not all(call.by is By.PROCESS and _is_own(call.program, build) for call in called_programs(build)):
        return False
    texts = naming_texts(context)
    return texts is not None and not any(_CERTIFICATES.search(text) for _, text in texts)


def _is_own(program: str | None, build: Build) -> bool:
    found = providers(program, build.final) if program is not None else frozenset()
    return bool(found) and all(one.startswith("run:") for one in found)


def _has_no_crates(context: Context) -> bool:
    folders = [posixpath.dirname(path) for path in context.files if posixpath.basename(path) == "Cargo.toml"]
    projects = [cargo_project(context, folder) for folder in folders]
    return bool(projects) and all(one is not None and not one.dependencies for one in projects)
