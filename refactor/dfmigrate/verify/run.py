"""The whole way: both files built, their images compared, both started, and one source file touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dfmigrate.model import Build, StageModel
from dfmigrate.verify.archive import BadArchive
from dfmigrate.verify.behaviour import compare, failure_of
from dfmigrate.verify.blame import placed
from dfmigrate.verify.build_log import Failure
from dfmigrate.verify.cause import Causes
from dfmigrate.verify.compare import compare as compare_images
from dfmigrate.verify.configuration import image_config
from dfmigrate.verify.engine import Engine, EngineError
from dfmigrate.verify.filesystem import ImageFiles
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.image import ImageFacts
from dfmigrate.verify.images import Built, Recipe, build, facts
from dfmigrate.verify.journal import Run
from dfmigrate.verify.observe import Question, Subject, observe
from dfmigrate.verify.pair import Image
from dfmigrate.verify.rebuild import copied_context, rebuild, source_to_touch
from dfmigrate.verify.shelf import Shelf
from dfmigrate.verify.sizes import contributions
from dfmigrate.verify.verification import Rebuild, Side, Verification


@dataclass(frozen=True, slots=True)
class Plan:
    """What is verified, and how."""

    path: str
    """As the user named it."""
    original: Build
    migrated: Build
    recipe: Recipe
    question: Question
    declared: frozenset[str] = frozenset()
    """The configuration fields that the migration changes on purpose."""


@dataclass(frozen=True, slots=True)
class _Verifier:
    engine: Engine
    run: Run
    plan: Plan
    say: Callable[[str], None]
    shelf: Shelf

    @property
    def texts(self) -> tuple[bytes, bytes]:
        return bytes(self.plan.original.dockerfile), bytes(self.plan.migrated.dockerfile)

    def build(self, name: str, dockerfile: bytes) -> Built | Failure:
        return build(self.engine, self.run, name, dockerfile, self.plan.recipe)


def verify(
    engine: Engine, run: Run, plan: Plan, say: Callable[[str], None], shelf: Shelf | None = None
) -> Verification:
    """Prove a migration, or say what it breaks, and measure rebuilds; EngineError when the engine cannot do its part.

    ``say`` is told what is done next. What is made on the engine is left for the caller to clear away.
    """
    answer = proved(engine, run, plan, say, shelf)
    if answer.after.image is None:
        return answer
    return _rebuilt(_Verifier(engine, run, plan, say, Shelf()), answer)


def proved(
    engine: Engine, run: Run, plan: Plan, say: Callable[[str], None], shelf: Shelf | None = None
) -> Verification:
    """As ``verify``, without the rebuilds after an edit, which decide nothing."""
    one = _Verifier(engine, run, plan, say, Shelf() if shelf is None else shelf)
    old, new = one.texts
    answer = Verification(plan.path, engine.title, Side(old), Side(new), limits=engine.limits)
    say("building the original")
    first = one.build("before", old)
    if isinstance(first, Failure):
        return unproved(one.engine, one.plan, first)
    images = [facts(engine, first.reference)]
    answer = replace(answer, before=_side(old, images[0], first))
    say("building the migrated file")
    second = one.build("after", new)
    if isinstance(second, Failure):
        # The network, not the file, may have failed; the second time says.
        say("building the migrated file again")
        second = one.build("after", new)
    if isinstance(second, Failure):
        return replace(answer, after=Side(new, failure=second), findings=(_unbuilt(second),))
    images.append(facts(engine, second.reference))
    answer = replace(answer, after=_side(new, images[1], second))
    answer = _compared(one, answer, (first, second), (images[0], images[1]))
    if engine.runs:
        answer = _started(one, answer, (first, second), (images[0], images[1]))
    return answer


def unproved(engine: Engine, plan: Plan, failure: Failure) -> Verification:
    """The answer where the original itself does not build."""
    old, new = bytes(plan.original.dockerfile), bytes(plan.migrated.dockerfile)
    reason = f"it does not build: {_at(failure)}"
    return Verification(
        plan.path, engine.title, Side(old, failure=failure), Side(new), original_fails=reason, limits=engine.limits
    )


def _at(failure: Failure) -> str:
    return failure.reason if failure.line is None else f"{failure.reason} (line {failure.line})"


def _unbuilt(failure: Failure) -> Finding:
    message = f"the migrated file does not build: {failure.reason}"
    subject = failure.step or "build"
    return Finding("build", "A6", Weight.BROKEN, subject, message, "builds", failure.tail, failure.line)


def _side(dockerfile: bytes, image: ImageFacts, built: Built) -> Side:
    return Side(dockerfile, image, built.seconds, built.steps)


def _compared(
    one: _Verifier, answer: Verification, built: tuple[Built, Built], images: tuple[ImageFacts, ImageFacts]
) -> Verification:
    """With what the images' files and configurations say; nothing is started for it."""
    one.say("comparing files and configuration")
    try:
        bases = _bases(one)
        before, after = (_image(one, *each) for each in zip(built, images, bases, strict=True))
    except (BadArchive, OSError) as error:
        finding = Finding("files", "", Weight.INCOMPARABLE, "files", f"the images' files cannot be read: {error}")
        return replace(answer, findings=(*answer.findings, finding))
    plan = one.plan
    found = compare_images(before, after, plan.original, plan.migrated, plan.declared)
    return replace(
        answer,
        before=replace(answer.before, parts=contributions(before, plan.original)),
        after=replace(answer.after, parts=contributions(after, plan.migrated)),
        findings=(*answer.findings, *found),
    )


def _image(one: _Verifier, built: Built, described: ImageFacts, base: ImageFiles | None) -> Image:
    files = one.shelf.read(one.engine, one.run, built.reference, base)
    return Image(files, image_config(described.config), base)


def _bases(one: _Verifier) -> tuple[ImageFiles | None, ImageFiles | None]:
    """The files of the images that the final stages rest on; one that cannot be had is None."""
    texts = [base_dockerfile(build) for build in (one.plan.original, one.plan.migrated)]
    found: dict[bytes | None, ImageFiles | None] = {None: ImageFiles()}
    for number, text in enumerate(texts):
        if text in found:
            continue
        assert text is not None
        built = one.build(f"base{number}", text)
        found[text] = None if isinstance(built, Failure) else one.shelf.base(one.engine, one.run, built.reference)
    return found[texts[0]], found[texts[1]]


def base_dockerfile(build: Build) -> bytes | None:
    """A Dockerfile whose image is the base of the final stage; None where that is ``scratch``.

    A builder may pull a base without listing it among the engine's images; as a build it is always to be had.
    """
    root: StageModel = build.final
    while root.parent is not None:
        root = root.parent
    if root.node.image.text.lower() == "scratch":
        return None
    flags = "".join(f"--{flag.name}={flag.value} " for flag in root.node.from_.flags)
    arguments = "".join(f"{argument.name} {argument.logical}\n" for argument in build.dockerfile.global_args)
    return f"{arguments}FROM {flags}{root.node.image.text}\n".encode("utf-8", "surrogateescape")


def _started(
    one: _Verifier, answer: Verification, built: tuple[Built, Built], images: tuple[ImageFacts, ImageFacts]
) -> Verification:
    """With what both were seen to do. The original is started twice, to know what varies and what fails anyway."""
    question = _question(one.plan.question, images[0])
    before, after = (
        Subject(name, each.reference, image.config)
        for name, each, image in zip(("before", "after"), built, images, strict=True)
    )
    one.say("starting the original")
    once = observe(one.engine, one.run, before, question)
    one.say("starting the original again")
    again = observe(one.engine, one.run, before, question, once)
    answer = replace(answer, before=replace(answer.before, behaviour=once))
    statuses = tuple(status for _, status in question.http)
    failures = [failure_of(seen, statuses) for seen in (once, again)]
    failure = failures[0] or failures[1]
    if failure is not None:
        steady = all(failures)
        return replace(answer, original_fails=failure if steady else f"it fails one time of two: {failure}")
    one.say("starting the migrated image")
    seen = observe(one.engine, one.run, after, question, once)
    found = compare(once, seen, again)
    if any(finding.weight is Weight.BROKEN for finding in found):
        one.say("starting the migrated image again")
        found = _confirmed(found, compare(once, observe(one.engine, one.run, after, question, once), again))
    found = placed(found, Causes(one.plan.migrated))
    return replace(answer, after=replace(answer.after, behaviour=seen), findings=(*answer.findings, *found))


def _confirmed(found: tuple[Finding, ...], second: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """A difference counts when it is seen twice."""
    seen = {finding.subject for finding in second if finding.weight is Weight.BROKEN}
    return tuple(
        finding
        if finding.weight is not Weight.BROKEN or finding.subject in seen
        else replace(finding, weight=Weight.INCOMPARABLE, message=f"{finding.message}, one time of two")
        for finding in found
    )


def _question(question: Question, original: ImageFacts) -> Question:
    """With the port that the original declares, where HTTP is asked and none is named."""
    if not question.http or question.start.port is not None:
        return question
    declared = sorted(original.config.get("ExposedPorts") or ())
    ports = [int(port.partition("/")[0]) for port in declared if not port.endswith("/udp")]
    if len(ports) != 1:
        raise EngineError(f"the image declares {len(ports)} ports: name the one to ask with --port N")
    return replace(question, start=replace(question.start, port=ports[0]))


def _rebuilt(one: _Verifier, answer: Verification) -> Verification:
    """With what an edit costs before and after."""
    context = one.plan.original.context
    file = source_to_touch(context) if context is not None else None
    if file is None:
        return replace(answer, limits=(*answer.limits, "no source file to touch: rebuilds are not measured"))
    copy = copied_context(one.run, one.plan.recipe.context)
    if isinstance(copy, str):
        return replace(answer, limits=(*answer.limits, copy))
    one.say(f"building both again after a touch of {file}")
    recipe = replace(one.plan.recipe, context=copy)
    rebuilds: list[Rebuild] = []
    for name, text in zip(("before", "after"), one.texts, strict=True):
        done = rebuild(one.engine, one.run, f"{name}-touched", text, recipe, file)
        if isinstance(done, Failure):
            why = f"the {name} build fails after a touch of {file}: {_at(done)}"
            return replace(answer, limits=(*answer.limits, why))
        rebuilds.append(done)
    return replace(
        answer,
        before=replace(answer.before, rebuild=rebuilds[0]),
        after=replace(answer.after, rebuild=rebuilds[1]),
    )
