"""What was understood of a Dockerfile, instruction by instruction, with the evidence: for those who ask why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dfmigrate.context import Context
from dfmigrate.context.node import node_project
from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.packages import build_only_unless_called, is_build_only
from dfmigrate.knowledge.releases import stable_runtime_packages
from dfmigrate.migration import Decline, Migration
from dfmigrate.model import Action, Build, Config, Kind, Layer, StageModel, Write
from dfmigrate.model.called import Called, called_programs
from dfmigrate.model.dependencies import dependencies
from dfmigrate.model.inline_files import holder_of
from dfmigrate.model.inputs import inputs
from dfmigrate.model.node_scripts import node_script
from dfmigrate.model.packages import installation, package_name
from dfmigrate.model.process import effective_process, started
from dfmigrate.model.runtime_files import consumed_languages, may_be_read
from dfmigrate.model.starts import served
from dfmigrate.review.visible import sentence, visible

_MOST_PATHS = 6
"""More paths than this are counted, not listed."""
_MOST_WORDS = 60
_READS = {"project": "perhaps anything below its folder", "arguments": "what its arguments name"}
_TOLD = frozenset({"dependency-install", "build", "test", "download", "system-packages"})
"""Of other commands, what they read and need is no question that anybody asks."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said: what it is about, and the words. ``open`` marks what is unknown or was not done."""

    label: str
    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One instruction, or one question about the whole file."""

    title: str
    line: int | None
    said: tuple[Said, ...]


def explain(migration: Migration) -> Iterator[Section]:
    """Every instruction with what it means, then the image, what runs in it, and what was decided.

    Nothing for a file that was not understood at all.
    """
    build = migration.understood
    if build is None:
        return
    for stage in build.stages:
        yield Section(f"FROM {stage.node.image.text}", stage.line, tuple(_base(stage)))
        for layer in stage.layers:
            yield Section(_title(layer), layer.line, tuple(_layer(layer, stage, build)))
    yield Section("The image", None, tuple(_configuration(build.final.final)))
    yield Section("What runs in it", None, tuple(_process(build)))
    yield Section("What was decided", None, tuple(_decisions(migration)))


def _title(layer: Layer) -> str:
    text = _one_line(f"{layer.name} {layer.instruction.logical}")
    return text if len(text) <= 100 else f"{text[:97]}..."


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _base(stage: StageModel) -> Iterator[Said]:
    if stage.parent is not None:
        yield Said("stage", f"built on the stage {stage.parent.name}")
        return
    facts = stage.base
    if facts is None:
        name = stage.reference or "a name that only the build knows"
        yield Said("unknown", f"nothing is known of {name}: its release, programs, users and environment", open=True)
        return
    yield Said("image", _image(facts))
    if facts.toolchain or facts.tools:
        tools = sorted(facts.tools)
        brings = [*(["compilers and headers"] if facts.toolchain else []), *tools[:_MOST_PATHS]]
        more = len(tools) - _MOST_PATHS
        yield Said("brings", ", ".join(brings) + (f" and {more} more programs" if more > 0 else ""))
    for runtime in facts.runtimes:
        pinned = f", if the builder is pinned to {runtime.pins}" if runtime.pins is not None else ""
        condition = f", for {runtime.condition}" if runtime.condition else ""
        yield Said("runtime", f"{runtime.reference} can run what it builds ({runtime.rung}{pinned}{condition})")
    if facts.root_required is not None:
        yield Said("root", facts.root_required)
    if facts.removed or facts.end_of_life:
        gone = "it can no longer be pulled" if facts.removed else "its version is no longer maintained"
        yield Said("old", gone, open=True)
    yield Said("source", facts.source)


def _image(facts: ImageFacts) -> str:
    name = f"{facts.family} {facts.version}" if facts.version else facts.family
    if facts.distribution is None:
        return name
    release = f"{facts.distribution} {facts.release}" if facts.release else f"{facts.distribution}, release unknown"
    moves = "; the release behind this tag may change" if facts.floating else ""
    return f"{name} on {release}{f' ({facts.libc})' if facts.libc else ''}{moves}"


def _layer(layer: Layer, stage: StageModel, build: Build) -> Iterator[Said]:
    if layer.name == "RUN":
        for action in layer.actions:
            yield from _action(action, layer, stage, build)
        if layer.opaque is not None and not any(action.opaque for action in layer.actions):
            yield Said("unknown", f"it may have written anywhere: {layer.opaque}", open=True)
        return
    if layer.opaque is not None:
        yield Said("unknown", layer.opaque, open=True)
    if layer.writes:
        yield Said("writes", _writes(layer.writes))
    if layer.name == "ARG":
        for pair in layer.instruction.pairs:
            value = build.final.arguments.get(pair.name)
            yield Said("value", f"{pair.name} is {value!r}" if value is not None else f"{pair.name} is up to the build")


def _action(action: Action, layer: Layer, stage: StageModel, build: Build) -> Iterator[Said]:
    text = _one_line(action.text)
    name = text if len(text) <= _MOST_WORDS else f"{text[: _MOST_WORDS - 3]}..."
    if action.opaque is not None:
        yield Said(name, f"unknown: {action.opaque}; it may have written anywhere", open=True)
        return
    told = [action.role.replace("-", " ")]
    if not action.certain:
        told.append("under a condition, in a pipeline or in a subshell")
    script = _script(action, build)
    if script is not None:
        told.append(f"package.json says `{_one_line(script)}`")
    told.extend(_packages(action, stage))
    read = _reads(action, layer, build)
    if read:
        told.append(f"reads {read}")
    if action.writes:
        told.append(f"writes {_writes(action.writes)}")
    told.extend(_needs(action, layer))
    yield Said(name, "; ".join(told))


def _packages(action: Action, stage: StageModel) -> Iterator[str]:
    done = installation(action.argv)
    if done is None or stage.base is None or stage.base.distribution is None:
        return
    for word in done.packages:
        name = package_name(word)
        libraries = stable_runtime_packages(stage.base, name)
        programs = build_only_unless_called(stage.base.distribution, name)
        if libraries is not None:
            yield f"{name} for building, {' and '.join(libraries) or 'nothing'} at run time"
        elif is_build_only(stage.base.distribution, name):
            yield f"{name} for building only"
        elif programs is not None:
            yield f"{name} for building, unless the application calls {' or '.join(sorted(programs)[:3])}"
        else:
            yield f"{name} stays"


def _script(action: Action, build: Build) -> str | None:
    """What stands behind ``npm run NAME``."""
    name = node_script(action.argv)
    node = node_project(build.context) if build.context is not None and name is not None else None
    return node.scripts.get(name) if node is not None and name is not None else None


def _reads(action: Action, layer: Layer, build: Build) -> str:
    if action.role == "dependency-install" and build.context is not None:
        read = inputs(action, build.context, layer)
        if read is not None:
            return _listed(sorted(read)) if read else "nothing of the context"
    named = action.facts.reads if action.facts is not None else ()
    words = [_READS.get(name, name) for name in named]
    return _listed(words) if action.role in _TOLD else ""


def _needs(action: Action, layer: Layer) -> Iterator[str]:
    """What must be there for it: the network, a lock file, other programs; and where it keeps downloads."""
    facts = action.facts
    if facts is None or action.role not in _TOLD:
        return
    needs = [*(["the network"] if facts.network else []), *([" or ".join(facts.lock)] if facts.lock else [])]
    if needs:
        yield f"needs {' and '.join(needs)}"
    if facts.tools:
        yield f"may call {_listed(facts.tools)}"
    at_home = layer.after.is_root and "HOME" not in layer.after.environment
    caches = [path for path in facts.caches if at_home or not path.startswith("/root/")]
    if caches:
        yield f"caches by default in {_listed(caches)}"


def _writes(writes: Sequence[Write]) -> str:
    named = []
    for write in writes:
        path = visible(write.path)
        if write.kind is Kind.TREE:
            path = f"below {path}"
        elif write.kind is Kind.DIRECTORY:
            path = f"{path}/"
        named.append(f"{path} ({'for the build only' if write.scratch else 'perhaps'})" if _notable(write) else path)
    owners = {write.owner for write in writes} - {"0:0", "", None}
    owner = f", owned by {' and '.join(sorted(str(each) for each in owners))}" if owners else ""
    return _listed(named) + owner


def _notable(write: Write) -> bool:
    return write.scratch or not write.certain


def _listed(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(names))
    more = len(shown) - _MOST_PATHS
    return ", ".join(shown[:_MOST_PATHS]) + (f" and {more} more" if more > 0 else "")


def _configuration(config: Config) -> Iterator[Said]:
    yield Said("user", "unknown" if config.user is None else config.user or "root", open=config.user is None)
    yield Said("workdir", config.workdir or "unknown", open=config.workdir is None)
    variables = [f"{name}={value}" if value is not None else f"{name}=?" for name, value in config.environment.items()]
    yield Said("environment", visible(" ".join(variables)))
    for label, values in (("ports", config.exposed), ("volumes", config.volumes)):
        if values:
            yield Said(label, visible(", ".join(values)))
    for label, command in (("entrypoint", config.entrypoint), ("command", config.command)):
        if command is not None:
            origin = f"line {command.line}" if command.line is not None else "of the base image"
            yield Said(label, f"{visible(command.text)} ({origin})")
    if config.stop_signal is not None:
        yield Said("stops by", config.stop_signal)


def _process(build: Build) -> Iterator[Said]:
    starts = served(build.final.final, build.context)
    if effective_process(build.final.final) is None and len(starts) == 1:
        yield Said("starts", "nothing: this is an image to build on", open=True)
        return
    if build.context is None:
        yield Said("unknown", "what the application reads and calls: there is no build context to look at", open=True)
        return
    for text in dict.fromkeys(" ".join(started(one) or ()) for one in starts[1:]):
        yield Said("started as", f"{visible(text)} (by another file of the project)")
    yield from _files(build, build.context)
    known = called_programs(build)
    for name in dict.fromkeys(call.program for call in known if call.program is not None):
        places = [_place(call, build) for call in known if call.program == name]
        yield Said("calls", f"{visible(name)} ({_listed(places)})")
    for call in known:
        if call.program is None:
            yield Said(
                "unknown",
                f"what else it calls: not all of it can be read in the text ({_place(call, build)})",
                open=True,
            )
    libraries = dependencies(build)
    if libraries is None:
        yield Said("unknown", "its libraries: not every install command's manifest could be read", open=True)
    elif libraries:
        for path in dict.fromkeys(need.path for need in libraries):
            yield Said("libraries", f"{_listed([n.name for n in libraries if n.path == path])} ({visible(path)})")


def _files(build: Build, context: Context) -> Iterator[Said]:
    known = consumed_languages(build)
    sent = sorted(context.files.keys() - context.inline)
    only_built = [path for path in sent if not may_be_read(path, known, build, context)]
    left = len(sent) - len(only_built)
    behind = f"; only a build reads {_listed([visible(path) for path in only_built])}" if only_built else ""
    yield Said("files", f"{left} of the {len(sent)} files of the build context may be read{behind}")
    if not context.complete:
        yield Said("unknown", "the rest of the build context: it is too large to be listed", open=True)


def _place(call: Called, build: Build) -> str:
    if call.path is None:
        return call.by.value
    holder = holder_of(call.path, build.dockerfile)
    if holder is not None:
        return f"the file in line {build.dockerfile.line_of(holder)}"
    return f"{visible(call.path)}:{call.line}" if call.line is not None else visible(call.path)


def _decisions(migration: Migration) -> Iterator[Said]:
    for step in migration.steps:
        yield Said(step.rule, sentence(f"{step.title}: {step.reason}"))
    for decline in migration.declines:
        yield Said(decline.rule, _declined(decline), open=True)
    if not migration.steps and not migration.declines:
        yield Said("nothing", "no rule has anything to do here")


def _declined(decline: Decline) -> str:
    where = visible(decline.path) if decline.path is not None else ""
    if decline.line is not None:
        where = f"{where}:{decline.line}" if where else f"line {decline.line}"
    said = f"not done [{decline.code}]{f' ({where})' if where else ''}: {sentence(decline.message)}"
    return f"{said}; {decline.hint}" if decline.hint else said
