"""Every byte of an image belongs to the base, to a stage that is copied from, or to the final stage."""

from __future__ import annotations

from dfmigrate.verify.sizes import Part, contributions

from .archives import DOCKERFILE, Entry, build, image


def test_each_part_by_its_files() -> None:
    made = image(
        {"/app/a": b"x" * 10, "/app/b": Entry(hard="/app/a"), "/opt/own": b"y" * 3}, base={"/usr/lib/base": b"z" * 100}
    )
    assert contributions(made, build(DOCKERFILE)) == (
        Part("base image python:3.11-slim", 100, 1),
        Part("builder", 10, 1),
        Part("final stage", 3, 1),
    )


def test_a_named_final_stage_and_the_build_context() -> None:
    text = "ARG R=bookworm\nFROM debian:$R AS base\nFROM base AS shop\nCOPY . /app\n"
    parts = contributions(image({"/app/a": b"x", "/etc/b": b"yy"}, base={"/bin/sh": b"z"}), build(text))
    assert parts == (Part("shop", 2, 1), Part("base image debian:bookworm", 1, 1), Part("build context", 1, 1))
