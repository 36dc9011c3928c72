"""What the builder compiled or installed runs on the runtime's C library, release and language version."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.java import major
from dfmigrate.migration import Proved
from dfmigrate.model.base_arguments import is_set_elsewhere, unfolded
from dfmigrate.model.expansion import referenced
from dfmigrate.model.static import is_static

from .case import Answers, Case, Open

_JAVA = frozenset({"maven", "gradle", "openjdk", "eclipse-temurin", "amazoncorretto", "scala-sbt", "adoptopenjdk"})


def check(case: Case) -> Answers:
    """Compare the builder's base with the runtime's."""
    if not case.split:
        return
    builder = case.after.stages[len(case.before.stages) - 1].base
    old, new = case.old.base, case.new.base
    line = case.old.line
    if builder is None or new is None or old is None:
        yield Open(
            "platform",
            "D11",
            f"what `{case.new.reference}` holds is not known",
            "choose a runtime image that is known",
            line,
        )
        return
    if new.removed:
        yield Open(
            "platform",
            "D11",
            f"`{case.new.reference}` can no longer be pulled",
            "choose a maintained runtime image",
            line,
        )
        return
    followed = referenced(unfolded(case.new.node.image.text, case.after.dockerfile))
    lost = {
        name
        for name in referenced(case.old.node.image.text) - referenced(case.new.node.image.text)
        if not _follows(name, followed, case)
    }
    if lost and new.family == old.family:
        yield Open(
            "platform",
            "B7",
            f"${sorted(lost)[0]} chooses the builder's version but not the runtime's",
            "use it in both",
            line,
        )
        return
    if is_static(case.before):
        yield Proved("platform", ("B2", "B3"), "the program is statically linked: it needs no C library of the runtime")
        return
    if builder.libc != new.libc:
        yield Open(
            "platform",
            "B2",
            f"the builder links {builder.libc or 'an unknown C library'}, the runtime has {new.libc or 'none'}",
            "use a runtime of the same C library",
            line,
        )
        return
    if builder.family in _JAVA and new.family in _JAVA:
        yield from _same_version(builder, new, line)
        return
    if builder.reference == new.reference:
        yield Proved("platform", ("B2", "B3", "B7"), f"builder and runtime are the same image, {new.reference}")
        return
    if _moves_together(builder, new):
        yield Proved(
            "platform",
            ("B2", "B3", "B7"),
            f"{builder.reference} and {new.reference} are built together: same release, same {new.libc}",
        )
        return
    if new.family == builder.family and builder.version != new.version:
        yield Open(
            "platform", "B7", f"{builder.reference} and {new.reference} differ in version", "use the same version", line
        )
        return
    if builder.distribution != new.distribution or builder.release is None or builder.release != new.release:
        yield Open(
            "platform",
            "B3",
            f"{builder.reference} and {new.reference} are not shown to be of the same release",
            "use a runtime of the same release",
            line,
        )
        return
    if builder.floating and not builder.release_named:
        yield Open(
            "platform",
            "B3",
            f"the release behind {builder.reference} may change, that of {new.reference} does not",
            "name the release in the builder's tag",
            line,
        )
        return
    yield from _same_version(builder, new, line)


def _follows(name: str, followed: frozenset[str], case: Case) -> bool:
    """Whether a variable only hands on others that the runtime refers to, and nothing gives it a value of its own."""
    own = referenced(unfolded(f"${{{name}}}", case.before.dockerfile))
    return name not in own and own <= followed and not is_set_elsewhere(name, case.context)


def _moves_together(builder: ImageFacts, new: ImageFacts) -> bool:
    """Two variants of one family and version, neither of which names another release than the other."""
    return (
        builder.family == new.family
        and builder.version == new.version
        and builder.release == new.release
        and builder.release_named == new.release_named
    )


def _same_version(builder: ImageFacts, new: ImageFacts, line: int) -> Answers:
    brings_language = new.family in _JAVA or new.family == builder.family
    if (
        brings_language
        and (builder.version or "").split(".")[0] != (new.version or "").split(".")[0]
        and not _java_version(builder, new)
    ):
        yield Open(
            "platform",
            "B7",
            f"{builder.reference} and {new.reference} differ in language version",
            "use a runtime of the same version",
            line,
        )
        return
    yield Proved(
        "platform", ("B2", "B3", "B7"), f"{new.reference} has the C library and release of {builder.reference}"
    )


def _java_version(builder: ImageFacts, new: ImageFacts) -> bool:
    """``8u392-b08`` is a version of Java 8; Maven's and Gradle's tags carry the Java version in their variant."""
    if builder.family in _JAVA and major(builder.version) is not None and major(builder.version) == major(new.version):
        return True
    return new.version is not None and new.version in builder.reference.replace(":", "-").split("-")
