"""Replace a base image whose tags were deleted by its successor.

## What it does

`FROM openjdk:17-jdk` becomes `FROM eclipse-temurin:17-jdk`: the same Java, from the vendor that the image's page names.
Where both images set a variable that steers the language's runtime, its old value is kept.

## Why

The old tags can no longer be pulled, so that the file builds nowhere but where the image is still cached.

## When it declines

It is another build of the same thing, on another distribution perhaps, so it is a change to be reviewed. It declines
when the successor is not known to exist, when system packages are installed and the distribution differs, and when the
file names paths of the old image.
"""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.knowledge.images import ImageFacts
from dfmigrate.migration import Decline
from dfmigrate.model import Build, StageModel
from dfmigrate_grammar import Dockerfile

from .rule import Example, Proposal, Rule
from .split.environment import bridged_environment

NAME = "removed-base"


def propose(build: Build) -> Iterator[Proposal | Decline]:
    """One proposal for the stages that start from one removed image."""
    stage = next((s for s in build.stages if s.parent is None and s.base is not None and s.base.removed), None)
    if stage is None or stage.base is None:
        return
    old = stage.base
    new = _successor(build, old)
    if new is None or old.reference not in stage.node.from_.logical:
        message = f"no successor of {old.reference} is known"
        yield Decline("D11", NAME, message, "name a maintained image yourself", stage.line)
        return
    yield Proposal(
        _replaced(build, stage, old, new),
        f"{new.reference} instead of {old.reference}",
        f"{old.reference} can no longer be pulled",
        frozenset({"base"}),
        warnings=(f"{new.reference} is another build of the same version: try the application on it",),
    )


def _successor(build: Build, old: ImageFacts) -> ImageFacts | None:
    """The image that can run what the old one ran; with the compiler where the old one had it."""
    for option in old.runtimes:
        for reference in (option.reference.replace("-jre", "-jdk"), option.reference):
            new = build.settings.images.image(reference)
            compiles = "javac" in old.tools
            if new is not None and not new.removed and ("javac" in new.tools) >= compiles and new.family != old.family:
                return new
    return None


def _replaced(build: Build, stage: StageModel, old: ImageFacts, new: ImageFacts) -> Dockerfile:
    tree = build.dockerfile
    for other in build.stages:
        node = other.node.from_
        if other.parent is not None or other.base is None or other.base.reference != old.reference:
            continue
        start = node.logical.index(old.reference)
        changed = node.edit((start, start + len(old.reference)), new.reference)
        values = bridged_environment(build, old, new)
        tree = tree.replace(node, changed)
        if values:
            text = " ".join(f"{name}={value}" for name, value in values)
            tree = tree.insert_after(changed, tree.style.instruction("ENV", text))
    return tree


RULE = Rule(
    NAME,
    __doc__ or "",
    propose,
    (
        Example(
            "FROM openjdk:17-jdk-slim\nRUN apt-get update && apt-get install -y fontconfig\nCOPY app.jar ./\n"
            'CMD ["java", "-jar", "app.jar"]\n',
            None,
            {"app.jar": "x"},
            ("D11",),
        ),
        Example(
            'FROM openjdk:17-jdk-slim\nWORKDIR /app\nCOPY app.jar ./\nCMD ["java", "-jar", "app.jar"]\n',
            "FROM eclipse-temurin:17-jdk\nENV LANG=C.UTF-8 LC_ALL=C.UTF-8\nWORKDIR /app\nCOPY app.jar ./\n"
            'CMD ["java", "-jar", "app.jar"]\n',
            {"app.jar": "x"},
        ),
    ),
    safety="review",
    optional=True,
)
