"""Writes the split: the builder keeps the original instructions in place, the runtime is laid after them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dfmigrate.knowledge.archives import Archive
from dfmigrate.model import Layer, StageModel, is_within
from dfmigrate.model.expansion import expanded, referenced
from dfmigrate.model.package_sources import sets_sources
from dfmigrate.model.rewritten import LOCAL_LIBRARIES_FIRST
from dfmigrate_grammar import BlankLine, Dockerfile, Instruction

from .carry import Carried
from .python_packages import PythonPackages
from .replay import Replay

CONFIGURATION = frozenset({"CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL", "VOLUME", "MAINTAINER"})
"""Instructions that only describe the image that is started: they leave the builder."""

_NOWHERE = frozenset({"system-packages", "user-management", "cleanup"})
"""Roles of commands that run the same in any directory."""

_SHELL_VARIABLE = re.compile(r"\$\{?#?!?([A-Za-z_]\w*)")

_BOTH = frozenset({"ENV", "WORKDIR", "SHELL", "USER"})
"""Instructions that steer the build as well as the running container."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the split's text depends on."""

    stage: StageModel
    cut: int
    """Index of the last layer of the builder."""
    builder_reference: str | None
    """The builder's pinned base image; None keeps it as written."""
    runtime_reference: str
    replays: tuple[Replay, ...]
    carried: tuple[Carried, ...]
    builder: str = "builder"
    """The builder's name; another one where the original's only stage is called so."""
    packages: tuple[str, ...] = ()
    """Further packages for the runtime."""
    archive: Archive | None = None
    """Where those are, if the runtime's own list names a server that they have left."""
    environment: tuple[tuple[str, str], ...] = ()
    """Variables of the old base image that the new one sets to something else."""
    workdir: str | None = None
    """The old base image's working directory, where the new one has another and the file relies on it."""
    python: PythonPackages | None = None
    """How Python packages leave the builder."""
    libraries: tuple[str, ...] = ()
    """The compiler's own C++ library in the builder, for which the runtime's linker is to look."""
    prune: str | None = None
    """A command that removes what only the build needed, run at the end of the builder."""


def render(dockerfile: Dockerfile, plan: Plan) -> Dockerfile:
    """The split Dockerfile."""
    stage, style = plan.stage, dockerfile.style
    layers = stage.layers
    builder, runtime = layers[: plan.cut + 1], layers[plan.cut + 1 :]
    block: list[Instruction | BlankLine] = [_from(dockerfile, plan)]
    block.extend(_runtime(dockerfile, plan, builder, runtime))
    anchor = builder[-1].instruction
    tree = dockerfile
    # Configuration that stood in the builder moves; it is laid down again in the runtime, comments and all.
    for layer in builder:
        if layer.name in CONFIGURATION:
            tree = _taken_out(tree, layer.instruction)
    if plan.prune is not None:
        pruning = style.instruction("RUN", plan.prune)
        tree = tree.insert_after(anchor, pruning)
        anchor = pruning
    tree = tree.insert_after(anchor, style.blank(), *block)
    python = plan.python
    if python is not None and python.venv is not None and python.first is not None:
        # Ahead of the first COPY, so that a change of the requirements does not make it again.
        first = next(
            (layer for layer in layers[: python.first] if layer.name in ("COPY", "ADD")),
            layers[python.first],
        )
        made = style.instruction("RUN", f"python -m venv {python.venv}")
        # A comment above that COPY is about the COPY.
        gap = (style.blank(),) if first.instruction.leading else ()
        entered = _entered(dockerfile, python.venv, python.variables)
        tree = tree.insert_before(first.instruction, made, entered, *gap)
    return tree.replace(stage.node.from_, _builder_from(stage, plan))


def _entered(dockerfile: Dockerfile, folder: str, variables: Sequence[tuple[str, str]]) -> Instruction:
    pairs = [f"{name}={value}" for name, value in variables]
    return dockerfile.style.instruction("ENV", " ".join((*pairs, f"PATH={folder}/bin:$PATH")))


def _builder_from(stage: StageModel, plan: Plan) -> Instruction:
    node = stage.node.from_
    text = node.arguments.strip()
    image = node.image.text if node.image is not None else text
    reference = plan.builder_reference or image
    return node.with_arguments(f"{reference} {'AS' if node.keyword.isupper() else 'as'} {plan.builder}")


def _from(dockerfile: Dockerfile, plan: Plan) -> Instruction:
    name = plan.stage.node.from_.stage_name
    word = "AS" if plan.stage.node.from_.keyword.isupper() else "as"
    suffix = f" {word} {name}" if name is not None else ""
    return dockerfile.style.instruction("FROM", plan.runtime_reference + suffix)


def _runtime(
    dockerfile: Dockerfile, plan: Plan, builder: Sequence[Layer], runtime: Sequence[Layer]
) -> list[Instruction | BlankLine]:
    """The runtime's instructions up to the place where the original ones go on."""
    style = dockerfile.style
    replays = {id(replay.layer): replay for replay in plan.replays}
    block: list[Instruction | BlankLine] = []
    needed = _arguments(plan, builder, runtime)
    if plan.environment:
        block.append(style.instruction("ENV", " ".join(f"{name}={value}" for name, value in plan.environment)))
    if plan.libraries:
        block.append(style.instruction("COPY", f"--from={plan.builder} {' '.join(plan.libraries)} /usr/local/lib/"))
        # Ahead of the folders of the architecture: aarch64-linux-gnu.conf sorts before Debian's own libc.conf.
        block.append(style.run(LOCAL_LIBRARIES_FIRST))
    sources = [index for index, layer in enumerate(builder) if layer.name == "RUN" and sets_sources(layer)]
    if plan.packages and not sources:
        block.append(_install(dockerfile, plan))
    whole = [item for item in plan.carried if item.owner is not None and item.path == plan.stage.final.workdir]
    pending = [item for item in plan.carried if item not in whole]
    workdirs: list[Instruction] = [style.instruction("WORKDIR", plan.workdir)] if plan.workdir is not None else []
    if plan.python is not None and plan.python.venv is not None:
        block.append(_entered(dockerfile, plan.python.venv, plan.python.lasting))
    for layer in builder:
        instruction = layer.instruction.with_leading()
        if layer.name == "WORKDIR":
            # Only the last one counts, unless it is relative or a RUN stands between.
            workdirs = [*(workdirs if not _is_absolute(layer, dockerfile) else ()), instruction]
        elif layer.name in _BOTH or (layer.name == "ARG" and any(pair.name in needed for pair in instruction.pairs)):
            block.append(instruction)
        elif layer.name == "RUN":
            replayed = _replayed(dockerfile, replays[id(layer)])
            if replayed:
                # What was written before this RUN must be there when it runs again.
                commands = replays[id(layer)].commands
                repeated = [action for action in layer.actions if commands is None or action.text in commands]
                reads = any(action.role not in _NOWHERE for action in repeated)
                early = [item for item in pending if reads and item.line < layer.line]
                pending = [item for item in pending if item not in early]
                if reads:
                    block.extend(workdirs)
                    workdirs = []
                block.extend(_copies(dockerfile, early, None if workdirs else layer.before.workdir, plan.builder))
            block.extend(replayed)
            if plan.packages and sources and layer is builder[sources[-1]]:
                block.append(_install(dockerfile, plan))
    # Behind the RUNs that make the user, ahead of the WORKDIR that would make the folder for root.
    for item in whole:
        block.append(style.instruction("COPY", f"--from={plan.builder} --chown={item.owner} {item.path} {item.path}"))
    workdir = builder[-1].after.workdir
    if not _is_superseded(workdir, pending, runtime):
        block.extend(workdirs)
    block.extend(_copies(dockerfile, pending, workdir, plan.builder))
    block.extend(
        layer.instruction.with_leading(*layer.instruction.leading) for layer in builder if layer.name in CONFIGURATION
    )
    return block


def _is_superseded(workdir: str | None, carried: Sequence[Carried], runtime: Sequence[Layer]) -> bool:
    """Whether nothing is laid into the builder's working directory before the file itself moves to another."""
    if workdir is None or any(is_within(item.path, workdir) for item in carried):
        return False
    names = [layer for layer in runtime if layer.name in ("WORKDIR", "RUN", "COPY", "ADD")]
    return bool(names) and names[0].name == "WORKDIR" and names[0].instruction.value.startswith("/")


def _replayed(dockerfile: Dockerfile, replay: Replay) -> list[Instruction]:
    if replay.commands is None:
        return [replay.layer.instruction.with_leading()]
    return [dockerfile.style.run(replay.commands)] if replay.commands else []


def _is_absolute(layer: Layer, dockerfile: Dockerfile) -> bool:
    """Whether a WORKDIR names a whole path, once its variables are filled in."""
    variables = {**layer.arguments, **layer.before.environment}
    return (expanded(layer.instruction.value, variables, dockerfile.escape) or "").startswith("/")


def _copies(dockerfile: Dockerfile, carried: Sequence[Carried], workdir: str | None, builder: str) -> list[Instruction]:
    made = []
    for item in carried:
        source, target = item.path, item.path
        if workdir is not None and workdir != "/" and is_within(item.path, workdir):
            relative = posixpath.relpath(item.path, workdir)
            source, target = (f"{item.path}/", "./") if relative == "." else (item.path, f"./{relative}")
        owner = f"--chown={item.owner} " if item.owner is not None else ""
        made.append(dockerfile.style.instruction("COPY", f"--from={builder} {owner}{source} {target}"))
    return made


def _install(dockerfile: Dockerfile, plan: Plan) -> Instruction:
    style = dockerfile.style
    manager = plan.stage.base.package_manager if plan.stage.base is not None else None
    names = " ".join(sorted(plan.packages))
    if manager == "apk":
        return style.run((f"apk add --no-cache {names}",))
    # The time zone's package asks for one where it may.
    quiet = "DEBIAN_FRONTEND=noninteractive " if "tzdata" in plan.packages else ""
    install = f"{quiet}apt-get install -y --no-install-recommends {names}"
    commands = ("apt-get update", install, "rm -rf /var/lib/apt/lists/*")
    if plan.archive is None:
        return style.run(commands)
    return style.run((plan.archive.command, *commands)).with_leading(style.comment(plan.archive.comment))


def _arguments(plan: Plan, builder: Sequence[Layer], runtime: Sequence[Layer]) -> frozenset[str]:
    """The ARG names that the runtime's instructions refer to."""
    texts = [layer.instruction.logical for layer in runtime]
    texts += [layer.instruction.logical for layer in builder if layer.name in CONFIGURATION | _BOTH]
    names: set[str] = set()
    for text in texts:
        names |= referenced(text)
    for replay in plan.replays:
        commands = (replay.layer.instruction.logical,) if replay.commands is None else replay.commands
        # The shell expands these, in forms that the builder would reject.
        names.update(name for command in commands for name in _SHELL_VARIABLE.findall(command))
    if any(action.role == "system-packages" for replay in plan.replays for action in replay.layer.actions):
        # An ARG is a variable of every RUN's environment, and this one debconf reads.
        names.add("DEBIAN_FRONTEND")
    declared = [pair for layer in builder if layer.name == "ARG" for pair in layer.instruction.pairs]
    for pair in reversed(declared):
        if pair.name in names and pair.value is not None:
            names |= referenced(pair.value)
    return frozenset(names)


def _taken_out(tree: Dockerfile, instruction: Instruction) -> Dockerfile:
    """Without the instruction, and without one of the two blank lines that would then meet."""
    index = next(i for i, item in enumerate(tree.items) if item is instruction)
    around = tree.items[max(index - 1, 0) : index + 2]
    tree = tree.remove(instruction)
    if len(around) == 3 and isinstance(around[0], BlankLine) and isinstance(around[2], BlankLine):
        tree = tree.remove(around[0])
    return tree
