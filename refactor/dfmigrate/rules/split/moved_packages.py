"""Packages of an ended release, which its images look for where they no longer are."""

from __future__ import annotations

from collections.abc import Sequence

from dfmigrate.knowledge.archives import Archive
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.model import StageModel
from dfmigrate.model.package_sources import installs, own_sources


def runtime_archive(stage: StageModel, runtime: ImageFacts) -> Archive | None:
    """Where the runtime must look for them, unless the file installs some as it is."""
    return None if installs(stage) else runtime.archive


def remarks(stage: StageModel, base: ImageFacts, runtime: ImageFacts, added: Sequence[str]) -> tuple[str, ...]:
    """What to say of the packages that the runtime gets beyond the file's own, and of those that no server has."""
    if added and runtime_archive(stage, runtime) is not None:
        return (f"from the archive of {runtime.release}, which gets no more updates: {', '.join(sorted(added))}",)
    if not base.archived or not installs(stage) or own_sources(stage):
        return ()
    way = f"; `RUN {base.archive.command}` ahead of it leads to their archive" if base.archive is not None else ""
    text = f"the packages of {base.reference} have left their server, so the original no longer builds, nor does this"
    return (f"{text}{way}",)
