"""What each instruction does to the configuration of its stage: BuildKit's rules of scope, inheritance and reset."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Set
from dataclasses import replace

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate_grammar import Instruction
from dfmigrate_grammar.durations import BadDuration, parse_duration

from .expansion import expanded, expanded_words
from .image import DEFAULT_PATH, INHERITED, Command, Config, HealthCheck
from .ports import normal_port
from .versions import Versions

_NOT_IN_SCOPE = frozenset({"BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"})
"""Arguments for the builder itself, which no instruction sees."""


def base_config(facts: ImageFacts | None) -> Config:
    """The configuration that a base image brings; unknown as a whole when triggers of it run that are not known."""
    if facts is None or facts.onbuild:
        unknown: Versions[str | None] = Versions({"PATH": None})
        return Config(environment=unknown, workdir=None, user=None, written_workdir=None, unknown=INHERITED)
    # The empty image says "/"; for others the root is what holds where nothing is set. No pack tells labels.
    written = facts.workdir if facts.workdir != "/" or facts.family == "scratch" else ""
    return Config(
        environment=Versions({"PATH": DEFAULT_PATH, **facts.environment}),
        workdir=facts.workdir or "/",
        user=facts.user,
        entrypoint=Command(facts.entrypoint, " ".join(facts.entrypoint)) if facts.entrypoint else None,
        command=Command(facts.command, " ".join(facts.command)) if facts.command else None,
        exposed=facts.exposed,
        volumes=facts.volumes,
        stop_signal=facts.stop_signal,
        written_workdir=written,
        unknown=frozenset() if facts.family == "scratch" else frozenset({"labels", "healthcheck"}),
    )


class Scope:
    """The configuration of one stage and the variables that its instructions see, instruction by instruction."""

    def __init__(
        self,
        config: Config,
        arguments: Mapping[str, str | None],
        global_arguments: Mapping[str, str | None],
        given: Mapping[str, str] | None,
        escape: str,
    ) -> None:
        self.config = config
        # A stage built on another starts with that one's ENV over its ARG.
        kept = {name: value for name, value in arguments.items() if name not in config.environment}
        self.arguments: Versions[str | None] = Versions(kept)
        self._named: Versions[None] = Versions()
        self._environment, self._labels = Versions(config.environment), Versions(config.labels)
        self._values: dict[str, str | None] = {**kept, **config.environment}
        self._global = global_arguments
        self._given = given
        self._escape = escape
        self._has_command = False
        self._exposed, self._volumes = set(config.exposed), set(config.volumes)

    @property
    def named(self) -> Set[str]:
        """What ENV and ARG have set in this stage."""
        return self._named.keys()

    def apply(self, instruction: Instruction, line: int) -> None:
        """Take one instruction into account."""
        effect = _EFFECTS.get(instruction.name)
        if effect is not None:
            self.config = effect(self, instruction, line)

    def expand(self, text: str) -> str | None:
        """``text`` with variables filled in; None when that is unknown."""
        return expanded(text, self._values, self._escape, open_ended=self._is_open)

    @property
    def _is_open(self) -> bool:
        return "environment" in self.config.unknown

    def _env(self, instruction: Instruction, line: int) -> Config:
        # All of one ENV see the values from before it.
        pairs = [(self.expand(pair.name), self.expand(pair.value or "")) for pair in instruction.pairs]
        known = {name: value for name, value in pairs if name is not None}
        unknown = self.config.unknown | ({"environment"} if len(known) < len({name for name, _ in pairs}) else set())
        # The value now comes from ENV, whatever an earlier ARG said.
        if any(name in self.arguments for name in known):
            self.arguments = self.arguments.without(known)
        self._values.update(known)
        self._named = self._named.with_items(dict.fromkeys(known))
        self._environment = self._environment.with_items(known)
        return replace(self.config, environment=self._environment, unknown=unknown)

    def _arg(self, instruction: Instruction, line: int) -> Config:
        found: dict[str, str | None] = {}
        for pair in instruction.pairs:
            if pair.name in _NOT_IN_SCOPE:
                continue
            if self._given is not None and pair.name in self._given:
                value: str | None = self._given[pair.name]
            elif pair.value is not None:
                value = self.expand(pair.value)
            elif pair.name in self._global:
                value = self._global[pair.name]
            elif self._given is not None or pair.name in self.arguments or pair.name in found:
                # Without a value it leaves what there is.
                continue
            else:
                value = None
            found[pair.name] = self._values[pair.name] = value
        self.arguments = self.arguments.with_items(found)
        self._named = self._named.with_items({pair.name: None for pair in instruction.pairs})
        return self.config

    def _label(self, instruction: Instruction, line: int) -> Config:
        pairs = instruction.pairs
        labels = {self.expand(pair.name) or pair.name: self.expand(pair.value or "") for pair in pairs}
        self._labels = self._labels.with_items(labels)
        return replace(self.config, labels=self._labels)

    def _workdir(self, instruction: Instruction, line: int) -> Config:
        path = self.expand(instruction.value)
        workdir = self.config.absolute(path) if path is not None else None
        written = path if path is not None and posixpath.isabs(path) else workdir
        if path == "":
            written = self.config.written_workdir or workdir
        return replace(self.config, workdir=workdir, written_workdir=written)

    def _user(self, instruction: Instruction, line: int) -> Config:
        return replace(self.config, user=self.expand(instruction.value))

    def _shell(self, instruction: Instruction, line: int) -> Config:
        shell = instruction.json or self.config.shell
        return replace(self.config, shell=shell, has_shell=True, unknown=self.config.unknown - {"shell"})

    def _expose(self, instruction: Instruction, line: int) -> Config:
        ports: list[str] = []
        unknown = self.config.unknown
        for word in instruction.words:
            words = expanded_words(word.text, self._values, self._escape, open_ended=self._is_open)
            found = [normal_port(each) for each in words] if words is not None else [None]
            if None in found:
                unknown |= {"exposed"}
            ports.extend(port if port is not None else word.text for port in found)
        return replace(self.config, exposed=(*self.config.exposed, *_new(ports, self._exposed)), unknown=unknown)

    def _volume(self, instruction: Instruction, line: int) -> Config:
        paths = [self.expand(word.text.strip()) for word in instruction.words]
        shown = [path or word.text for path, word in zip(paths, instruction.words, strict=True)]
        unknown = self.config.unknown | ({"volumes"} if None in paths else set())
        return replace(self.config, volumes=(*self.config.volumes, *_new(shown, self._volumes)), unknown=unknown)

    def _stop_signal(self, instruction: Instruction, line: int) -> Config:
        signal, rest = self.expand(instruction.value), self.config.unknown - {"stop_signal"}
        if signal is None:
            return replace(self.config, stop_signal=instruction.value, unknown=rest | {"stop_signal"})
        return replace(self.config, stop_signal=signal, unknown=rest)

    def _health_check(self, instruction: Instruction, line: int) -> Config:
        return replace(
            self.config, healthcheck=_health_check(instruction), unknown=self.config.unknown - {"healthcheck"}
        )

    def _cmd(self, instruction: Instruction, line: int) -> Config:
        self._has_command = True
        command = self._command(instruction, line)
        return replace(self.config, command=command, args_escaped=True, unknown=self.config.unknown - {"command"})

    def _entrypoint(self, instruction: Instruction, line: int) -> Config:
        # It resets a CMD that the base brought, not one of this stage.
        command = self.config.command if self._has_command else None
        # A trigger of a base that is not known may have set one in this stage.
        unknown = self.config.unknown - ({"entrypoint"} if self._is_open else {"entrypoint", "command"})
        return replace(self.config, entrypoint=self._command(instruction, line), command=command, unknown=unknown)

    def _onbuild(self, instruction: Instruction, line: int) -> Config:
        bodies = "".join(f"\n{heredoc.body}{heredoc.name}" for heredoc in instruction.heredocs)
        trigger = instruction.joined.line[len("ONBUILD") :].lstrip("\t\f\r ") + bodies
        return replace(self.config, onbuild=(*self.config.onbuild, trigger))

    def _command(self, instruction: Instruction, line: int) -> Command | None:
        if instruction.json is not None and not instruction.json:
            return None
        return Command(instruction.json, instruction.arguments.strip(), self.config.shell, line)


_EFFECTS: dict[str, Callable[[Scope, Instruction, int], Config]] = {
    "ARG": Scope._arg,
    "CMD": Scope._cmd,
    "ENTRYPOINT": Scope._entrypoint,
    "ENV": Scope._env,
    "EXPOSE": Scope._expose,
    "HEALTHCHECK": Scope._health_check,
    "LABEL": Scope._label,
    "ONBUILD": Scope._onbuild,
    "SHELL": Scope._shell,
    "STOPSIGNAL": Scope._stop_signal,
    "USER": Scope._user,
    "VOLUME": Scope._volume,
    "WORKDIR": Scope._workdir,
}


def _new(texts: list[str], seen: set[str]) -> list[str]:
    """What was not seen before, once; it is then."""
    found = [text for text in dict.fromkeys(texts) if text not in seen]
    seen.update(found)
    return found


def _health_check(instruction: Instruction) -> HealthCheck | None:
    check = instruction.healthcheck
    if check is None:
        return None
    if check.type == "NONE":
        return HealthCheck(("NONE",))
    test = ("CMD", *check.json) if check.json is not None else ("CMD-SHELL", check.rest)
    retries = instruction.flag("retries") or ""
    return HealthCheck(
        test,
        _duration(instruction, "interval"),
        _duration(instruction, "timeout"),
        _duration(instruction, "start-period"),
        _duration(instruction, "start-interval"),
        int(retries) if retries.isdecimal() else 0,
    )


def _duration(instruction: Instruction, flag: str) -> int:
    try:
        return parse_duration(instruction.flag(flag) or "0")
    except BadDuration:
        # The builder refuses such a file.
        return 0
