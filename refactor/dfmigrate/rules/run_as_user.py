"""Run the application as a user instead of root.

## What it does

Sets `USER` to the unprivileged user that the base image brings (`node`, the .NET `app`), or creates one with a home
directory. The user is given by number, which Kubernetes' `runAsNonRoot` can check. The working directory and what is
copied into it are given to that user, so that the application can write where it could before.

## Why

A process that runs as root inside a container is one kernel or runtime flaw away from root outside it.

## When it declines

A wrong user keeps the application from starting, so every doubt leaves root in place: volumes, ports below 1024,
servers
that start as root, an entry point that changes owners, files below /root, and writes to places of unknown owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.context.platforms import run_on_openshift
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.migration import Decline
from dfmigrate.model import Build, StageModel, is_within
from dfmigrate.model.process import effective_process
from dfmigrate.model.starts import served
from dfmigrate_grammar import Dockerfile, Instruction

from .rule import Example, Proposal, Rule

NAME = "run-as-user"
UID = 10001
"""Above the range that distributions hand out, so that it clashes with no user of the image or the host."""


@dataclass(frozen=True, slots=True)
class _Account:
    owner: str
    comment: str
    commands: tuple[str, ...]


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal: the final stage under an unprivileged user."""
    stage = build.final
    line = build.stages[0].line
    answer = build.settings.answers.user
    if not stage.final.is_root or any(layer.name == "USER" for layer in stage.layers) or answer == "root":
        return
    if stage.base is None:
        yield Decline(
            "E9",
            NAME,
            "which users the base image has is not known",
            "use an image that is known, or set USER yourself",
            line,
        )
        return
    process = effective_process(stage.final)
    idle = process is None or (process.line is None and stage.base.root_required is None)
    if idle and len(served(stage.final, build.context)) == 1:
        yield Decline(
            "E17", NAME, "nothing is started: images built on this one may expect root", "nothing to do", line
        )
        return
    account = _named(answer, stage) if answer is not None else _account(stage.base)
    if account is None or stage.final.workdir in (None, "/"):
        why = (
            "no user can be created in this image"
            if account is None
            else "the application has no working directory of its own"
        )
        yield Decline("E10" if account is None else "E1", NAME, why, "set a WORKDIR and a USER yourself", line)
        return
    yield Proposal(
        _applied(build.dockerfile, stage, account),
        f"run as user {account.owner} instead of root",
        "a process that is not root has less to abuse; nothing here needs root",
        frozenset({"user"}),
        warnings=_platform(build),
    )


def _platform(build: Build) -> tuple[str, ...]:
    """OpenShift gives the process any uid, and the group 0."""
    path = run_on_openshift(build.context) if build.context is not None else None
    if path is None:
        return ()
    return (
        f"{path} is for OpenShift, which sets a user of its own: what it writes needs `chgrp -R 0`, `chmod -R g=u`",
    )


def _account(base: ImageFacts) -> _Account | None:
    brought = next((user for user in base.users if user.name in ("node", "app", "nonroot", "bun")), None)
    if brought is not None:
        return _Account(
            f"{brought.uid}:{brought.gid}",
            f"The image's own user {brought.name}, by number so that runAsNonRoot can be checked",
            (),
        )
    return _created(base, UID, UID)


def _named(answer: str, stage: StageModel) -> _Account | None:
    """The user that the settings name, made where neither the image nor the file has one.

    By number, so that it need not be the one that the file makes. Below 1000 are the distribution's own, which may be
    there already.
    """
    uid, gid = (int(number) for number in answer.split(":"))
    brought = stage.base.users if stage.base is not None else ()
    makes_users = any(action.role == "user-management" for layer in stage.layers for action in layer.actions)
    if makes_users or any((user.uid, user.gid) == (uid, gid) for user in brought):
        return _Account(answer, "", ())
    if min(uid, gid) < 1000 or max(uid, gid) > 60_000 or any(user.uid == uid or user.gid == gid for user in brought):
        return None
    return _created(stage.base, uid, gid) if stage.base is not None else None


def _created(base: ImageFacts, uid: int, gid: int) -> _Account | None:
    if not base.shell:
        return None
    if base.distribution == "alpine":
        made: tuple[str, ...] = (f"addgroup -g {gid} app", f"adduser -D -u {uid} -G app app")
    elif base.distribution in ("debian", "ubuntu"):
        made = (f"groupadd --gid {gid} app", f"useradd --uid {uid} --gid {gid} --create-home app")
    else:
        return None
    return _Account(f"{uid}:{gid}", "", made)


def _applied(dockerfile: Dockerfile, stage: StageModel, account: _Account) -> Dockerfile:
    style = dockerfile.style
    workdir = stage.final.workdir or "/"
    setup = style.run((*account.commands, f"chown {account.owner} {workdir}"))
    place = next((layer for layer in reversed(stage.layers) if layer.name == "WORKDIR"), None)
    first = place.instruction if place is not None else stage.node.from_
    tree, last = dockerfile, first
    for layer in stage.layers:
        if layer.name in ("COPY", "ADD"):
            destination = layer.after.absolute(layer.instruction.destination)
            last = layer.instruction
            if last.flag("chown") is None and destination is not None and is_within(destination, workdir):
                last = _owned(layer.instruction, account.owner)
                tree = tree.replace(layer.instruction, last)
        elif layer.name in ("RUN", "WORKDIR"):
            last = layer.instruction
    comments = (account.comment,) if account.comment else ()
    user = style.instruction("USER", account.owner, comments=comments)
    if last is first:
        return tree.insert_after(first, setup, user)
    return tree.insert_after(last, user).insert_after(first, setup)


def _owned(instruction: Instruction, owner: str) -> Instruction:
    """With --chown behind the flags that are there."""
    if instruction.flags:
        end = instruction.flags[-1].span[1]
        return instruction.edit((end, end), f" --chown={owner}")
    start = instruction.arguments_start
    return instruction.edit((start, start), f"--chown={owner} ")


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            """\
FROM python:3.11-slim
WORKDIR /app
COPY . .
CMD ["python", "app.py"]
""",
            """\
FROM python:3.11-slim
WORKDIR /app
RUN groupadd --gid 10001 app \\
    && useradd --uid 10001 --gid 10001 --create-home app \\
    && chown 10001:10001 /app
COPY --chown=10001:10001 . .
USER 10001:10001
CMD ["python", "app.py"]
""",
            {"app.py": "print('hello')\n"},
        ),
        Example("FROM nginx:1.27\nCOPY site /usr/share/nginx/html\n", None, {"site/index.html": "<p>hello</p>\n"}),
    ),
    safety="review",
)
