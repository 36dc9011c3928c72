"""The three reports of one verification, as stored in ``samples/``.

``DFMIGRATE_ACCEPT=1`` writes them anew; read the difference like code.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from dfmigrate.verify.behaviour import Answer, Behaviour, Smoke
from dfmigrate.verify.build_log import BuildStep, Failure
from dfmigrate.verify.finding import Finding, Weight
from dfmigrate.verify.image import ImageFacts
from dfmigrate.verify.report import Form, render
from dfmigrate.verify.sizes import Part
from dfmigrate.verify.verification import Learned, Rebuild, Side, Verdict, Verification

SAMPLES = Path(__file__).with_name("samples")

_RUN = BuildStep("builder", "RUN make", False, 2.0, 4)
_UP = Behaviour("", None, frozenset({"8080"}), (Answer("/", 200, "text/html", "hello"),), healthy=True)
_ENDED = Behaviour("", 1, smoke=Smoke(1, "", "x"), complaints=(("no such file", "open index.html: no such file"),))

BROKEN = Verification(
    path="shop/Dockerfile",
    engine="docker 26.1.5 (BuildKit)",
    before=Side(
        b"",
        ImageFacts("sha256:1", layers=("a", "b", "c"), size=812_345_678),
        61.25,
        behaviour=_UP,
        rebuild=Rebuild("src/app.py", 12.3, (_RUN, BuildStep("", "RUN pip install", False, 9.0, 5))),
    ),
    after=Side(
        b"",
        ImageFacts("sha256:2", layers=("a", "b", "c", "d"), size=201_000_000),
        20.0,
        behaviour=_ENDED,
        rebuild=Rebuild("src/app.py", 1.0, (_RUN, BuildStep("", "COPY . .", True))),
        parts=(Part("base image python:3.11-slim", 150_000_000, 7000), Part("builder", 50_000_000, 812)),
    ),
    findings=(
        Finding("files", "A1", Weight.BROKEN, "/app/templates/index.html", "the file is missing, and /app/app.py refers"
                " to it", "file, mode 0644, owner 0:0", None, 9, "copy it into the final stage"),
        Finding("configuration", "D1", Weight.BROKEN, "MODE", "the variable is lost", "prod|<b>", None, 7),
        Finding("behaviour", "", Weight.INCOMPARABLE, "ports", "where it listens could not be read"),
        Finding("configuration", "D6", Weight.DECLARED, "User", "it is new", None, "10001:10001", 12),
        Finding("files", "A1", Weight.NOTE, "/app/\x1b[31mred\x1b[0m\n.md", "it stayed behind, @maintainer"),
    ),
    limits=("HTTP was not asked",),
)  # fmt: skip
EQUAL = replace(
    BROKEN,
    findings=BROKEN.findings[3:],
    limits=(),
    after=replace(BROKEN.after, behaviour=_UP),
    learned=Learned(
        (("artifact", ("/opt/models",)),), ("line 6 (`./setup`) left /opt/models (1 file)",), (), ".dfmigrate.toml"
    ),
)
FAILING = Verification(
    "Dockerfile",
    "podman 5.4.2 (buildah)",
    Side(b"", failure=Failure("exit code: 1", 3, "RUN make")),
    Side(b""),
    original_fails="it does not build: exit code: 1 (line 3)",
)

CASES = {"broken": BROKEN, "equal": EQUAL, "failing": FAILING}
SUFFIXES = {Form.PRETTY: "txt", Form.JSON: "json", Form.MARKDOWN: "md"}


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", CASES)
def test_a_report_is_as_stored(name: str, form: Form) -> None:
    stored = SAMPLES / f"{name}.{SUFFIXES[form]}"
    text = render(CASES[name], form, color=False)
    if os.environ.get("DFMIGRATE_ACCEPT") == "1":
        stored.write_bytes(text.encode())
    assert text.encode() == stored.read_bytes()


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", CASES)
def test_no_report_lets_others_steer_the_terminal(name: str, form: Form) -> None:
    assert "\x1b" not in render(CASES[name], form, color=False)


def test_colours_are_asked_for() -> None:
    assert "\x1b[" in render(BROKEN, Form.PRETTY, color=True)


def test_the_verdicts_and_their_exit_codes() -> None:
    verdicts = {name: json.loads(render(case, Form.JSON, color=False)) for name, case in CASES.items()}
    assert {name: (said["verdict"], said["exit_code"]) for name, said in verdicts.items()} == {
        "broken": ("broken", int(Verdict.BROKEN)),
        "equal": ("equal", int(Verdict.EQUAL)),
        "failing": ("no_original", int(Verdict.NO_ORIGINAL)),
    }


def test_markdown_mentions_nobody_and_opens_no_tag() -> None:
    text = render(BROKEN, Form.MARKDOWN, color=False)
    assert "@maintainer" not in text
    assert "<b>" not in text


def test_long_lists_are_cut() -> None:
    many = replace(BROKEN, findings=tuple(replace(BROKEN.findings[0], subject=f"/app/{n}") for n in range(100)))
    for form in (Form.PRETTY, Form.MARKDOWN):
        text = render(many, form, color=False)
        assert "and 60 more" in text
        assert "/app/99" not in text
    assert len(json.loads(render(many, Form.JSON, color=False))["findings"]) == 100
