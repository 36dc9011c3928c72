"""Runs every stage of a Dockerfile without running anything: the configuration and the files after each instruction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from dfmigrate.context import Context
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.settings import DEFAULTS, Settings
from dfmigrate_grammar import Dockerfile, Instruction, Stage

from .actions import Action, Reading, read_run
from .artefacts import outputs, project_of
from .copies import copy_writes
from .expansion import expanded
from .files import FileSystem, Kind, Origin, Write, is_within
from .image import DEFAULT_PATH, Command, Config
from .mounts import mount_targets
from .packages import installation, package_name


@dataclass(frozen=True, slots=True)
class Layer:
    """One instruction with the world before and after it."""

    instruction: Instruction
    line: int
    before: Config
    after: Config
    arguments: Mapping[str, str | None]
    """ARG values in scope; None where only the build knows."""
    writes: tuple[Write, ...] = ()
    reading: Reading | None = None
    opaque: str | None = None
    """Why it may have written anywhere."""
    files: FileSystem = field(default_factory=FileSystem)
    """The files after it."""
    own_variables: frozenset[str] = frozenset()
    """Names that ENV or ARG have set in this stage ahead of it."""

    @property
    def name(self) -> str:
        return self.instruction.name

    @property
    def actions(self) -> tuple[Action, ...]:
        return self.reading.actions if self.reading is not None else ()


@dataclass(frozen=True, slots=True)
class StageModel:
    """A stage, understood as far as its text allows."""

    node: Stage
    line: int
    reference: str | None
    """The base image with global ARG defaults filled in; None when it depends on something else."""
    base: ImageFacts | None
    """What is known of the base image; for a stage built on another stage, of that stage's base."""
    parent: StageModel | None
    layers: tuple[Layer, ...]
    initial: Config
    final: Config
    files: FileSystem
    packages: tuple[str, ...]
    """System packages installed by name, oldest first."""
    arguments: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def name(self) -> str | None:
        return self.node.name


@dataclass(frozen=True, slots=True)
class Build:
    """A whole Dockerfile, understood."""

    dockerfile: Dockerfile
    context: Context | None
    stages: tuple[StageModel, ...]
    settings: Settings = DEFAULTS

    @property
    def final(self) -> StageModel:
        return self.stages[-1]


def interpret(dockerfile: Dockerfile, context: Context | None, settings: Settings = DEFAULTS) -> Build:
    """Understand a Dockerfile that BuildKit accepts. Build arguments have their defaults."""
    global_arguments = _global_arguments(dockerfile)
    stages: list[StageModel] = []
    for node in dockerfile.stages:
        stages.append(_stage(node, dockerfile, context, settings, global_arguments, tuple(stages)))
    return Build(dockerfile, context, tuple(stages), settings)


def _global_arguments(dockerfile: Dockerfile) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for instruction in dockerfile.global_args:
        for pair in instruction.pairs:
            values[pair.name] = expanded(pair.value, values, dockerfile.escape) if pair.value is not None else None
    return values


def _initial(facts: ImageFacts | None) -> Config:
    if facts is None:
        return Config(environment=MappingProxyType({"PATH": None}), workdir=None, user=None)
    return Config(
        environment=MappingProxyType({"PATH": DEFAULT_PATH, **facts.environment}),
        workdir=facts.workdir or "/",
        user=facts.user,
        entrypoint=Command(facts.entrypoint, " ".join(facts.entrypoint)) if facts.entrypoint else None,
        command=Command(facts.command, " ".join(facts.command)) if facts.command else None,
        exposed=facts.exposed,
        stop_signal=facts.stop_signal,
    )


def _stage(
    node: Stage,
    dockerfile: Dockerfile,
    context: Context | None,
    settings: Settings,
    global_arguments: Mapping[str, str | None],
    earlier: tuple[StageModel, ...],
) -> StageModel:
    reference = expanded(node.image.text, global_arguments, dockerfile.escape)
    parent = next((stage for stage in reversed(earlier) if stage.name is not None and stage.name == reference), None)
    facts = parent.base if parent is not None else settings.images.image(reference) if reference is not None else None
    config = parent.final if parent is not None else _initial(facts)
    walk = _Walk(
        dockerfile, context, global_arguments, earlier, facts, config, dict(parent.arguments) if parent else {}
    )
    walk.files = parent.files if parent is not None else FileSystem()
    walk.packages = list(parent.packages) if parent is not None else []
    for instruction in node.instructions:
        walk.step(instruction)
    return StageModel(
        node,
        dockerfile.line_of(node.from_),
        reference,
        facts,
        parent,
        tuple(walk.layers),
        config,
        walk.config,
        walk.files,
        tuple(walk.packages),
        MappingProxyType(walk.arguments),
    )


class _Walk:
    """The state of one stage while its instructions are read in order."""

    def __init__(
        self,
        dockerfile: Dockerfile,
        context: Context | None,
        global_arguments: Mapping[str, str | None],
        earlier: tuple[StageModel, ...],
        base: ImageFacts | None,
        config: Config,
        arguments: dict[str, str | None],
    ) -> None:
        self.dockerfile = dockerfile
        self.context = context
        self.global_arguments = global_arguments
        self.earlier = earlier
        self.base = base
        self.config = config
        self.arguments = arguments
        self.files = FileSystem()
        self.packages: list[str] = []
        self.layers: list[Layer] = []
        self.named: set[str] = set()

    def step(self, instruction: Instruction) -> None:
        before, scope = self.config, MappingProxyType(dict(self.arguments))
        line = self.dockerfile.line_of(instruction)
        writes: tuple[Write, ...] = ()
        reading: Reading | None = None
        opaque: str | None = None
        if instruction.name == "RUN":
            reading = self._refined(read_run(instruction, before, self.arguments, line))
            # What is mounted for the one RUN is not in the image afterwards.
            mounted = mount_targets(instruction, before)
            writes = tuple(
                write
                for action in reading.actions
                for write in action.writes
                if not any(is_within(write.path, target) for target in mounted)
            )
            opaque = reading.opaque or next((a.opaque for a in reading.actions if a.opaque is not None), None)
        elif instruction.name in ("COPY", "ADD"):
            writes, opaque = copy_writes(
                instruction,
                before,
                self.context,
                {s.name or str(s.node.index): s.files for s in self.earlier}
                | {str(s.node.index): s.files for s in self.earlier},
                self.files,
                line,
                self.expand,
            )
        elif instruction.name == "WORKDIR":
            path = self.expand(instruction.value)
            workdir = before.absolute(path) if path is not None else None
            self.config = replace(before, workdir=workdir)
            if workdir is not None and not self.files.is_directory(workdir):
                owner = before.user if before.user and not before.is_root else "0:0"
                writes = (Write(workdir, Kind.DIRECTORY, Origin("workdir", workdir, line), owner),)
        else:
            self.config = self._configured(instruction, before, line)
        self.files = self.files.add(
            writes if reading is None else (), (Origin("run", opaque, line),) if opaque is not None else ()
        )
        if reading is not None:
            self._apply_run(reading, writes)
        self.layers.append(
            Layer(
                instruction,
                line,
                before,
                self.config,
                scope,
                writes,
                reading,
                opaque,
                self.files,
                frozenset(self.named),
            )
        )

    def expand(self, text: str) -> str | None:
        # ENV wins over an ARG of the same name unless the ARG came later; the later one is what `arguments` then holds.
        return expanded(text, {**self.config.environment, **self.arguments}, self.dockerfile.escape)

    def _refined(self, reading: Reading) -> Reading:
        """With what build commands leave listed path by path where the project's manifests tell it."""
        files, actions = self.files, []
        for action in reading.actions:
            if action.cwd is not None and any(is_within(write.path, action.cwd) for write in action.writes):
                project = project_of(action, files, self.base, self.context)
                left = outputs(project) if project is not None else None
                if left is not None:
                    origin = Origin("run", action.text, action.line)
                    named = tuple(
                        Write(o.path, Kind.TREE, origin, self.config.user, o.scratch, action.certain) for o in left
                    )
                    rest = tuple(w for w in action.writes if w.kind is not Kind.TREE)
                    action = replace(action, writes=(*named, *rest))
            files = files.add(action.writes)
            actions.append(action)
        return replace(reading, actions=tuple(actions))

    def _apply_run(self, reading: Reading, lasting: tuple[Write, ...]) -> None:
        """Command by command: what is removed first and written then is there."""
        for action in reading.actions:
            self.files = self.files.add(write for write in action.writes if write in lasting)
            done = installation(action.argv)
            if done is not None:
                self.packages.extend(package_name(package) for package in done.packages)
            if action.program == "chown" and action.certain:
                self._chown(action)
            if action.program in ("rm", "mv") and action.cwd is not None:
                self._remove(action, action.cwd)

    def _remove(self, action: Action, cwd: str) -> None:
        """What ``rm`` and ``mv`` take away; where that is not literal, the folder can no longer be listed."""
        words = [word for word in action.argv[1:] if word is None or not word.startswith("-")]
        written = [word for word in action.text.split()[1:] if not word.startswith("-")]
        kept = {write.path for write in action.writes}
        targets = words if action.program == "rm" else words[:-1]
        for index, word in enumerate(targets):
            known = word is not None and action.certain
            text = word if word is not None else written[index] if len(written) == len(words) else ""
            path = replace(self.config, workdir=cwd).absolute(text if known else _folder(text)) or cwd
            if known and path not in kept:
                self.files = self.files.remove(path)
            elif not known and any(self.files.below(path)):
                origin = Origin("run", action.text, action.line)
                self.files = self.files.add((Write(path, Kind.TREE, origin, self.config.user, scratch=True),))

    def _chown(self, action: Action) -> None:
        words = [word for word in action.argv[1:] if word is not None]
        names = [word for word in words if not word.startswith("-")]
        if len(names) < 2 or action.cwd is None:
            return
        below = any(word.startswith("-") and "R" in word for word in words)
        for name in names[1:]:
            path = replace(self.config, workdir=action.cwd).absolute(name)
            if path is not None:
                self.files = self.files.owned(path, names[0], below=below)

    def _configured(self, instruction: Instruction, config: Config, line: int) -> Config:
        match instruction.name:
            case "ENV":
                self.named |= {pair.name for pair in instruction.pairs}
                after = config
                for pair in instruction.pairs:
                    after = after.with_environment(pair.name, self._unquoted(pair.value))
                    # The value now comes from ENV, whatever an earlier ARG said.
                    self.arguments.pop(pair.name, None)
                return after
            case "LABEL":
                for pair in instruction.pairs:
                    config = config.with_label(self._unquoted(pair.name) or pair.name, self._unquoted(pair.value))
                return config
            case "ARG":
                self.named |= {pair.name for pair in instruction.pairs}
                for pair in instruction.pairs:
                    default = pair.value if pair.value is not None else None
                    value = self._unquoted(default) if default is not None else self.global_arguments.get(pair.name)
                    self.arguments[pair.name] = value
                return config
            case "USER":
                return replace(config, user=self.expand(instruction.value))
            case "SHELL":
                return replace(config, shell=instruction.json or config.shell)
            case "EXPOSE":
                ports = tuple(self.expand(word.text) or word.text for word in instruction.words)
                return replace(config, exposed=(*config.exposed, *(p for p in ports if p not in config.exposed)))
            case "VOLUME":
                paths = tuple(self.expand(word.text) or word.text for word in instruction.words)
                return replace(config, volumes=(*config.volumes, *paths))
            case "STOPSIGNAL":
                return replace(config, stop_signal=self.expand(instruction.value))
            case "HEALTHCHECK":
                return replace(config, healthcheck=instruction.logical.strip())
            case "CMD":
                return replace(config, command=self._command(instruction, line))
            case "ENTRYPOINT":
                # Setting ENTRYPOINT resets a CMD that came from the base image, not one of this stage.
                own = config.command if any(layer.name == "CMD" for layer in self.layers) else None
                return replace(config, entrypoint=self._command(instruction, line), command=own)
            case "ONBUILD":
                return replace(config, onbuild=(*config.onbuild, instruction.logical.strip()))
            case _:
                return config

    def _unquoted(self, text: str | None) -> str | None:
        return self.expand(text) if text is not None else None

    def _command(self, instruction: Instruction, line: int) -> Command | None:
        if instruction.json is not None and not instruction.json:
            return None
        return Command(instruction.json, instruction.arguments.strip(), self.config.shell, line)


def _folder(text: str) -> str:
    """The folder in which a word with wildcards or variables can change something."""
    literal = re.split(r"[*?\[{$`\"']", text, maxsplit=1)[0]
    return literal.rpartition("/")[0] or ("/" if literal.startswith("/") else ".")
