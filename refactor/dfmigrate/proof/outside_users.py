"""What else uses the image: compose services that start it with a command of their own, or name one of its stages."""

from __future__ import annotations

from dfmigrate.context.compose import compose_files
from dfmigrate.migration import Proved

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Only a split changes what such a command finds."""
    if not case.split or case.context is None:
        return
    opened = False
    names = {stage.name for stage in case.after.stages}
    composed = compose_files(case.context)
    for path, why in composed.unreadable:
        opened = True
        yield Open(
            "outside-users", "C13", f"how it starts the image is not known: {why}", "write it more plainly", None, path
        )
    for service in composed.services:
        if service.command is not None or service.entrypoint is not None:
            opened = True
            message = f"the compose service `{service.name}` starts the image with a command of its own"
            yield Open(
                "outside-users",
                "C13",
                message,
                "let that service build `target: builder`, or drop its command",
                None,
                service.path,
            )
        if service.target is not None and service.target not in names:
            opened = True
            message = f"the compose service `{service.name}` builds the stage `{service.target}`, which is not there"
            yield Open("outside-users", "D12", message, "name a stage of the new Dockerfile", None, service.path)
    if not opened:
        yield Proved("outside-users", ("C13", "D12"), "no compose file starts the image in another way")
