"""Which line of the migrated Dockerfile is behind a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.model import Build, Kind, Layer, StageModel, Write, is_within
from dfmigrate.model.mounts import mount_targets

_SHARED = ("/etc/", "/home/", "/opt/", "/srv/", "/usr/", "/var/")
"""Folders that applications share with others."""


@dataclass(frozen=True, slots=True)
class Causes:
    """Answers for one migrated Dockerfile; every answer is a line of it, counted from 1."""

    build: Build

    @property
    def base(self) -> int:
        """The FROM of the final stage: what the system has and has not."""
        return self.build.final.line

    def instruction(self, name: str) -> int:
        """The last instruction of a name that the final image has, else its FROM."""
        layer = next((layer for layer in reversed(tuple(self._layers())) if layer.name == name), None)
        return layer.line if layer is not None else self.base

    def variable(self, name: str) -> int:
        for layer in reversed(tuple(self._layers())):
            if layer.name == "ENV" and any(pair.name == name for pair in layer.instruction.pairs):
                return layer.line
        return self.base

    def path(self, path: str) -> int:
        """Who writes the path, or should: the nearest copy into its folder, else the FROM."""
        return self.writer(path) or self._near(path)

    def writer(self, path: str) -> int | None:
        """The line of the final stage that writes the path or the folder around it; None where no line is seen to."""
        covering: list[tuple[int, int]] = []
        for layer in self._layers():
            target = _destination(layer)
            if target is not None and is_within(path, target):
                covering.append((len(target), layer.line))
            covering.extend((len(write.path), layer.line) for write in layer.writes if _covers(write, path))
        return max(covering)[1] if covering else None

    def cache_mount(self, path: str) -> int | None:
        """The RUN, of any stage, that wrote below a mount over this path: what is written there is in no image."""
        for stage in self.build.stages:
            for layer in stage.layers:
                if layer.name == "RUN":
                    for target in mount_targets(layer.instruction, layer.before):
                        if is_within(path, target):
                            return layer.line
        return None

    def copied_from(self) -> dict[int, str]:
        """The lines of the final stage that copy, and the stage, image or context that they copy from."""
        return {
            layer.line: layer.instruction.flag("from") or "build context"
            for layer in self._layers()
            if layer.name in ("COPY", "ADD")
        }

    def _near(self, path: str) -> int:
        """The copy that shares the longest way with the path: at least the folder that the application has."""
        best = 2 if path.startswith(_SHARED) else 1
        line = None
        for layer in self._layers():
            target = _destination(layer)
            if target is None:
                continue
            shared = _shared(path, target)
            if shared > best:
                best, line = shared, layer.line
        return line if line is not None else self.base

    def _layers(self) -> Iterator[Layer]:
        """The layers of the final stage and of the stages that it is built on, oldest first."""
        chain: list[StageModel] = []
        stage: StageModel | None = self.build.final
        while stage is not None:
            chain.append(stage)
            stage = stage.parent
        for each in reversed(chain):
            yield from each.layers


def _covers(write: Write, path: str) -> bool:
    """A tree holds what is below it; an empty folder, such as WORKDIR makes, only itself."""
    return write.path == path or (write.kind is Kind.TREE and is_within(path, write.path))


def _destination(layer: Layer) -> str | None:
    if layer.name not in ("COPY", "ADD"):
        return None
    return layer.before.absolute(layer.instruction.destination)


def _shared(one: str, other: str) -> int:
    """How many folders two paths have in common, the root counted."""
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
