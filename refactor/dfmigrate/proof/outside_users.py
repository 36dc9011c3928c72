"""What else uses the image: whatever starts it with a command of its own, or names one of its stages."""

from __future__ import annotations

from dfmigrate.context.compose import compose_files, services_of
from dfmigrate.migration import Proved
from dfmigrate.model.starts import served, unserved

from .case import Answers, Case, Open


def check(case: Case) -> Answers:
    """Only a split changes what such a command finds. A command that is understood is a start like CMD, of which every
    other obligation asks too."""
    if not case.split or case.context is None:
        return
    opened = False
    names = {stage.name for stage in case.after.stages}
    for path, why in compose_files(case.context).unreadable:
        opened = True
        yield _open("C13", f"how it starts the image is not known: {why}", "write it more plainly", path)
    for one in unserved(case.old.final, case.context):
        opened = True
        message = f"{one.start.name} starts the image with a command of its own: {one.why}"
        yield _open("C13", message, "let it build `target: builder`, or drop its command", one.start.path)
    for service in services_of(case.context):
        if service.target is not None and service.target not in names:
            opened = True
            message = f"the compose service `{service.name}` builds the stage `{service.target}`, which is not there"
            yield _open("D12", message, "name a stage of the new Dockerfile", service.path)
    if not opened:
        yield Proved("outside-users", ("C13", "D12"), _shown(case))


def _open(code: str, message: str, hint: str, path: str) -> Open:
    return Open("outside-users", code, message, hint, None, path)


def _shown(case: Case) -> str:
    understood = len(served(case.old.final, case.context)) - 1
    if not understood:
        return "no compose file starts the image in another way"
    return f"what starts the image from outside is served like CMD: {understood} commands"
