from __future__ import annotations

import pytest

from dfmigrate_grammar import ImageReference, parse

from .reading import only

Parts = tuple[str | None, str, str | None, str | None]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("node", (None, "node", None, None)),
        ("node:20-slim", (None, "node", "20-slim", None)),
        ("library/node", (None, "library/node", None, None)),
        ("example.org/a/b:c", ("example.org", "a/b", "c", None)),
        ("localhost/a", ("localhost", "a", None, None)),
        ("localhost:5000/a", ("localhost:5000", "a", None, None)),
        ("host:5000/a:b", ("host:5000", "a", "b", None)),
        ("node@sha256:0a", (None, "node", None, "sha256:0a")),
        ("example.org/node:20@sha256:0a", ("example.org", "node", "20", "sha256:0a")),
        ("node:", (None, "node", "", None)),
        ("scratch", (None, "scratch", None, None)),
        ("$BASE", (None, "$BASE", None, None)),
        ("${BASE:-node:20}", (None, "${BASE:-node:20}", None, None)),
        ("node:${TAG:-20}-slim", (None, "node", "${TAG:-20}-slim", None)),
        ("${HOST:-a.b}/node:$TAG", (None, "${HOST:-a.b}/node", "$TAG", None)),
        ("node:${A:-${B:-c}}", (None, "node", "${A:-${B:-c}}", None)),
    ],
)
def test_parts_of_an_image(text: str, parts: Parts) -> None:
    image = ImageReference(text)
    assert (image.registry, image.name, image.tag, image.digest) == parts
    assert image.has_variables == ("$" in text)
    prefix = f"{image.registry}/" if image.registry else ""
    assert image.repository == prefix + image.name


@pytest.mark.parametrize(
    ("source", "image", "name", "platform"),
    [
        ("FROM a", "a", None, None),
        ("FROM a AS Build", "a", "build", None),
        ("from a aS b", "a", "b", None),
        ("FROM a a\u017f b", "a", None, None),
        ("FROM --platform=$BUILDPLATFORM a as b", "a", "b", "$BUILDPLATFORM"),
        ("FROM a b c", "a", None, None),
        ("FROM a as", "a", None, None),
    ],
)
def test_from(source: str, image: str, name: str | None, platform: str | None) -> None:
    instruction = only(source)
    assert instruction.image == ImageReference(image)
    if "\u017f" not in source:
        assert instruction.stage_name == name
    assert instruction.platform == platform


def test_the_long_s_is_an_s_for_go() -> None:
    assert only("FROM a a\u017f b").stage_name == "b"


def test_from_nothing() -> None:
    assert only("FROM").image is None
    assert only("RUN a").image is None
    assert only("RUN --platform=a b").platform is None


def test_stages() -> None:
    tree = parse("ARG A\nARG B=1\nFROM a AS One\nARG C\nRUN b\nFROM one\nCMD c\n")
    assert [instruction.logical for instruction in tree.global_args] == ["A", "B=1"]
    first, second = tree.stages
    assert (first.index, first.name, first.image.text) == (0, "one", "a")
    assert [instruction.name for instruction in first.instructions] == ["ARG", "RUN"]
    assert (second.index, second.name, second.image.text) == (1, None, "one")
    assert [instruction.name for instruction in second.instructions] == ["CMD"]
    assert first.from_ is tree.instructions[2]


@pytest.mark.parametrize("source", ["", "RUN a\n", "ARG A\n# c\n", "garbage\n"])
def test_a_file_without_stages(source: str) -> None:
    assert parse(source).stages == ()


def test_a_from_without_image_still_begins_a_stage() -> None:
    (stage,) = parse("FROM\nRUN a\n").stages
    assert stage.image.text == ""
    assert len(stage.instructions) == 1
