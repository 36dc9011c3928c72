"""Runs every stage of a Dockerfile without running anything: the configuration and the files after each instruction."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

from dfmigrate.context import Context
from dfmigrate.knowledge.directories import crowded, directories
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.settings import DEFAULTS, Settings
from dfmigrate_grammar import Dockerfile, Instruction, Stage, parse

from .actions import Action, Reading, read_run
from .artefacts import lists_all_places, lists_outputs, outputs, project_of
from .configure import Scope, base_config
from .copies import Scene, copy_writes
from .effects import after, refined
from .expansion import expanded
from .fetched import is_concerned, narrowed
from .files import FileSystem, Kind, Origin, Write, is_within
from .given import UNKNOWN, Given, global_arguments
from .home_folders import with_kept, without_doubtful
from .image import Config
from .inline_files import with_inline_files
from .mounts import mount_targets
from .node_scripts import installs_dependencies
from .packages import Installed
from .python_environments import Installing, environment_places
from .python_folders import with_versions
from .versions import Versions
from .virtualenv import activated


@dataclass(frozen=True, slots=True)
class Layer:
    """One instruction with the world before and after it."""

    instruction: Instruction
    line: int
    """Of the instruction; of FROM for a trigger that an earlier stage left."""
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
    own_variables: Set[str] = frozenset()
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
    arguments: Mapping[str, str | None] = field(default_factory=Versions)

    @property
    def name(self) -> str | None:
        return self.node.name

    @property
    def started(self) -> FileSystem:
        """The files that a container finds: the engine makes the folders of volumes, which are not in the image."""
        files = self.files
        for volume in self.final.volumes:
            path = files.resolve(posixpath.normpath("/" + volume.lstrip("/")))
            if not files.is_directory(path):
                known = not files.may_be_directory(path)
                owner, mode = ("0:0", 0o755) if known else (None, None)
                files = files.add((Write(path, Kind.DIRECTORY, Origin("volume", volume), owner, mode=mode),))
        return files


@dataclass(frozen=True, slots=True)
class Build:
    """A whole Dockerfile, understood."""

    dockerfile: Dockerfile
    context: Context | None
    stages: tuple[StageModel, ...]
    settings: Settings = DEFAULTS
    answers: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was asked of it; see ``context.remembered``."""

    @property
    def final(self) -> StageModel:
        return self.stages[-1]


def interpret(
    dockerfile: Dockerfile, context: Context | None, settings: Settings = DEFAULTS, given: Given = UNKNOWN
) -> Build:
    """Understand a Dockerfile that BuildKit accepts."""
    arguments = global_arguments(dockerfile, given)
    context = with_inline_files(dockerfile, context) if context is not None else None
    stages: list[StageModel] = []
    for node in dockerfile.stages:
        stages.append(_stage(node, dockerfile, context, settings, arguments, given, tuple(stages)))
    return Build(dockerfile, context, tuple(stages), settings)


def _ground(facts: ImageFacts | None) -> FileSystem:
    """The base image's own files, of which only some directories are known."""
    if facts is not None and facts.family == "scratch":
        return FileSystem(bare=True)
    return FileSystem(given=directories(facts), crowded=crowded(facts))


def _stage(
    node: Stage,
    dockerfile: Dockerfile,
    context: Context | None,
    settings: Settings,
    arguments: Mapping[str, str | None],
    given: Given,
    earlier: tuple[StageModel, ...],
) -> StageModel:
    reference = expanded(node.image.text, arguments, dockerfile.escape)
    parent = next((stage for stage in reversed(earlier) if stage.name is not None and stage.name == reference), None)
    facts = parent.base if parent is not None else settings.images.image(reference) if reference is not None else None
    # Triggers run in the stage that is built on them, and go no further.
    config = replace(parent.final, onbuild=()) if parent is not None else base_config(facts)
    scope = Scope(config, parent.arguments if parent else {}, arguments, given.arguments, dockerfile.escape)
    walk = _Walk(dockerfile, context, scope, earlier, facts, settings.answers.artifacts)
    walk.files = parent.files if parent is not None else _ground(facts)
    walk.packages = Installed(list(parent.packages) if parent is not None else [], {})
    line = dockerfile.line_of(node.from_)
    for trigger in parent.final.onbuild if parent is not None else ():
        for instruction in parse(trigger).instructions:
            walk.step(instruction, line)
    for instruction in node.instructions:
        walk.step(instruction, dockerfile.line_of(instruction))
    return StageModel(
        node,
        line,
        reference,
        facts,
        parent,
        tuple(walk.layers),
        config,
        walk.config,
        walk.files,
        tuple(walk.packages.names),
        scope.arguments,
    )


class _Walk:
    """The state of one stage while its instructions are read in order."""

    def __init__(
        self,
        dockerfile: Dockerfile,
        context: Context | None,
        scope: Scope,
        earlier: tuple[StageModel, ...],
        base: ImageFacts | None,
        artifacts: tuple[str, ...] | None,
    ) -> None:
        self.dockerfile = dockerfile
        self.context = context
        self.scope = scope
        self.earlier = earlier
        self.base = base
        self.artifacts = artifacts
        self.files = FileSystem()
        self.prefixes: tuple[str | None, ...] = ()
        self.packages = Installed([], {})
        self.layers: list[Layer] = []
        self.at_home: dict[str, None] = {}

    @property
    def config(self) -> Config:
        return self.scope.config

    def step(self, instruction: Instruction, line: int) -> None:
        before, arguments = self.config, self.scope.arguments
        self.scope.apply(instruction, line)
        writes: tuple[Write, ...] = ()
        reading: Reading | None = None
        opaque: str | None = None
        if instruction.name == "RUN":
            reading = self._refined(read_run(instruction, before, arguments, line, self.prefixes), arguments)
            reading = self._answered(self._at_home(reading, instruction))
            self.prefixes = reading.prefixes
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
            named = {stage.name: stage.files for stage in self.earlier if stage.name is not None}
            stages = {str(stage.node.index): stage.files for stage in self.earlier} | named
            writes, opaque = copy_writes(
                instruction, Scene(before, self.context, stages, self.files, self.scope.expand), line
            )
        elif instruction.name == "WORKDIR" and self.config.workdir is not None:
            writes = self._made(self.config.workdir, before, line)
        self.files = self.files.add(
            writes if reading is None else (), (Origin("run", opaque, line),) if opaque is not None else ()
        )
        if reading is not None:
            self._apply_run(reading, writes)
            text = " ".join((instruction.arguments, *(heredoc.body for heredoc in instruction.heredocs)))
            self.files = without_doubtful(self.files, self.at_home, reading, text, before)
        self.layers.append(
            Layer(
                instruction,
                line,
                before,
                self.config,
                arguments,
                writes,
                reading,
                opaque,
                self.files,
                self.scope.named,
            )
        )

    def _at_home(self, reading: Reading, instruction: Instruction) -> Reading:
        """With what install scripts are sure to leave in a home directory."""
        runs = [layer.instruction.logical for layer in self.layers if layer.name == "RUN"]
        actions = []
        for action in reading.actions:
            project = None
            if installs_dependencies(action.argv):
                project = project_of(action, self.files, self.base, self.context, self._variables())
            kept = with_kept(action, project, self.config, (*runs, instruction.logical))
            self.at_home.update((write.path, None) for write in kept.writes[len(action.writes) :])
            self.at_home.update((write.path, None) for write in kept.writes if "/.cache/" in write.path)
            actions.append(kept)
        return replace(reading, actions=tuple(actions))

    def _answered(self, reading: Reading) -> Reading:
        """With what the user says that commands leave behind which are not understood."""
        if self.artifacts is None or reading.opaque is not None:
            return reading
        actions = []
        for action in reading.actions:
            if action.opaque is not None:
                origin = Origin("run", action.text, action.line)
                left = tuple(Write(path, Kind.TREE, origin, self.config.user) for path in self.artifacts)
                action = replace(action, opaque=None, writes=(*action.writes, *left))
            actions.append(action)
        return replace(reading, actions=tuple(actions))

    def _made(self, workdir: str, config: Config, line: int) -> tuple[Write, ...]:
        """The directory that WORKDIR makes where there is none, for the user that is set by then."""
        path = self.files.resolve(workdir)
        if self.files.is_directory(path):
            return ()
        origin = Origin("workdir", workdir, line)
        owner = "0:0" if config.is_root else config.user
        written = next(iter(self.files.candidates(path)), None)
        if written is not None and written.path == path:
            return (Write(path, Kind.DIRECTORY, origin, written.owner, mode=written.mode),)
        if self.files.may_be_directory(path):
            return (Write(path, Kind.DIRECTORY, origin, None),)
        return (Write(path, Kind.DIRECTORY, origin, owner, mode=0o755),)

    def _in_environment(
        self, action: Action, files: FileSystem, here: list[Action], arguments: Mapping[str, str | None]
    ) -> Action:
        """With the places to which a Python package manager installs; as it is for all else."""
        entered = activated(action.argv, action.cwd)
        if entered is not None and not files.reaches(entered):
            return replace(action, opaque=f"`{action.text}` runs a script that is not known")
        if action.facts is None or action.facts.writes != "environment":
            return action
        earlier = [*(action for layer in self.layers for action in layer.actions), *here]
        installing = Installing(action, earlier, self.config, arguments, files, self.base, self.context)
        places = environment_places(installing)
        if places is None:
            return action
        origin = Origin("run", action.text, action.line)
        user = self.config.user if self.config.user != "" else "0:0"
        writes = tuple(Write(path, Kind.TREE, origin, user, certain=action.certain) for path in places)
        return replace(action, writes=(*action.writes, *writes), opaque=None)

    def _refined(self, reading: Reading, arguments: Mapping[str, str | None]) -> Reading:
        """With what build commands leave listed path by path where the project's manifests tell it."""
        files, actions = self.files, list[Action]()
        user = self.config.user if self.config.user != "" else "0:0"
        usual_umask = all(action.program != "umask" for action in reading.actions)
        for given in reading.actions:
            given = self._in_environment(given, files, actions, arguments)
            if is_concerned(given):
                given = narrowed(given, [*(one for layer in self.layers for one in layer.actions), *actions])
            action = refined(given, files, self.config, usual_umask=usual_umask)
            if any("*" in write.path for write in action.writes):
                action = replace(action, writes=with_versions(action.writes, self.base))
            within = action.cwd is not None and any(is_within(write.path, action.cwd) for write in action.writes)
            everywhere = lists_all_places(action)
            if lists_outputs(action.program) and (within or everywhere):
                project = project_of(action, files, self.base, self.context, self._variables())
                left = outputs(project) if project is not None else None
                if left is not None:
                    origin = Origin("run", action.text, action.line)
                    exact = {write.path: write for write in action.writes if write.kind is not Kind.TREE}
                    named = tuple(
                        replace(
                            exact.get(one.path)
                            or Write(one.path, Kind.FILE if one.is_file else Kind.TREE, origin, user),
                            scratch=one.scratch,
                            certain=action.certain,
                        )
                        for one in left
                    )
                    listed = {write.path for write in named}
                    # The list stands for what the command writes anywhere in its directory, not for what it
                    # writes at a place of its own.
                    rest = tuple(
                        write
                        for write in action.writes
                        if not everywhere
                        and write.path not in listed
                        and (write.kind is not Kind.TREE or write.path != action.cwd)
                    )
                    action = replace(action, writes=(*named, *rest))
            files = after(action, files, action.writes, self.config)
            actions.append(action)
        return replace(reading, actions=tuple(actions))

    def _variables(self) -> dict[str, str | None]:
        """What a RUN sees: ARG values, and over them ENV."""
        return {**self.scope.arguments, **self.config.environment}

    def _apply_run(self, reading: Reading, lasting: tuple[Write, ...]) -> None:
        """Command by command: what is removed first and written then is there."""
        kept = {id(write) for write in lasting}
        for action in reading.actions:
            writes = [write for write in action.writes if id(write) in kept]
            self.files = after(action, self.files, writes, self.config)
            self.packages.apply(action.argv, certain=action.certain)
