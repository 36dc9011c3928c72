"""From the original's build back to answers: what the commands left behind whose effects are not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dfmigrate.model import Build, Layer
from dfmigrate.model.files import Kind
from dfmigrate.verify.archive import BadArchive
from dfmigrate.verify.build_log import Failure
from dfmigrate.verify.engine import Engine
from dfmigrate.verify.filesystem import ImageFiles
from dfmigrate.verify.images import Built, Recipe, build, facts
from dfmigrate.verify.journal import Run
from dfmigrate.verify.shelf import Shelf
from dfmigrate.verify.written import Place, Written, written


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the original's build showed."""

    artifacts: tuple[str, ...] = ()
    """All that the steps which are not understood left behind."""
    evidence: tuple[str, ...] = ()
    """What was seen, one sentence a step."""
    refusals: tuple[str, ...] = ()
    """Why nothing is learned, one sentence a step. An answer holds for all steps, so one that cannot be told of in it
    is enough."""

    @property
    def answers(self) -> dict[str, list[str]]:
        """By the names that a settings file has for them."""
        return {"artifact": list(self.artifacts)}


def open_steps(original: Build) -> tuple[Layer, ...]:
    """The RUN instructions of the final stage whose effects are not known."""
    return tuple(layer for layer in original.final.layers if layer.reading is not None and layer.opaque is not None)


def learn(
    engine: Engine, run: Run, original: Build, recipe: Recipe, say: Callable[[str], None], shelf: Shelf
) -> Lesson | Failure:
    """Build the original, and look at each open step; Failure when it does not build.

    The files are read ahead of a step and behind it: the text up to there is built as a Dockerfile of its own, which
    the builder has in its cache. It works alike with every engine, while the layers of a saved image have no line of
    the Dockerfile with them.
    """
    unlearnable = tuple(_unlearnable(original))
    if unlearnable:
        return Lesson(refusals=unlearnable)
    say("building the original")
    whole = build(engine, run, "before", bytes(original.dockerfile), recipe)
    if isinstance(whole, Failure):
        return whole
    school = _School(engine, run, original, recipe, facts(engine, whole.reference).layers, shelf)
    places: dict[str, None] = {}
    evidence, refusals = [], []
    for layer in open_steps(original):
        say(f"looking at what line {layer.line} leaves behind")
        seen = school.seen(layer)
        if isinstance(seen, Written) and not seen.beyond:
            places.update(dict.fromkeys(place.path for place in seen.places))
            evidence.append(f"{_named(layer)} left {_counted(seen.places)}")
        else:
            refusals.append(f"{_named(layer)}: {seen if isinstance(seen, str) else ' and '.join(seen.beyond)}")
    return Lesson(refusals=tuple(refusals)) if refusals else Lesson(tuple(places), tuple(evidence))


def _unlearnable(original: Build) -> Iterator[str]:
    if len(original.stages) > 1:
        yield "a file of several stages is not learned from"
        return
    steps = open_steps(original)
    for layer in steps:
        if layer.reading is not None and layer.reading.opaque is not None:
            yield f"{_named(layer)}: its script as a whole is not understood"
        if not any(layer.instruction is each for each in original.dockerfile.instructions):
            yield f"{_named(layer)}: it is a trigger of the base image"


class _School:
    """The images ahead of instructions and behind them."""

    def __init__(
        self, engine: Engine, run: Run, original: Build, recipe: Recipe, layers: tuple[str, ...], shelf: Shelf
    ) -> None:
        self.engine = engine
        self.run = run
        self.dockerfile = original.dockerfile
        self.recipe = recipe
        self.layers = layers
        self.shelf = shelf
        self.images: dict[int, ImageFiles | str] = {}

    def seen(self, layer: Layer) -> Written | str:
        """What the step left, or why that is not known."""
        instructions = list(self.dockerfile.instructions)
        number = next(number for number, each in enumerate(instructions) if each is layer.instruction)
        ahead = self._files(self.dockerfile.end_line_of(instructions[number - 1]), None)
        if isinstance(ahead, str):
            return ahead
        behind = self._files(self.dockerfile.end_line_of(layer.instruction), ahead)
        return behind if isinstance(behind, str) else written(ahead, behind, _known(layer))

    def _files(self, lines: int, known: ImageFiles | None) -> ImageFiles | str:
        if lines not in self.images:
            self.images[lines] = self._read(lines, known)
        return self.images[lines]

    def _read(self, lines: int, known: ImageFiles | None) -> ImageFiles | str:
        text = b"\n".join(bytes(self.dockerfile).split(b"\n")[:lines]) + b"\n"
        built: Built | Failure = build(self.engine, self.run, f"until-{lines}", text, self.recipe)
        if isinstance(built, Failure):
            return f"it cannot be built up to line {lines}: {built.reason}"
        layers = facts(self.engine, built.reference).layers
        if layers != self.layers[: len(layers)]:
            # The cache did not hold it, and another build may have done something else.
            return f"the image up to line {lines} is not the one that the original was built on"
        try:
            return self.shelf.kept(self.engine, self.run, built.reference, known)
        except (BadArchive, OSError) as error:
            return f"the image's files cannot be read: {error}"


def _known(layer: Layer) -> Iterator[str]:
    """Where the other commands of the same RUN are known to write, so that the answer need not name it."""
    for action in layer.actions:
        if action.opaque is None:
            yield from (write.path for write in action.writes if write.certain and write.kind is not Kind.DIRECTORY)


def _named(layer: Layer) -> str:
    text = " ".join(layer.instruction.logical.split())
    return f"line {layer.line} (`{text if len(text) <= 60 else text[:57] + '...'}`)"


def _counted(places: tuple[Place, ...]) -> str:
    if not places:
        return "nothing behind that an image keeps"
    return ", ".join(
        f"{place.path} ({_number(place.files, 'file')}, {_number(place.bytes, 'byte')})" for place in places
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
