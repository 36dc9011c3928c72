"""Images of ended releases: which of them can be pointed to an archive."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from dfmigrate.knowledge.archives import archive
from dfmigrate.knowledge.images import image
from dfmigrate.knowledge.overlay import Overlay, PrivateImage


@pytest.mark.parametrize(
    "reference",
    [
        "python:3.9-slim-buster",
        "python:3-slim-buster",
        "python:3.6.13-slim",
        "mirror.gcr.io/library/python:3.9-slim-buster",
        "node:14-slim",
        "node:lts-buster-slim",
        "ruby:2.7-slim-buster",
        "elixir:1.11.4-slim",
        "debian:buster-slim",
        "debian:10",
        "debian:10.13-slim",
    ],
)
def test_an_image_of_buster_has_the_keys(reference: str) -> None:
    facts = image(reference)
    assert facts is not None
    assert facts.archived
    assert facts.archive == archive("debian", "buster")


@pytest.mark.parametrize(
    "reference",
    [
        "python:3.7.4-slim-buster",  # built in 2019
        "python:3.9.1-slim-buster",
        "node:carbon-buster-slim",
        "node:14.16.1-slim",  # stretch
        "python:3.6-slim-stretch",
        "ruby:2.4.1-slim",  # jessie
        "debian:buster-20200607-slim",
        "debian:10.3",
        "debian:buster-backports",  # with a list of its own
        "mcr.microsoft.com/dotnet/aspnet:5.0-buster-slim",
        f"python:3.9-slim-buster@sha256:{'a' * 64}",  # of any day
    ],
)
def test_of_others_nothing_shows_that_they_have(reference: str) -> None:
    facts = image(reference)
    assert facts is not None
    assert facts.archived
    assert facts.archive is None


def test_an_image_of_somebody_elses_may_have_another_list() -> None:
    own = Overlay(images=(PrivateImage("registry.example/base:*", like="python:*-slim-buster"),))
    facts = own.image("registry.example/base:3.9")
    assert facts is not None
    assert facts.archived
    assert facts.archive is None


def test_the_command_leads_every_line_to_the_archive(tmp_path: Path) -> None:
    known = archive("debian", "buster")
    assert known is not None
    file = tmp_path / "sources.list"
    file.write_text("".join(f"# {line}\n{line}\n" for line in sorted(known.named)), "utf-8")
    subprocess.run(["sh", "-c", known.command.replace(known.list, str(file))], check=True)
    lines = {line for line in file.read_text("utf-8").split("\n") if line.startswith("deb ")}
    assert lines == known.served
    # The security suite stays, as what the image has installed may be from it.
    assert any(re.search(r"/debian-security buster/updates ", line) for line in lines)
