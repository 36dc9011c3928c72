"""What starts the image from outside of the Dockerfile: compose services, the files of hosting platforms, and
Kubernetes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from dfmigrate.context.build_context import Context
from dfmigrate.context.compose import ComposeService, services_of
from dfmigrate.context.kubernetes import kubernetes_starts
from dfmigrate.context.outside_start import OutsideStart, Words, split_words
from dfmigrate.context.pipeline_runs import pipeline_runs
from dfmigrate.context.platform_starts import platform_starts
from dfmigrate.context.remembered import remembered
from dfmigrate.context.yaml_subset import UNKNOWN, Unknown

_MOST_BESIDE = 50
"""Files beside each other that name the same service; what more of them come to is not known."""


@remembered
def outside_starts(context: Context) -> tuple[OutsideStart, ...]:
    """Every start with a command, entry point or working directory of its own, of the image that this Dockerfile
    builds."""
    composed = (_of_service(service) for service in _composed_services(context))
    hooks = (_of_hook(service, hook) for service in services_of(context) for hook in service.hooks)
    return (*composed, *hooks, *pipeline_runs(context), *platform_starts(context), *kubernetes_starts(context))


def _composed_services(context: Context) -> Iterator[ComposeService]:
    """Each service that says how it is started, by itself and with what its namesakes in files beside it add: which of
    the files are used together is not known."""
    named: dict[tuple[str, str], list[ComposeService]] = {}
    for service in services_of(context):
        if any(value is not None for value in (service.command, service.entrypoint, service.working_folder)):
            named.setdefault((posixpath.dirname(service.path), service.name), []).append(service)
    for beside in named.values():
        if len(beside) > _MOST_BESIDE:
            yield replace(beside[0], command=UNKNOWN)
            continue
        for service in beside:
            merged = (_over(service, other) for other in beside)
            # One that adds nothing leaves the service itself, which comes first.
            yield from dict.fromkeys((service, *merged))


def _over(service: ComposeService, other: ComposeService) -> ComposeService:
    """What the other file says of the start, where this one says nothing."""
    return replace(
        service,
        command=other.command if service.command is None else service.command,
        entrypoint=other.entrypoint if service.entrypoint is None else service.entrypoint,
        working_folder=other.working_folder if service.working_folder is None else service.working_folder,
    )


def _of_service(service: ComposeService) -> OutsideStart:
    name = f"the compose service `{service.name}`"
    unknown = None
    if service.dockerfile is UNKNOWN:
        unknown = "which Dockerfile it builds is not known"
    if service.working_folder is UNKNOWN:
        unknown = "its working directory is not known"
    command, entrypoint = (_composed(value) for value in (service.command, service.entrypoint))
    if isinstance(command, Unknown) or isinstance(entrypoint, Unknown):
        return OutsideStart(service.path, name, unknown="its command is not plain text")
    workdir = service.working_folder if isinstance(service.working_folder, str) else None
    return OutsideStart(service.path, name, command, entrypoint, workdir, unknown)


def _of_hook(service: ComposeService, hook: Words | Unknown) -> OutsideStart:
    """A command that is run beside the application, without ENTRYPOINT."""
    name, command = f"a hook of the compose service `{service.name}`", _composed(hook)
    if isinstance(command, Unknown) or command is None:
        return OutsideStart(service.path, name, unknown="its command is not plain text")
    return OutsideStart(service.path, name, entrypoint=command)


def _composed(value: str | tuple[str, ...] | Unknown | None) -> Words | Unknown | None:
    """Compose splits a text into words itself, and puts variables of the host in their places; ``$$`` is a dollar."""
    if value is None or isinstance(value, Unknown):
        return value
    texts = (value,) if isinstance(value, str) else value
    plain = [text.replace("$$", "\0") for text in texts]
    if any("$" in text for text in plain):
        return UNKNOWN
    words = [text.replace("\0", "$") for text in plain]
    if isinstance(value, str):
        split = split_words(words[0])
        return split if split else UNKNOWN
    return tuple(words) if words else UNKNOWN
