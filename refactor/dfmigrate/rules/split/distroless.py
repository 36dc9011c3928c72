"""The highest rung: an image without a shell or a C library, for programs that are shown to need neither."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.model import Build
from dfmigrate.model.starts import needs_shell
from dfmigrate.model.static import is_static

STATIC = "gcr.io/distroless/static-debian12:nonroot"
"""Certificates, time zones, a user and ``/tmp``, and nothing else (GoogleContainerTools/distroless:base/README.md)."""


def static_runtime(build: Build) -> ImageFacts | None:
    """The image for a static program that is started directly; None for everything else."""
    config = build.final.final
    if not config.is_root or needs_shell(config, build.context) or config.healthcheck is not None:
        return None
    return build.settings.images.image(STATIC) if is_static(build) else None
