"""Packages of an ended release, which its images look for where they no longer are."""

from __future__ import annotations

from dfmigrate.knowledge.archives import Archive
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.model import StageModel
from dfmigrate.model.package_sources import before_fetching, installs


def runtime_archive(stage: StageModel, runtime: ImageFacts) -> Archive | None:
    """Where the runtime must look for them, unless the file installs some as it is."""
    return None if installs(stage) else runtime.archive


def broken_original(stage: StageModel, base: ImageFacts) -> tuple[str, ...]:
    """What to say where the file itself asks a server that has none of them."""
    if not base.archived or not installs(stage) or before_fetching(stage):
        return ()
    way = f"; `RUN {base.archive.command}` ahead of it leads to their archive" if base.archive is not None else ""
    text = f"the packages of {base.reference} have left their server, so the original no longer builds, nor does this"
    return (f"{text}{way}",)
