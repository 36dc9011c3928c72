"""What the builder compiled or installed runs on the runtime's C library, release and language version."""

from __future__ import annotations

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.knowledge.java import major
from dfmigrate.migration import Proved
from dfmigrate.model.base_arguments import is_set_elsewhere, unfolded
from dfmigrate.model.expansion import referenced
from dfmigrate.model.static import is_static

from .case import Answers, Case, Open

_JAVA = frozenset(
    {"maven", "gradle", "openjdk", "eclipse-temurin", "amazoncorretto", "scala-sbt", "adoptopenjdk", "zulu"}
)


def check(case: Case) -> Answers:
    """Compare the builder's base with the runtime's."""
    if not case.split:
        return
    builder = case.after.stages[len(case.before.stages) - 1].base
    old, new = case.old.base, case.new.base
    if builder is None or new is None or old is None:
        yield _open(case, "D11", f"what `{case.new.reference}` holds is not known", "choose a known runtime image")
        return
    lost = _lost(case) if new.family == old.family else None
    if new.removed:
        yield _open(case, "D11", f"`{case.new.reference}` can no longer be pulled", "choose a maintained runtime image")
    elif lost is not None:
        yield _open(case, "B7", f"${lost} chooses the builder's version but not the runtime's", "use it in both")
    elif is_static(case.before):
        yield Proved("platform", ("B2", "B3"), "the program is statically linked: it needs no C library of the runtime")
    else:
        yield _pair(case, builder, new)


def _open(case: Case, code: str, message: str, hint: str) -> Open:
    return Open("platform", code, message, hint, case.old.line)


def _lost(case: Case) -> str | None:
    """A variable that chooses the builder's image, and not the runtime's."""
    followed = referenced(unfolded(case.new.node.image.text, case.after.dockerfile))
    names = referenced(case.old.node.image.text) - referenced(case.new.node.image.text)
    return min((name for name in names if not _follows(name, followed, case)), default=None)


def _pair(case: Case, builder: ImageFacts, new: ImageFacts) -> Proved | Open:
    """Both images' C library, release and language version."""
    if builder.libc != new.libc:
        message = f"the builder links {builder.libc or 'an unknown C library'}, the runtime has {new.libc or 'none'}"
        return _open(case, "B2", message, "use a runtime of the same C library")
    if builder.family in _JAVA and new.family in _JAVA:
        return _same_version(case, builder, new)
    if builder.reference == new.reference:
        return Proved("platform", ("B2", "B3", "B7"), f"builder and runtime are the same image, {new.reference}")
    if _moves_together(builder, new):
        message = f"{builder.reference} and {new.reference} are built together: same release, same {new.libc}"
        return Proved("platform", ("B2", "B3", "B7"), message)
    if new.family == builder.family and builder.version != new.version:
        message = f"{builder.reference} and {new.reference} differ in version"
        return _open(case, "B7", message, "use the same version")
    if builder.distribution != new.distribution or builder.release is None or builder.release != new.release:
        message = f"{builder.reference} and {new.reference} are not shown to be of the same release"
        return _open(case, "B3", message, "use a runtime of the same release")
    if builder.floating and not builder.release_named:
        message = f"the release behind {builder.reference} may change, that of {new.reference} does not"
        return _open(case, "B3", message, "name the release in the builder's tag")
    return _same_version(case, builder, new)


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


def _same_version(case: Case, builder: ImageFacts, new: ImageFacts) -> Proved | Open:
    brings_language = new.family in _JAVA or new.family == builder.family
    same = (builder.version or "").split(".")[0] == (new.version or "").split(".")[0]
    if brings_language and not same and not _java_version(builder, new):
        message = f"{builder.reference} and {new.reference} differ in language version"
        return _open(case, "B7", message, "use a runtime of the same version")
    message = f"{new.reference} has the C library and release of {builder.reference}"
    return Proved("platform", ("B2", "B3", "B7"), message)


def _java_version(builder: ImageFacts, new: ImageFacts) -> bool:
    """``8u392-b08`` is a version of Java 8; Maven's and Gradle's tags carry the Java version in their variant."""
    if builder.family in _JAVA and major(builder.version) is not None and major(builder.version) == major(new.version):
        return True
    return new.version is not None and new.version in builder.reference.replace(":", "-").split("-")
