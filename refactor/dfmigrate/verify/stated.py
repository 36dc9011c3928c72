"""What a Dockerfile that somebody wrote states of its image itself: where it differs there, it differs on purpose."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.model import Build, Layer, StageModel

_FIELDS = {
    "CMD": "command:Cmd",
    "ENTRYPOINT": "command:Entrypoint",
    "EXPOSE": "exposed:new",
    "HEALTHCHECK": "healthcheck",
    "ONBUILD": "onbuild",
    "SHELL": "shell",
    "STOPSIGNAL": "stop signal",
    "USER": "user",
    "VOLUME": "volumes:new",
    "WORKDIR": "workdir",
}
_PAIRS = {"ENV": "env", "LABEL": "labels"}


def stated(build: Build) -> frozenset[str]:
    """The fields, as a migration declares them, that instructions of the final image's own stages set.

    What is lost with the old base image or forgotten is stated by nothing. A port or volume that is stated is new, and
    says nothing of those that are gone.
    """
    return frozenset(name for layer in _layers(build.final) for name in _fields(layer))


def _layers(stage: StageModel | None) -> Iterator[Layer]:
    while stage is not None:
        yield from stage.layers
        stage = stage.parent


def _fields(layer: Layer) -> Iterator[str]:
    field = _FIELDS.get(layer.name)
    if field is not None:
        yield field
    group = _PAIRS.get(layer.name)
    if group is not None:
        for pair in layer.instruction.pairs:
            name = pair.name.strip("\"'")
            yield f"{group}:{name}"
