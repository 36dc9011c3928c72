"""Split a single-stage Dockerfile into a builder and a runtime stage.

## What it does

Everything up to the last build command stays where it is and becomes the stage `builder`. After it a runtime stage
starts
from a smaller image of the same family and release, takes the application's files over with `COPY --from=builder`,
installs
only the system packages that a running application needs, and repeats `ENV`, `WORKDIR` and the rest of the
configuration.

## Why

Compilers, package caches, development dependencies and sources stay out of the image that runs: it is smaller, pulls
faster, and has less in it to attack.

## The ladder

The highest rung that can be proved is taken: T3 the language's runtime image, T2 the slim variant of the same tag, T1
the
same base without the packages that only the build needs. Each rung that was not taken says which obligation stayed
open.

## When it declines

When nothing would be saved, when a command in a RUN is not understood (it may have written anywhere), when the start
command is a development server or compiles at start (`cargo run` of what a RUN has built becomes that program), and
whenever the proof finds an obligation that it cannot
discharge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from dfmigrate.knowledge.certificates import bundle
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packages import build_only_unless_called, is_build_only, is_small
from dfmigrate.migration import Decline
from dfmigrate.model import Build, StageModel, is_within
from dfmigrate.model.c_libraries import compiles_cplusplus
from dfmigrate.model.called import calls
from dfmigrate.model.global_tools import is_global_install
from dfmigrate.model.package_folders import package_folders
from dfmigrate.model.packages import package_name
from dfmigrate.model.reach import project_roots

from .rule import Declined, Example, Proposal, Rule, declined
from .split import RULE as NAME
from .split import gates, python_packages
from .split.benefit import leaves_sources
from .split.carry import Carried, carried
from .split.direct_start import started_directly
from .split.distroless import static_runtime
from .split.environment import bridged_environment
from .split.kaniko import filtered_by_kaniko
from .split.language_runtime import fits
from .split.moved_packages import remarks, runtime_archive
from .split.needs import runtime_needs
from .split.prune import kept_development, leaves_packages, prune_command
from .split.python_packages import PythonPackages
from .split.reference import runtime_text
from .split.render import Plan, render
from .split.replay import Part, Replay, installs_packages, part_of, replay
from .split.trailing import without_trailing

_COMPILERS = {"build-essential": ("gcc", "g++", "make")}
"""Packages that stand for others."""

_NOTHING_BETTER = "on the same base image a second stage would leave nothing behind that is worth it"

_COMPILER_IMAGES = frozenset({"gcc", "golang", "rust"})
"""Families of images so large that what packages weigh beside them is not worth a stage."""

_STARTED_DIRECTLY = (
    "the program is started itself, without Cargo, which had nothing left to build; variables of Cargo's own, such as "
    "CARGO_MANIFEST_DIR, are no longer set"
)


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """The split for every rung of the ladder, highest first."""
    direct = started_directly(build)
    for one in _split(direct):
        if direct is build or isinstance(one, Decline):
            yield one
        else:
            yield replace(one, declared=one.declared | {"command"}, warnings=(*one.warnings, _STARTED_DIRECTLY))
    if direct is not build:
        # None of these was proved: what stands against the file as it is.
        yield from _split(build)


def _split(build: Build) -> Iterator[Proposal | Decline]:
    try:
        base = gates.check(build)
        stage = build.final
        shape = _Shape.of(stage, build)
    except Declined as refusal:
        yield refusal.decline
        return
    yield from _rungs(build, base, shape)


class _Shape:
    """What every rung has in common: where the builder ends and what its RUNs become."""

    def __init__(self, cut: int, roots: tuple[str, ...], replays: tuple[Replay, ...]) -> None:
        self.cut = cut
        self.roots = roots
        self.replays = replays

    @classmethod
    def of(cls, stage: StageModel, build: Build) -> _Shape:
        roots = project_roots(stage.layers, stage.final.workdir)
        kept = (*roots, *package_folders(build, stage.layers, roots))
        called = _called(build, kept)
        replays: list[Replay] = []
        made: list[str] = []
        for layer in stage.layers:
            if layer.name == "RUN":
                replays.append(replay(layer, stage, kept, called, made))
                made += [w for a in layer.actions if part_of(a, kept, called) is Part.RUNTIME for w in a.argv if w]
        replays = [_needed(item, replays[index + 1 :]) for index, item in enumerate(replays)]
        building = without_trailing([item for item in replays if item.builds or item.dropped], stage)
        if not any(item.makes or item.dropped for item in replays):
            raise declined(
                "NO_BENEFIT",
                NAME,
                "no RUN builds anything or installs what only a build needs: a second stage would save nothing",
                "nothing to do",
            )
        cut = stage.layers.index(building[-1].layer)
        return cls(cut, roots, tuple(item for item in replays if stage.layers.index(item.layer) <= cut))


def _called(build: Build, roots: Sequence[str]) -> Callable[[str], bool]:
    """Whether the container may start a program, or a command that the runtime repeats needs it."""
    called = calls(build)
    actions = (action for layer in build.final.layers for action in layer.actions)
    repeated = [action for action in actions if part_of(action, roots, called) is Part.RUNTIME]
    needed = {action.program for action in repeated}
    if any(is_global_install(action) for action in repeated):
        needed.add("node")
    return lambda program: program in needed or called(program)


def _needed(item: Replay, later: list[Replay]) -> Replay:
    """A RUN that only refreshes package lists is repeated when the runtime installs packages after it."""
    refreshes = all(action.role == "system-packages" for action in item.layer.actions) and not installs_packages(item)
    if not item.layer.actions or not refreshes or item.commands == ():
        return item
    return item if any(installs_packages(other) for other in later) else replace(item, commands=())


def _rungs(build: Build, base: ImageFacts, shape: _Shape) -> Iterator[Proposal | Decline]:
    answers = build.settings.answers
    if answers.max_rung == "T0":
        yield Decline("MAX_RUNG", NAME, "T0 is no split at all", "give a higher --max-rung", build.final.line)
        return
    if answers.runtime is not None:
        yield from _chosen(build, base, shape, answers.runtime)
        return
    static = static_runtime(build) if answers.allows("T4") else None
    if static is not None and static.users:
        owner = f"{static.users[0].uid}:{static.users[0].gid}"
        try:
            yield _proposal(build, base, static, None, shape, "T4", owner)
        except Declined as refusal:
            yield refusal.decline
    for option in base.runtimes:
        runtime = build.settings.images.image(option.reference)
        if runtime is not None and not fits(runtime, build):
            continue
        if runtime is None or runtime.removed or not answers.allows(option.rung):
            continue
        try:
            yield _proposal(build, base, runtime, option.pins, shape, option.rung)
        except Declined as refusal:
            yield refusal.decline
    dropped = [word for item in shape.replays for word in item.dropped if _weighs(package_name(word), base)]
    builder = build.final.layers[: shape.cut + 1]
    try:
        taken = _taken(build, shape)
        paths = [item.path for item in taken]
        saves = dropped or leaves_packages(build, builder, paths) or prune_command(build, builder, paths)
        # Beside a compiler that stays, sources and downloads are nothing.
        if base.family in _COMPILER_IMAGES or (
            not saves and (base.toolchain or not leaves_sources(build, builder, taken))
        ):
            yield Decline(
                "NO_BENEFIT",
                NAME,
                _NOTHING_BETTER
                if base.runtimes or not base.toolchain
                else f"no smaller image is known that runs what {base.reference} builds; {_NOTHING_BETTER}",
                "nothing to do, unless one of the reasons above is lifted"
                if base.runtimes or not base.toolchain
                else "name a release in the tag, or give the image with --runtime",
            )
            return
        yield _proposal(build, base, base, None, shape, "T1")
    except Declined as refusal:
        yield refusal.decline


def _weighs(package: str, base: ImageFacts) -> bool:
    """Whether it saves something to leave a package behind: headers alone, a small program, or what the base image has
    anyway, do not."""
    only = is_build_only(base.distribution, package) or build_only_unless_called(base.distribution, package) is not None
    return only and not is_small(package) and not set(_COMPILERS.get(package, (package,))) <= base.tools


def _chosen(build: Build, base: ImageFacts, shape: _Shape, reference: str) -> Iterator[Proposal | Decline]:
    """The one runtime that the user names."""
    runtime = build.settings.images.image(reference)
    if runtime is None:
        hint = "say in .dfmigrate.toml, under [images], which known image it is like"
        yield Decline("D11", NAME, f"nothing is known of the image {reference}, which is to be the runtime", hint)
        return
    try:
        yield _proposal(build, base, runtime, None, shape, "as asked")
    except Declined as refusal:
        yield refusal.decline


def _proposal(
    build: Build,
    base: ImageFacts,
    runtime: ImageFacts,
    pins: str | None,
    shape: _Shape,
    rung: str,
    owner: str | None = None,
) -> Proposal:
    stage = build.final
    if base.removed and runtime is base:
        raise gates.gone(base.reference, stage.line)
    left = [package for item in shape.replays for package in item.dropped]
    kept = [package for item in shape.replays for package in item.added]
    kept += [package for package in stage.packages if package not in map(package_name, left)]
    needs = runtime_needs(build, base, runtime, left, kept)
    python = python_packages.plan(build, shape.cut, shape.roots)
    taken = _taken(build, shape)
    builder, paths = stage.layers[: shape.cut + 1], [item.path for item in taken]
    prune = prune_command(build, builder, paths)
    development = kept_development(build, builder, paths)
    if owner is not None:
        taken = tuple(_given(item, owner, stage) for item in taken)
    installed = python.carried if python is not None else ()
    installed = tuple(one for one in installed if not any(is_within(one.path, item.path) for item in taken))
    options = [one for one in base.runtimes if one.reference == runtime.reference]
    brought = (folder for one in options for folder in one.folders)
    cplusplus = compiles_cplusplus(build)
    extra = (*((Carried(bundle()),) if needs.certificates else ()), *map(Carried, brought), *installed)
    plan = Plan(
        stage=stage,
        cut=shape.cut,
        builder_reference=pins,
        runtime_reference=runtime_text(build, base, runtime),
        replays=shape.replays,
        carried=(*extra, *taken),
        builder="build" if stage.name == "builder" else "builder",
        packages=needs.packages,
        archive=runtime_archive(stage, runtime),
        environment=bridged_environment(build, base, runtime),
        workdir=base.workdir if base.workdir != runtime.workdir else None,
        python=python,
        libraries=tuple(path for one in options if cplusplus for path in one.libraries),
        prune=prune,
    )
    dropped = sorted({package for item in shape.replays for package in item.dropped})
    return Proposal(
        render(build.dockerfile, plan),
        f"split into a builder and a runtime stage ({rung}: {runtime.reference})",
        _reason(base, runtime, dropped, prune),
        frozenset((*_declared(python), *(("user",) if owner is not None else ()))),
        warnings=(
            *needs.warnings,
            *remarks(stage, base, runtime, needs.packages),
            *((development,) if development is not None else ()),
            *filtered_by_kaniko(build, taken),
        ),
    )


def _taken(build: Build, shape: _Shape) -> tuple[Carried, ...]:
    """What the runtime copies from the builder."""
    builder, later = build.final.layers[: shape.cut + 1], build.final.layers[shape.cut + 1 :]
    replayed = [command for item in shape.replays for command in (item.commands or ())]
    replayed += [action.text for item in shape.replays if item.commands is None for action in item.layer.actions]
    return carried(build, builder, later, shape.roots, replayed)


def _declared(python: PythonPackages | None) -> tuple[str, ...]:
    if python is None or python.venv is None:
        return ()
    return ("env:PATH", *(f"env:{name}" for name, _ in python.lasting))


def _given(item: Carried, owner: str, stage: StageModel) -> Carried:
    """What lies in the working directory belongs to the image's own user, as far as it has no other owner."""
    inside = stage.final.workdir is not None and is_within(item.path, stage.final.workdir)
    return replace(item, owner=owner) if inside and item.owner is None else item


def _reason(base: ImageFacts, runtime: ImageFacts, dropped: list[str], prune: str | None) -> str:
    left = []
    if runtime.reference != base.reference:
        left.append(f"what {base.reference} holds beyond {runtime.reference}")
    if dropped:
        left.append(
            f"the packages {', '.join(dropped)}"
            if len(dropped) < 8
            else f"{len(dropped)} packages that only the build needs"
        )
    if prune is not None:
        left.append("development dependencies")
    if not left:
        left.append("sources and development dependencies")
    listed = f"{', '.join(left[:-1])} and {left[-1]}" if len(left) > 1 else left[0]
    return f"the image that runs no longer carries {listed}"


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            """\
FROM golang:1.20
WORKDIR /app
COPY . .
RUN go build -o myapp .
CMD ["./myapp"]
""",
            """\
FROM golang:1.20 AS builder
WORKDIR /app
COPY . .
RUN go build -o myapp .

FROM debian:bookworm-slim
WORKDIR /app
COPY --from=builder /app/myapp ./myapp
CMD ["./myapp"]
""",
            {
                "go.mod": "module example.com/myapp\n\ngo 1.20\n",
                "main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n',
            },
        ),
        Example(
            'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["npx", "nodemon", "server.js"]\n',
            None,
            {"server.js": ""},
            ("C2",),
        ),
    ),
)
