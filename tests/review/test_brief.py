from __future__ import annotations

from samples import full

from dfmigrate.review.brief import place, remarks, verdict


def test_remarks_are_one_line_each() -> None:
    assert list(remarks(full())) == [
        "Dockerfile: copy-manifests-first: Warning of copy-manifests-first",
        "Dockerfile: split-stages: Warning of split-stages",
        "Dockerfile: run-as-user: Warning of run-as-user",
        "Dockerfile: A note",
        "Dockerfile:9: slim-runtime [C8] The health check calls :curl:; install [curl]",
        "package.json:12: slim-runtime [B4] sharp loads libraries",
    ]


def test_the_verdict_names_the_rules() -> None:
    assert verdict(full(), "changed") == "Dockerfile: changed: copy-manifests-first, split-stages, run-as-user"


def test_a_place_is_safe_to_print() -> None:
    assert place("a\nb", 3, "two\nlines\x1b.") == "a\\nb:3: two lines\\x1b"
