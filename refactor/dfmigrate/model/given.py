"""What a build is given beside its Dockerfile and its context: arguments, and the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dfmigrate_grammar import Dockerfile

from .expansion import expanded

_PARTS = ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")


@dataclass(frozen=True, slots=True)
class Given:
    """What one build is given."""

    arguments: Mapping[str, str] | None = None
    """All of ``--build-arg``; None: not known, but no default is overridden."""
    platform: str | None = None
    """The platform that builds and is built for, as ``linux/amd64``; None when it is not known."""


UNKNOWN = Given()


def global_arguments(dockerfile: Dockerfile, given: Given) -> dict[str, str | None]:
    """What FROM sees, and a stage's ARG without a default takes: None where only the build knows."""
    values = _predefined(dockerfile, given)
    told = given.arguments
    values.update((name, told[name]) for name in values if told is not None and name in told)
    for instruction in dockerfile.global_args:
        for pair in instruction.pairs:
            if told is not None and pair.name in told:
                values[pair.name] = told[pair.name]
            elif pair.value is not None:
                values[pair.name] = expanded(pair.value, values, dockerfile.escape)
            elif told is None:
                values.setdefault(pair.name, None)
    return values


def _predefined(dockerfile: Dockerfile, given: Given) -> dict[str, str | None]:
    """The arguments that the builder sets itself, without the proxies', which no instruction but RUN sees."""
    named = dockerfile.stages[-1].name if dockerfile.stages else None
    stage = None if given.arguments is None else named or "default"
    values: dict[str, str | None] = {"TARGETSTAGE": stage}
    for part, value in zip(_PARTS, _platform(given.platform), strict=True):
        values[f"BUILD{part}"] = values[f"TARGET{part}"] = value
    return values


def _platform(platform: str | None) -> tuple[str | None, ...]:
    if platform is None:
        return (None,) * len(_PARTS)
    system, architecture, variant = (*platform.split("/"), "", "")[:3]
    return (platform, system, "", architecture, variant)
