"""What the user says of images that no pack knows: mirrors of known images, and private images that are like one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from dfmigrate.knowledge.images import ImageFacts, Runtime, User, image


@dataclass(frozen=True, slots=True)
class Mirror:
    """The same images under another name: ``registry.example/mirror/*`` for ``*``."""

    pattern: str
    """A reference with exactly one ``*``."""
    original: str
    """Likewise; the ``*`` stands for the same text."""

    def original_of(self, reference: str) -> str | None:
        """The well-known name of a mirrored image, or None for any other."""
        return _carried(reference, self.pattern, self.original)

    def mirrored(self, reference: str) -> str | None:
        """The name under which the mirror has a well-known image, or None when it has not."""
        return _carried(reference, self.original, self.pattern)


@dataclass(frozen=True, slots=True)
class PrivateImage:
    """An image of the user's own that was made from a known one."""

    pattern: str
    """A reference; one ``*`` in it stands for any text, and for the same in ``like`` and ``runtime``."""
    like: str
    """The known image that it was made from: what is known of that one holds of this one, but for what follows."""
    runtime: str | None = None
    """A smaller image of the user's own that runs what this one builds."""
    environment: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Variables that it adds or changes."""
    workdir: str | None = None
    user: str | None = None
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    tools: tuple[str, ...] = ()
    """Programs that it brings beside those of the known image."""
    users: tuple[User, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlay:
    """The user's own facts on images. The first entry that fits a reference counts, private images before mirrors."""

    mirrors: tuple[Mirror, ...] = ()
    images: tuple[PrivateImage, ...] = ()

    def image(self, reference: str) -> ImageFacts | None:
        """Return the facts of ``reference``, or None when neither the user nor a pack knows it."""
        if not self.mirrors and not self.images:
            return image(reference)
        for private in self.images:
            like = _carried(reference, private.pattern, private.like)
            if like is not None:
                return self._private(private, reference, like)
        for mirror in self.mirrors:
            original = mirror.original_of(reference)
            facts = image(original) if original is not None else None
            if facts is not None:
                return _renamed(facts, reference, mirror)
        return image(reference)

    def _private(self, private: PrivateImage, reference: str, like: str) -> ImageFacts | None:
        facts = Overlay(self.mirrors).image(like)
        if facts is None:
            return None
        runtime = _carried(reference, private.pattern, private.runtime) if private.runtime is not None else None
        taken = {user.uid for user in private.users}
        return replace(
            facts,
            reference=reference,
            version_span=None,
            release_named=False,
            archive=None,
            floating=True,
            environment=MappingProxyType({**facts.environment, **private.environment}),
            workdir=private.workdir if private.workdir is not None else facts.workdir,
            user=private.user if private.user is not None else facts.user,
            entrypoint=private.entrypoint if private.entrypoint is not None else facts.entrypoint,
            command=private.command if private.command is not None else facts.command,
            passthrough=facts.passthrough if private.entrypoint is None else not private.entrypoint,
            users=(*private.users, *(user for user in facts.users if user.uid not in taken)),
            tools=facts.tools | frozenset(private.tools),
            runtimes=(Runtime(runtime, "T3", True, None, "", ""),) if runtime is not None else (),
            source=f"settings: {private.pattern}",
        )


def _carried(text: str, pattern: str, target: str) -> str | None:
    """What ``*`` stands for in the one, put into the other; None when the pattern does not fit."""
    start, star, end = pattern.partition("*")
    if not star:
        return target if text == pattern else None
    if len(text) < len(start) + len(end) or not text.startswith(start) or not text.endswith(end):
        return None
    return target.replace("*", text[len(start) : len(text) - len(end)], 1)


def _renamed(facts: ImageFacts, reference: str, mirror: Mirror) -> ImageFacts:
    """The same facts under the mirror's names; a runtime that the mirror has not keeps its own."""
    runtimes = tuple(
        replace(
            runtime,
            reference=_within(mirror, facts.reference, runtime.reference),
            pins=_within(mirror, facts.reference, runtime.pins) if runtime.pins is not None else None,
        )
        for runtime in facts.runtimes
    )
    return replace(
        facts, reference=reference, version_span=_moved(facts, reference), runtimes=runtimes, source=facts.source
    )


def _within(mirror: Mirror, original: str, reference: str) -> str:
    """``*`` mirrors one registry, so another registry's images are not under its name."""
    if _registry(original) != _registry(reference):
        return reference
    return mirror.mirrored(reference) or reference


def _registry(reference: str) -> str:
    first, slash, _ = reference.partition("/")
    return first if slash and ("." in first or ":" in first) else ""


def _moved(facts: ImageFacts, reference: str) -> tuple[int, int] | None:
    """Where the version stands under the other name: as far from its end, if it is there."""
    if facts.version_span is None or facts.version is None:
        return None
    shift = len(reference) - len(facts.reference)
    start, end = facts.version_span[0] + shift, facts.version_span[1] + shift
    return (start, end) if start >= 0 and reference[start:end] == facts.version else None
